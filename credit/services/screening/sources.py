"""What each source says of bidders: lists that others keep, the register's own list, the record of violations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import or_, select

from credit.db import db
from credit.models import Event, Listing, OutsideEntry, OutsideList
from credit.rules.law import Law
from credit.rules.name_columns import fold_column
from credit.rules.record import shown
from credit.rules.screening import HITS, OWN_LIST, RECORD, Kind, record_effect, record_from
from credit.services import dossiers, listed, outside_lists
from credit.services.listed import public
from credit.services.reading import among, among_words, frame
from credit.services.screening.matches import MAY_BE
from credit.terms import SourceState

PENALTIES = pl.List(pl.String)


@dataclass(frozen=True)
class Source:
    """A list as it stood when bidders were screened; `why` in both languages where it counts as not looked into.

    `copy`: the number of the copy, where others keep the list and there is one.
    """

    list: str
    data_as_of: date | None
    why: tuple[str, str] | None = None
    copy: int | None = None

    @property
    def state(self) -> SourceState:
        """What to say of a bidder who wasn't found."""
        return SourceState.NOT_CHECKED if self.why else SourceState.NOT_FOUND


def of(kind: Kind, law: Law, as_of: date, day: date) -> list[Source]:
    """The sources that a kind of tender asks for: how fresh each is for the day of taking part.

    A list of which there is no copy, or too old a one, was not looked into: nobody is clear then.
    """
    copies = {row["list"]: row for row in outside_lists.copies(as_of).to_dicts()}
    known = law.value("screening.lists", as_of)
    found = []
    for name in kind.lists:
        if name == OWN_LIST:
            found.append(Source(name, min(as_of, day)))
            continue
        copy, most = copies.get(name), timedelta(days=int(known[name]["fresh_days"]))
        if copy is None:
            found.append(Source(name, None, ("登记系统没有这份名单", "the register holds no copy of this list")))
        elif as_of - copy["data_as_of"] > most:
            old = ("名单数据过旧，请向名单管理机关核实", "the copy is too old: ask the keeper of the list")
            found.append(Source(name, copy["data_as_of"], old, copy["copy"]))
        else:
            found.append(Source(name, copy["data_as_of"], copy=copy["copy"]))
    return [*found, Source(RECORD, min(as_of, day))] if kind.record else found


def hits(
    inputs: pl.DataFrame, matches: pl.DataFrame, looked_into: list[Source], kind: Kind, law: Law, as_of: date, day: date
) -> pl.DataFrame:
    """What the sources say of bidders on the day of taking part, to a reader on `day`, in the shape HITS."""
    firms = matches.filter(pl.col("relation").is_in([str(one) for one in MAY_BE]))
    parts = [pl.DataFrame(schema=HITS), _own_list(firms, kind, law, as_of, day)]
    if kind.record or kind.considered:
        parts.append(_record(firms, kind, law, as_of, day))
    told = _told_of(inputs, firms)
    parts += [_outside(told, one.list, one.copy, kind, as_of) for one in looked_into if one.copy is not None]
    return pl.concat(parts).sort("row", "list", "since")


def _own_list(firms: pl.DataFrame, kind: Kind, law: Law, as_of: date, day: date) -> pl.DataFrame:
    """Entries on the register's own list, as the public may be told of them."""
    if OWN_LIST not in kind.lists:
        return pl.DataFrame(schema=HITS)
    ids = firms["enterprise_id"].unique().to_list()
    held: Any = listed.published(law).where(
        listed.in_force(day, as_of), Listing.list == OWN_LIST, among(Listing.enterprise_id, ids)
    )
    entries = [
        (listing.enterprise_id, public(act, listing, authority, name, law))
        for act, listing, authority, name in db.session.execute(held)
    ]
    if not entries:
        return pl.DataFrame(schema=HITS)
    rows = pl.DataFrame(
        [
            (
                owner, one["code"], one["name"], one["basis"], one["document_no"], one["authority"],
                date.fromisoformat(one["listed_on"]), date.fromisoformat(one["ends_on"]),
            )
            for owner, one in entries
        ],
        schema={
            "enterprise_id": pl.Int64, "code": pl.String, "name": pl.String, "basis": pl.String,
            "document_no": pl.String, "authority": pl.String, "since": pl.Date, "until": pl.Date,
        },
        orient="row",
    )  # fmt: skip
    joined = firms.select("row", "enterprise_id", "sure").join(rows, on="enterprise_id")
    return joined.with_columns(list=pl.lit(OWN_LIST), effect=pl.lit(kind.effect(OWN_LIST))).select(*HITS).cast(HITS)


