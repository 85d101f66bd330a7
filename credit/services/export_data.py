"""The data sets of the open data: their columns, from the shapes of the public answers, and their rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import orjson
import polars as pl
from marshmallow import Schema, fields
from sqlalchemy import select

from credit.db import db
from credit.models import FeedListing, Record
from credit.rules.law import Law
from credit.services.dossiers import load
from credit.services.feed_ids import opaque
from credit.services.grading import told_history
from credit.services.policies import Era
from schemas.listing import PublicListing
from schemas.record import PublicAward, PublicInspection, PublicRecord, PublicViolation

CHUNK = 2_000
# Of a record the lists are data sets of their own; findings and notices stay with the record itself.
ELSEWHERE = ("findings", "listings", "violations", "inspections", "awards", "notices", "policy", "repair")
EVENTS: dict[str, type[Schema]] = {
    "violations": PublicViolation, "inspections": PublicInspection, "awards": PublicAward,
}  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


class Column(NamedTuple):
    """A column with its type in the words of Frictionless: string, integer, boolean, date, datetime, any."""

    name: str
    type: str


def columns() -> dict[str, list[Column]]:
    """Every data set with its columns."""
    firm = [Column("feed_id", "string"), *_of(PublicRecord, but=ELSEWHERE)]
    policy = [Column("policy_digest", "string"), Column("repair_earliest", "date")]
    spans = [Column("code", "string"), Column("since", "date"), Column("until", "date"), Column("grade", "string")]
    listings = [Column("feed_id", "string"), Column("seq", "integer"), *_of(PublicListing)]
    events = {name: [Column("code", "string"), *_of(shape)] for name, shape in EVENTS.items()}
    return {"enterprises": firm + policy, "grades": spans, **events, "blacklist": listings}


def _of(shape: type[Schema], but: tuple[str, ...] = ()) -> list[Column]:
    return [Column(name, _type(field)) for name, field in shape().fields.items() if name not in but]


def _type(field: fields.Field[Any]) -> str:
    if isinstance(field, fields.Integer):
        return "integer"
    if isinstance(field, fields.Boolean):
        return "boolean"
    if isinstance(field, fields.List | fields.Nested):
        return "any"
    return {"date": "date", "date-time": "datetime"}.get(field.metadata.get("format", ""), "string")


def of_enterprises(day: date, law: Law, eras: list[Era]) -> Iterator[Rows]:
    """Rows by data set, some enterprises at a time, in the order of their numbers; as the session sees them."""
    last = 0
    asked = select(Record.enterprise_id, Record.body).order_by(Record.enterprise_id).limit(CHUNK)
    while rows := db.session.execute(asked.where(Record.enterprise_id > last)).all():
        last = rows[-1].enterprise_id
        records = {row.enterprise_id: orjson.loads(row.body) for row in rows}
        found: Rows = {"enterprises": [_firm(number, record) for number, record in records.items()]}
        for name in EVENTS:
            found[name] = [
                {"code": record["code"]} | event for record in records.values() for event in record[name]
            ]
        codes = {number: record["code"] for number, record in records.items()}
        found["grades"] = _spans(codes, day, law, eras)
        yield found


def _firm(number: int, record: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in record.items() if name not in ELSEWHERE}
    policy = {"policy_digest": record["policy"]["digest"], "repair_earliest": record["repair"]["earliest"]}
    return {"feed_id": opaque("enterprise", number)} | rest | policy


def _spans(codes: dict[int, str], day: date, law: Law, eras: list[Era]) -> list[dict[str, Any]]:
    """Spans of grade up to the day, as `GET /enterprises/{code}/grades` tells them, each firm's in their order."""
    past = told_history(load(list(codes), law), law, eras, day).filter(pl.col("since") <= day)
    told = past.sort("enterprise", "since").select(
        code=pl.col("enterprise").replace_strict(codes, return_dtype=pl.String),
        since=pl.col("since").dt.to_string("iso"),
        until=pl.when(pl.col("until") <= day).then("until").dt.to_string("iso"),
        grade="grade",
    )
    return told.to_dicts()


def of_listings() -> Iterator[Rows]:
    """Listings in force, some at a time, in the order of their numbers."""
    last = 0
    public = select(FeedListing.listing_id, FeedListing.seq, FeedListing.body).where(FeedListing.body.is_not(None))
    asked = public.order_by(FeedListing.listing_id).limit(CHUNK)
    while rows := db.session.execute(asked.where(FeedListing.listing_id > last)).all():
        last = rows[-1].listing_id
        yield {
            "blacklist": [
                {"feed_id": opaque("listing", row.listing_id), "seq": row.seq, **orjson.loads(row.body or b"")}
                for row in rows
            ]
        }
