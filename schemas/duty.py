"""Duties as the departments see them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import Text
from schemas.listing import Words
from schemas.query import Paged

KINDS = (
    "report", "publish", "redact", "product-correction", "recheck", "second-recheck", "withdraw", "correct",
    "review-listing",
    "listing-publication", "removal-acceptance", "removal-decision",
    "objection", "objection-answer", "objection-whole", "statement", "repair-acceptance", "repair-decision",
    "inspection", "inspection-result",
)  # fmt: skip
STATES = ("overdue", "open", "late", "in_time")


class AlertQuery(Paged):
    """Which duties."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    department = Text(load_default=None, metadata={"description": "a department by name; yours if left out; * for all"})


class Duty(Schema):
    """One duty, its clock, and whose it is."""

    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    title = fields.Nested(Words, required=True)
    department = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    event = fields.Integer(required=True, allow_none=True)
    listing = fields.Integer(required=True, allow_none=True)
    basis = fields.String(required=True, metadata={"description": "key of the policy"})
    began_on = fields.Date(required=True)
    opens_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    provisional = fields.Boolean(required=True, metadata={"description": "that year's calendar isn't announced yet"})
    done_on = fields.Date(required=True, allow_none=True)
    working_days_left = fields.Integer(required=True, allow_none=True)


class AlertPage(Schema):
    """A page of duties, the earliest deadline first, and how many there are in each state."""

    items = fields.List(fields.Nested(Duty), required=True)
    next = fields.String(required=True, allow_none=True)
    counts = fields.Dict(required=True)
