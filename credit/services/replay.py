"""Replay: every stored grading once more, by the law and from the facts that it was made with.

What a grading knew is what had a number below its own. Gradings of one day under one law are
replayed together; the n-th of an enterprise on that day in the n-th round, so that each enterprise
has one number up to which its facts are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.db import db
from credit.errors import UnknownPolicy
from credit.models import Grading
from credit.rules.law import Law
from credit.services import policies
from credit.services.grading import prepare
from credit.services.known import Known
from credit.services.policies import Era, eras, law_among, law_by
from credit.services.publication import content_digest
from credit.services.reading import frame
from credit.services.repairs.retention import deleted_among

BLOCK = 200_000
CHUNK = 50_000
COMPARED = ("score", "grade", "tier")
DIFFERENCES: dict[Any, Any] = {
    "code": pl.String, "seq": pl.Int64, "day": pl.Date, "field": pl.String,
    "stored": pl.String, "replayed": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Replayed:
    """Some gradings replayed, up to the number `last` of `until`.

    `differences` in the shape DIFFERENCES; field `digest` names another law than that of the day,
    `text` that the public was told something else though score, grade and tier are the same.
    `untold`: an older release didn't keep what it told, so only the other three are compared.
    `unknown`: an older release didn't keep the text of the policy either: not replayed. Nor are
    gradings of before a deletion (retention.py): what they rested on is gone.
    """

    count: int
    last: int
    until: int
    untold: int
    unknown: int
    differences: pl.DataFrame


def replay(first: int = 0) -> Iterator[Replayed]:
    """Every grading from the number `first` on, in blocks, in the order of their numbers."""
    until = db.session.scalar(select(func.max(Grading.seq))) or 0
    while first <= until:
        names = ("seq", "code", "day", *COMPARED, "digest", "content")
        columns = (Grading.enterprise_id.label("enterprise"), *(getattr(Grading, name) for name in names))
        chosen = select(*columns).where(Grading.seq >= first, Grading.seq <= until)
        block = frame(chosen.order_by(Grading.seq).limit(BLOCK), bulk=True)
        if block.is_empty():
            return
        last = int(block["seq"][-1])
        yield _replayed(block, last, until)
        first = last + 1


def _replayed(block: pl.DataFrame, last: int, until: int) -> Replayed:
    turns = pl.Series(policies.turns(), dtype=pl.Int64)
    era = pl.col("seq").map_batches(lambda seqs: turns.search_sorted(seqs, side="right"), pl.UInt32)
    alike = ("day", "digest", "era")
    rounds = block.with_columns(era=era).with_columns(
        round=pl.int_range(pl.len()).over("code", *alike)
    )
    found, unknown = [pl.DataFrame(schema=DIFFERENCES)], 0
    for (day, digest, number, _), stored in rounds.group_by(*alike, "round", maintain_order=True):
        known = eras(int(turns[number - 1]) if number else None)
        law = _law(digest)
        if law is None:
            told = stored.filter(pl.col("content").is_not_null())
            found.append(_apart(told, "digest", pl.col("digest"), pl.lit(law_among(known, day).digest)))
            unknown += len(stored) - len(told)
            continue
        for part in stored.iter_slices(CHUNK):
            found += _differences(part, day, law, known)
    untold = block["content"].null_count() - unknown
    differences = pl.concat(found).sort("seq", "field")
    return Replayed(len(block), last, until, untold, unknown, differences)


def _law(digest: str) -> Law | None:
    try:
        return law_by(digest)
    except UnknownPolicy:
        return None


def _differences(stored: pl.DataFrame, day: date, law: Law, known: Sequence[Era]) -> list[pl.DataFrame]:
    """Where the gradings of one day under one law, one an enterprise, differ from their replay."""
    named = law_among(known, day).digest
    found = [_apart(stored.filter(digest=law.digest), "digest", pl.col("digest"), pl.lit(named))]
    gone = deleted_among(stored["enterprise"].to_list())
    stored = stored.join(gone, on="enterprise", how="left", maintain_order="left").filter(
        (pl.col("seq") > pl.col("deleted")).fill_null(value=True)
    )
    limits = Known(stored.select("enterprise", known="seq"), committed=True)
    ids = stored["enterprise"].to_list()
    made = prepare(ids, _with_own(known, day, law), day, known=limits).records
    digests = pl.Series(map(content_digest, made["body"]), dtype=pl.String)
    again = made.select("enterprise", *COMPARED, content=digests)
    both = stored.join(again, on="enterprise", how="left", suffix="_again", maintain_order="left")
    found += [_apart(both, name, pl.col(name), pl.col(f"{name}_again")) for name in COMPARED]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_again")) for name in COMPARED)
    told = both.filter(same, pl.col("content").is_not_null())
    return [*found, _apart(told, "text", pl.col("content"), pl.col("content_again"))]


def _with_own(known: Sequence[Era], day: date, law: Law) -> list[Era]:
    """The eras that were known, the law that a grading names in its own."""
    return [
        replace(era, law=law) if era.since <= day and (era.until is None or day < era.until) else era
        for era in known
    ]


def _apart(rows: pl.DataFrame, field: str, stored: pl.Expr, again: pl.Expr) -> pl.DataFrame:
    """The rows whose two values differ, in the shape DIFFERENCES."""
    differing = rows.filter(stored.ne_missing(again))
    return differing.select(
        "code", "seq", "day", field=pl.lit(field), stored=stored.cast(pl.String),
        replayed=again.cast(pl.String),
    )  # fmt: skip
