"""Classification of stored events: kept when they come in, made anew where a later policy has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
from sqlalchemy import and_, exists, select

from credit.models import Classification, Event
from credit.rules.classification import classify
from credit.rules.law import Law
from credit.services.reading import among, frame
from credit.services.writing import insert

INPUTS: dict[Any, Any] = {
    "seq": pl.Int64, "enterprise_id": pl.Int64, "kind": pl.String, "code": pl.String,
    "category": pl.String, "level": pl.String, "penalties": pl.List(pl.String),
    "procedure": pl.String, "severity": pl.String, "publication_basis": pl.String,
    "fine": pl.Float64, "decided_on": pl.Date, "published_on": pl.Date, "occurred_on": pl.Date,
    "restricted_until": pl.Date, "criminal": pl.Boolean, "result": pl.String, "type": pl.String,
    "stage": pl.String, "role": pl.String, "producer_confirmed": pl.Boolean, "final_on": pl.Date,
    "safety_item": pl.Boolean, "valid_from": pl.Date, "valid_until": pl.Date,
}  # fmt: skip


def keep(rows: list[dict[str, Any]], law: Law) -> None:
    """Classify event rows under this law and keep what it made of them."""
    _store(_given(rows), law)


def classified(rows: list[dict[str, Any]], law: Law) -> pl.DataFrame:
    """What this law makes of event rows that are not on file, in the shape CLASSIFIED."""
    return classify(_given(rows), law)


def _given(rows: list[dict[str, Any]]) -> pl.DataFrame:
    plain = [{name: _plain(row.get(name)) for name in INPUTS} for row in rows]
    return pl.DataFrame(plain, schema=INPUTS)


def keep_missing(law: Law, ids: Sequence[int] | None = None) -> int:
    """Classify every event (of these enterprises) that this law has not classified. Returns how many."""
    known = exists().where(Classification.seq == Event.seq, Classification.digest == law.digest)
    missing = _inputs(and_(~known, among(Event.enterprise_id, ids)))
    _store(missing, law)
    return len(missing)


def classified_now(seqs: Sequence[int], law: Law) -> pl.DataFrame:
    """What this law makes of some stored events, without keeping it.

    A reader never waits for a job: events of before a new policy are judged by it at once.
    """
    return classify(_inputs(among(Event.seq, seqs)), law)


def _inputs(condition: Any) -> pl.DataFrame:
    found = frame(select(*(getattr(Event, name) for name in INPUTS)).where(condition))
    penalties = pl.col("penalties").str.json_decode(pl.List(pl.String))
    return found.with_columns(penalties).cast(INPUTS)


def _store(events: pl.DataFrame, law: Law) -> None:
    owners = events.select("seq", "enterprise_id")
    made = classify(events, law).join(owners, on="seq").with_columns(digest=pl.lit(law.digest))
    insert(Classification, made)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
