"""What stands beside a public entry: that it is under objection (异议处理中), the firm's statement and its pledge.

A mark is a fact like any other: known from a number on, and true on the days from the filing to the
decision. A pledge (守信承诺) stands from the day on which the application for repair is accepted to its
decision: with a repair nothing is left to be seen. On which day it is asked for is the reader's: while a
fact is contested, no answer about whichever past day tells it to the public without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from credit.models import Filing, FilingAct, FilingWords
from credit.rules.record import BESIDE
from credit.services.known import NOW, Known
from credit.services.reading import FEW, among, frame
from credit.terms import FilingKind, FilingOutcome

ACCEPTED = str(FilingOutcome.ACCEPTED)
MARKS: dict[Any, Any] = {
    "seq": pl.Int64, "kind": pl.String, "enterprise_id": pl.Int64, "event": pl.Int64, "listing": pl.Int64,
    "since": pl.Date, "closed_seq": pl.Int64, "closed_on": pl.Date, "outcome": pl.String, "words": pl.String,
}  # fmt: skip
NONE = pl.DataFrame(schema=MARKS)
ON: dict[Any, Any] = {
    "event": pl.Int64, "listing": pl.Int64, "objection": pl.Struct({"since": pl.Date}),
    "statement": pl.Struct({"text": pl.String, "since": pl.Date}), "pledge": pl.Struct({"since": pl.Date}),
}  # fmt: skip


def marks(ids: Sequence[int] | None, known: Known = NOW) -> pl.DataFrame:
    """Every objection about these enterprises, every statement and application that was accepted, in the shape MARKS.

    The words of anything else are not read.
    """
    told = case((FilingAct.outcome == ACCEPTED, FilingWords.words))
    statement = _chosen(told.label("words")).where(among(Filing.enterprise_id, ids))
    rows = frame(statement, bulk=known.committed and (ids is None or len(ids) > FEW))
    return _as_known(rows.cast(MARKS), known)


def _chosen(words: Any) -> Any:
    taken = aliased(FilingAct)
    decided = (FilingAct.filing == Filing.seq) & (FilingAct.act == "decide")
    return (
        select(
            func.coalesce(taken.seq, Filing.seq).label("seq"), Filing.kind, Filing.enterprise_id,
            Filing.event_id.label("event"), Filing.listing_id.label("listing"),
            func.coalesce(taken.acted_on, Filing.filed_on).label("since"), FilingAct.seq.label("closed_seq"),
            FilingAct.acted_on.label("closed_on"), FilingAct.outcome, words,
        )
        .outerjoin(FilingAct, decided)
        .outerjoin(taken, (taken.filing == Filing.seq) & (taken.act == "accept"))
        .outerjoin(FilingWords, FilingWords.filing == Filing.seq)
        .where(
            or_(Filing.kind == str(FilingKind.OBJECTION), FilingAct.outcome == ACCEPTED, taken.seq.is_not(None))
        )
    )  # fmt: skip


def _as_known(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The filings that were known, and of their ends those that were."""
    if known.seq is None or rows.is_empty():
        return rows
    limits = {number: known.limit(number) for number in rows["enterprise_id"].unique()}
    last = pl.col("enterprise_id").replace_strict(limits, return_dtype=pl.Int64)
    ended = (pl.col("closed_seq") <= last).fill_null(value=False)
    ends = ("closed_seq", "closed_on", "outcome", "words")
    held = rows.filter(pl.col("seq") <= last).with_columns(pl.when(ended).then(pl.col(name)) for name in ends)
    return held.filter((pl.col("kind") != str(FilingKind.STATEMENT)) | (pl.col("outcome") == ACCEPTED))


def on(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """What stands beside each event or listing on `day`, in the shape ON: the newest statement alone."""
    if rows.is_empty():
        return pl.DataFrame(schema=ON)
    whose = ["event", "listing"]
    contested = _open(rows, FilingKind.OBJECTION, day).select(*whose, objection=pl.struct("since"))
    pledged = _open(rows, FilingKind.REPAIR, day).select(*whose, pledge=pl.struct("since"))
    said = (
        rows.filter(pl.col("kind") == str(FilingKind.STATEMENT), pl.col("closed_on") <= day)
        .sort("closed_seq")
        .unique(whose, keep="last")
        .select(*whose, statement=pl.struct(text="words", since="closed_on"))
    )
    both = contested.join(said, on=whose, how="full", coalesce=True, nulls_equal=True)
    return both.join(pledged, on=whose, how="full", coalesce=True, nulls_equal=True).select(*ON).cast(ON)


def _open(rows: pl.DataFrame, kind: FilingKind, day: date) -> pl.DataFrame:
    """Facts with a filing of a kind that stands open on `day`, and since when: event, listing, since."""
    is_open = pl.col("closed_on").is_null() | (pl.col("closed_on") > day)
    standing = rows.filter(pl.col("kind") == str(kind), pl.col("since") <= day, is_open)
    return standing.group_by("event", "listing").agg(pl.col("since").min())


def beside(facts: pl.DataFrame, found: pl.DataFrame, key: str) -> pl.DataFrame:
    """Facts with the columns of BESIDE, null where nothing stands beside them.

    `key`: event or listing, a column of both.
    """
    own = found.filter(pl.col(key).is_not_null()).select(key, *BESIDE)
    return facts.join(own, on=key, how="left", maintain_order="left")


def with_marks(listings: Iterable[dict[str, Any]], day: date, seq: int | None = None) -> list[dict[str, Any]]:
    """Public listings (with their `id`) with what stands beside them on `day`, as known now or at a number."""
    found = list(listings)
    if not found:
        return []
    asked = _chosen(case((FilingAct.outcome == ACCEPTED, FilingWords.words)).label("words"))
    rows = frame(asked.where(among(Filing.listing_id, [one["id"] for one in found]))).cast(MARKS)
    told = {row["listing"]: row for row in on(_as_known(rows, Known(seq)), day).iter_rows(named=True)}
    return [one | {name: _plain(told.get(one["id"], {}).get(name)) for name in BESIDE} for one in found]


def _plain(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """A struct whose days are text, as the record has them."""
    return value and {name: part.isoformat() if isinstance(part, date) else part for name, part in value.items()}
