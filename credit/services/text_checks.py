"""The check of published texts, set-wise: stored beside the classification, so that no look-up searches a text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import exists, select

from credit.db import Change, db
from credit.models import EnterpriseVersion, Event, Redaction, TextCheck
from credit.rules.redaction import CHECKER, Personal, findings
from credit.services.known import NOW, Known
from credit.services.reading import FEW, among, frame
from credit.services.writing import insert

NAMED = frozenset({Personal.PERSON, Personal.MINOR})
TEXTS: dict[Any, Any] = {"seq": pl.Int64, "enterprise_id": pl.Int64, "facts": pl.String}
EVENT = "event"


def digest(text: str) -> str:
    """SHA-256 of a text: whether a redaction was made of this one."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(rows: pl.DataFrame) -> None:
    """Check the facts of event rows as they are inserted, and keep what was found: known with the row."""
    if "facts" in rows:
        told = rows.filter(pl.col("kind") == "violation", pl.col("facts").str.len_bytes() > 0)
        _store(told.select(*TEXTS).cast(TEXTS).with_columns(known="seq"))


def keep_missing(change: Change, parts: Sequence[Sequence[int]]) -> list[int]:
    """Check what this form of the check has not seen yet, some enterprises at a time. Returns whose it was.

    It is all or nothing: what comes in is checked with it, so the first text of the register tells.
    """
    told = (Event.kind == "violation", Event.facts.is_not(None), Event.facts != "")
    first = db.session.scalar(select(Event.seq).where(*told).order_by(Event.seq).limit(1))
    if first is None or db.session.get(TextCheck, (first, CHECKER)) is not None:
        return []
    (number,) = change.take()
    touched: set[int] = set()
    for ids in parts:
        known = exists().where(TextCheck.version == Event.seq, TextCheck.checker == CHECKER)
        columns = (Event.seq, Event.enterprise_id, Event.facts)
        missing = frame(select(*columns).where(among(Event.enterprise_id, ids), *told, ~known))
        _store(missing.with_columns(known=pl.lit(number)))
        touched.update(missing["enterprise_id"].to_list())
    return sorted(touched)


def _store(texts: pl.DataFrame) -> None:
    """Keep how much was found in some texts (seq, enterprise_id, facts, known); the same text is read once."""
    if texts.is_empty():
        return
    suspect = {text: kinds for text in texts["facts"].unique() if (kinds := _kinds(text))}
    doubtful = texts.filter(pl.col("facts").is_in([text for text, kinds in suspect.items() if kinds & NAMED]))
    own = names_of(doubtful["enterprise_id"].unique().to_list())
    found = [
        0 if text not in suspect else _count(text, tuple(own.get(owner, ())))
        for text, owner in texts.select("facts", "enterprise_id").iter_rows()
    ]
    insert(
        TextCheck,
        texts.select(
            "enterprise_id", version="seq", checker=pl.lit(CHECKER), seq="known",
            found=pl.Series(found, dtype=pl.Int64),
        ),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _kinds(text: str) -> frozenset[Personal]:
    """The kinds of findings in a text; most texts have none, and many firms the same one."""
    return frozenset(one.kind for one in findings(text))


@lru_cache(maxsize=4096)
def _count(text: str, own: tuple[str, ...]) -> int:
    return len(findings(text, own))


def names_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """Every name that these enterprises ever bore, in which nothing is a person's name."""
    if not ids:
        return {}
    version = EnterpriseVersion
    named = select(version.enterprise_id, version.name, version.short_name).where(among(version.enterprise_id, ids))
    held: dict[int, list[str]] = {}
    for owner, *names in db.session.execute(named):
        held.setdefault(owner, []).extend(name for name in names if name)
    return held


def with_texts(events: pl.DataFrame, ids: Sequence[int] | None, known: Known = NOW) -> pl.DataFrame:
    """Current versions of events, their `facts` as the public may read them: masked, cleared, or nothing.

    A text shows where the check found nothing in it or an officer's redaction is of this very text.
    """
    told = events.filter(pl.col("facts").is_not_null() & (pl.col("kind") == "violation"))
    if told.is_empty():
        return events.with_columns(facts=pl.lit(None, dtype=pl.String))
    checks = _known(TextCheck, ("version", "enterprise_id", "seq", "found"), TextCheck.checker == CHECKER, ids, known)
    clean = checks.filter(pl.col("found") == 0).select(seq="version", clean=pl.lit(value=True))
    columns = ("seq", "replaces", "enterprise_id", "subject_id", "text_digest", "masked")
    made = _known(Redaction, columns, Redaction.subject == EVENT, ids, known)
    redacted = _of_this_text(told, made)
    text = pl.when(pl.col("redacted")).then(pl.coalesce("masked", "facts")).when(pl.col("clean")).then("facts")
    joined = events.join(clean, on="seq", how="left", maintain_order="left").join(
        redacted, on="seq", how="left", maintain_order="left"
    )
    return joined.with_columns(facts=text).drop("clean", "redacted", "masked")


def _known(
    table: Any, columns: Sequence[str], condition: Any, ids: Sequence[int] | None, known: Known
) -> pl.DataFrame:
    chosen = select(*(getattr(table, name) for name in columns)).where(among(table.enterprise_id, ids), condition)
    rows = frame(chosen, bulk=known.committed and (ids is None or len(ids) > FEW))
    return known.current(rows if "replaces" in rows else rows.with_columns(replaces=pl.lit(None, dtype=pl.Int64)))


def _of_this_text(told: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """The redactions of the text that counts: seq (of the event version), masked, redacted. There are few."""
    both = told.select("seq", "event_id", "facts").join(
        made.select("subject_id", "text_digest", "masked"), left_on="event_id", right_on="subject_id"
    )
    same = pl.Series([digest(text) for text in both["facts"]], dtype=pl.String) == both["text_digest"]
    return both.filter(same).select("seq", "masked", redacted=pl.lit(value=True))