def _record(firms: pl.DataFrame, kind: Kind, law: Law, as_of: date, day: date) -> pl.DataFrame:
    """Violations of the years before that the law lets exclude or weigh, as far as the public still sees them."""
    first = record_from(law, as_of)
    held = frame(
        select(Event.enterprise_id, Event.penalties, Event.fine, Event.criminal).where(
            among(Event.enterprise_id, firms["enterprise_id"].unique().to_list()),
            Event.kind == "violation", Event.decided_on >= first, Event.decided_on <= as_of,
        )
    )  # fmt: skip
    effect = record_effect(law, kind, as_of)
    grave = held.with_columns(penalties=_penalties()).filter(effect.is_not_null())["enterprise_id"].unique()
    if grave.is_empty():
        return pl.DataFrame(schema=HITS)
    known = dossiers.load(grave.sort().to_list(), law)
    seen = shown(known.facts.events.filter(pl.col("decided").is_between(first, as_of)).with_columns(day=pl.lit(day)))
    rows = (
        known.events.join(seen.select("event", "decided", "shown_until"), on="event")
        .filter(pl.col("kind") == "violation")
        .with_columns(penalties=_penalties())
        .with_columns(effect=effect)
        .filter(pl.col("effect").is_not_null())
    )
    joined = firms.select("row", "enterprise_id", "sure", "code", "name").join(
        rows.select("enterprise_id", "effect", "basis", "document_no", "authority", "decided"), on="enterprise_id"
    )
    told = joined.with_columns(list=pl.lit(RECORD), since="decided", until=pl.lit(None, dtype=pl.Date))
    return told.select(*HITS).cast(HITS)


def _penalties() -> pl.Expr:
    return pl.col("penalties").str.json_decode(PENALTIES)


def _told_of(inputs: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """row, code, folded, sure: the codes and names to search lists for, as written and as registered."""
    written = inputs.select("row", "folded", code=pl.when("own").then("code"), sure="own")
    named = firms.select("row", "code", "name", "sure")
    registered = named.select("row", "code", "sure", folded=fold_column(named["name"]).str.slice(0, 256))
    return pl.concat([written, registered.select(written.columns)]).unique(maintain_order=True)


def _outside(told: pl.DataFrame, name: str, copy: int, kind: Kind, as_of: date) -> pl.DataFrame:
    """Entries of a copy in force on the day: by code for certain, by name alone for a person to look at."""
    codes, names = (told[column].drop_nulls().unique().to_list() for column in ("code", "folded"))
    keys = _keys(copy, codes, names)
    if keys.is_empty():
        return pl.DataFrame(schema=HITS)
    by_code = told.drop_nulls("code").select("row", "code", "sure").join(keys.select("line", "code"), on="code")
    equal = told.drop_nulls("folded").select("row", "folded", own="code").join(keys, on="folded")
    # Two firms with different codes are two, whatever they are called.
    perhaps = equal.filter(pl.col("code").is_null() | pl.col("own").is_null()).with_columns(sure=pl.lit(False))
    every = pl.concat([by_code.select("row", "line", "sure"), perhaps.select("row", "line", "sure")])
    if every.is_empty():
        return pl.DataFrame(schema=HITS)
    entry = OutsideEntry
    held = frame(
        select(entry.line, *(getattr(entry, column) for column in ENTRY)).where(
            entry.copy == copy, among(entry.line, every["line"].unique().to_list()),
            entry.since <= as_of, entry.until.is_(None) | (entry.until > as_of),
        )
    )  # fmt: skip
    surest = every.sort("sure", descending=True).unique(["row", "line"], keep="first", maintain_order=True)
    found = surest.join(held, on="line")
    return found.with_columns(list=pl.lit(name), effect=pl.lit(kind.effect(name))).select(*HITS).cast(HITS)


def _keys(copy: int, codes: list[str], names: list[str]) -> pl.DataFrame:
    """line, code and folded name of the entries that may be meant: looked up, or all where that is less work."""
    entry = OutsideEntry
    held = select(entry.line, entry.code, entry.folded).where(entry.copy == copy)
    entries = db.session.scalar(select(OutsideList.rows).where(OutsideList.seq == copy)) or 0
    if entries > MANY * (len(codes) + len(names)):
        held = held.where(or_(among_words(entry.code, codes), among_words(entry.folded, names)))
    return frame(held)


MANY = 4  # reading an entry along with its neighbours costs about a quarter of looking it up
ENTRY = ("code", "name", "basis", "document_no", "authority", "since", "until")
