"""Warnings, internal."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import WarningKind, WarningOutcome, WarningState
from schemas.fields import PARAGRAPH, Text, Word
from schemas.query import Paged


class WarningQuery(Paged):
    """Which warnings."""

    state = Word(WarningState, load_default=None)
    kind = Word(WarningKind, load_default=None)


class WarningActIn(Schema):
    """Take it in hand, note something, or close it with its outcome; each with a note of what was found or done."""

    act = fields.String(required=True, validate=validate.OneOf(["take", "note", "close"]))
    note = Text(PARAGRAPH, shortest=1, required=True)
    outcome = Word(WarningOutcome, load_default=None, allow_none=True)

    @validates_schema
    def _closed_with_an_outcome(self, data: dict[str, Any], **_: Any) -> None:
        if (data["act"] == "close") != (data["outcome"] is not None):
            raise ValidationError("Say the outcome when it is closed, and only then.", "outcome")


class WarningTold(Schema):
    """A warning with its evidence as last seen."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    level = fields.String(required=True)
    state = fields.String(required=True)
    raised_on = fields.Date(required=True)
    seen_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    evidence = fields.Dict(required=True)
    owner = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    closed_on = fields.Date(required=True, allow_none=True)


class WarningPage(Schema):
    """A page of warnings, the newest first."""

    items = fields.List(fields.Nested(WarningTold), required=True)
    next = fields.String(required=True, allow_none=True)


class WarningActOut(Schema):
    """What was done."""

    act = fields.String(required=True)
    acted_on = fields.Date(required=True)
    officer = fields.String(required=True)
    note = fields.String(required=True)


class WarningOut(WarningTold):
    """A warning whole."""

    acts = fields.List(fields.Nested(WarningActOut), required=True)
    allowed = fields.List(fields.String(), required=True)


class MonitorRecord(Schema):
    """How often a monitor's warnings came true, of those judged, in per cent."""

    kind = fields.String(required=True)
    open = fields.Integer(required=True)
    judged = fields.Integer(required=True)
    true = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)


class MonitorRecords(Schema):
    """Every monitor's."""

    items = fields.List(fields.Nested(MonitorRecord), required=True)
