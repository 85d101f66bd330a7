"""Classification of stored events: kept when they come in, made anew where a later policy has none yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "objected_on": pl.Date,
    "safety_item": pl.Boolean, "valid_from": pl.Date, "valid_until": pl.Date,
    "served_on": pl.Date, "publication_notice_on": pl.Date, "repair_notice_on": pl.Date,
    "proceedings": pl.String,
}  # fmt: skip


def keep(rows: list[dict[str, Any]], law: Law) -> None:
    """Classify event rows under this law and keep what it made of them."""
    _store(_given(rows), law)


def keep_rows(rows: pl.DataFrame, law: Law) -> None:
    """Classify rows of the event table, as they were inserted, and keep what this law made of them."""
    lists = rows.with_columns(pl.col("penalties").str.json_decode(pl.List(pl.String))) if "penalties" in rows else rows
    given = [lists[name] if name in lists else pl.Series(name, [None] * len(rows)) for name in INPUTS]
    _store(pl.DataFrame(given).cast(INPUTS), law)


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


def classified_by_each(seqs: Sequence[int], laws: Mapping[str, Law]) -> dict[str, pl.DataFrame]:
    """What each of these laws makes of some stored events, by digest, without keeping it.

    A reader never waits for a job: events of before a new policy are judged by it at once.
    """
    given = _inputs(among(Event.seq, seqs))
    return {digest: classify(given, law) for digest, law in laws.items()}


def as_if_told(seqs: Sequence[int], law: Law) -> pl.DataFrame:
    """What this law would make of some stored violations if they lacked no fact of notice."""
    told = [pl.col("decided_on").alias(name) for name in ("served_on", "publication_notice_on", "repair_notice_on")]
    return classify(_inputs(among(Event.seq, seqs)).with_columns(*told, proceedings=pl.lit("none")), law)


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
