"""Item codes, their owners, recalls, and the public trace of an item."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit import identifiers
from credit.rules.items import LONGEST_PREFIX, SHORTEST_PREFIX
from schemas.fields import EARLIEST, PARAGRAPH, Text
from schemas.listing import Words
from schemas.query import Query
from schemas.record import PublicInspection, PublicViolation


class ItemQuery(Query):
    """Which lot of an item."""

    lot = Text(64, load_default=None)


class PrefixIn(Schema):
    """An enterprise holds a company prefix from a day on, and until another."""

    prefix = Text(12, required=True)
    gtin_8 = fields.Boolean(load_default=False, metadata={"description": "the prefix is a whole GTIN-8"})
    code = Text(64, shortest=1, required=True, metadata={"description": "unified code (18) or organization code (9)"})
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        prefix, start, end = data.get("prefix", ""), data.get("valid_from"), data.get("valid_until")
        if data.get("gtin_8") and (len(prefix) != 8 or identifiers.check_gtin(prefix)):
            raise ValidationError("A GTIN-8 has eight digits, the last of which is its check digit.", "prefix")
        if not prefix.isascii() or not prefix.isdigit() or len(prefix) < SHORTEST_PREFIX:
            raise ValidationError(f"A company prefix has {SHORTEST_PREFIX} to {LONGEST_PREFIX} digits.", "prefix")
        if start and start < EARLIEST:
            raise ValidationError(f"{start} lies before {EARLIEST}.", "valid_from")
        if start and end and end <= start:
            raise ValidationError(f"{end} is not after valid_from ({start}).", "valid_until")


class RecallIn(Schema):
    """A recall (召回) of an item, or of some of its lots."""

    code = Text(64, shortest=1, required=True)
    document_no = Text(shortest=1, required=True)
    gtin = Text(14, shortest=1, required=True)
    lots = fields.List(Text(64, shortest=1), load_default=list, validate=validate.Length(max=200))
    product = Text(shortest=1, required=True)
    hazard = Text(PARAGRAPH, shortest=1, required=True)
    remedy = Text(PARAGRAPH, load_default="")
    opened_on = fields.Date(required=True)

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    @validates_schema
    def _makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        problem = identifiers.check_gtin(data["gtin"]) if "gtin" in data else None
        if problem:
            raise ValidationError(problem.en, "gtin")
        opened = data.get("opened_on")
        if opened and self.day and not EARLIEST <= opened <= self.day:
            raise ValidationError(f"{opened} does not lie between {EARLIEST} and {self.day}.", "opened_on")


class ClosureIn(Schema):
    """The end of a recall."""

    closed_on = fields.Date(required=True)


class RecallReceipt(Schema):
    """A recall as it was kept."""

    id = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": ["recorded", "on_file", "closed"]})
    item = fields.String(required=True)


class PrefixReceipt(Schema):
    """A prefix as it was kept."""

    prefix = fields.String(required=True)
    code = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["recorded", "on_file"]})


class ItemHolder(Schema):
    """Who holds the prefix that the item begins with."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    prefix = fields.String(required=True)
    since = fields.String(required=True, metadata={"format": "date"})
    until = fields.String(required=True, allow_none=True, metadata={"format": "date"})


class PublicRecall(Schema):
    """An open recall."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    authority = fields.String(required=True)
    document_no = fields.String(required=True)
    product = fields.String(required=True)
    lots = fields.List(fields.String(), required=True)
    hazard = fields.String(required=True)
    remedy = fields.String(required=True)
    opened_on = fields.String(required=True, metadata={"format": "date"})


class TracedEvent(Schema):
    """An event of an item, and whose it is."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class TracedInspection(TracedEvent, PublicInspection):
    """An inspection of an item."""


class TracedViolation(TracedEvent, PublicViolation):
    """A violation with an item."""


class Trace(Schema):
    """What the register knows of an item, as far as it may be shown."""

    gtin = fields.String(required=True)
    lot = fields.String(required=True, allow_none=True)
    product = fields.String(required=True, allow_none=True)
    holder = fields.Nested(ItemHolder, required=True, allow_none=True)
    flag = fields.String(required=True, allow_none=True, metadata={"enum": ["unknown-prefix", None]})
    note = fields.Nested(Words, required=True, allow_none=True)
    recalls = fields.List(fields.Nested(PublicRecall), required=True)
    violations = fields.List(fields.Nested(TracedViolation), required=True)
    inspections = fields.List(fields.Nested(TracedInspection), required=True)
    links = fields.Dict(required=True)
