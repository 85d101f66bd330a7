"""The history of a fact as staff read it: every version, who made it, why, and what it changed."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.correction import DemandReceipt, Rests
from schemas.receipt import Withheld


class Difference(Schema):
    """One field before and after."""

    field = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class RestsOn(Rests):
    """The document on which an act rests."""

    day = fields.Date(required=True, allow_none=True)


class Acted(Schema):
    """Who did something to a fact, when, and why."""

    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    actor = fields.String(required=True)
    who = fields.String(required=True, metadata={"description": "the officer's name or the key's label"})
    reason = fields.String(required=True, allow_none=True)
    withdrawal = fields.String(required=True, allow_none=True)
    rests_on = fields.Nested(RestsOn, required=True, allow_none=True)


class EventVersion(Acted):
    """A fact as it was reported or corrected."""

    version = fields.Integer(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    document = fields.Dict(required=True)
    differences = fields.List(fields.Nested(Difference), required=True)


class Ceased(Acted):
    """What ended a fact, and whether that was taken back."""

    version = fields.Integer(required=True)
    ground = fields.String(required=True)
    on = fields.Date(required=True)
    document_no = fields.String(required=True)
    taken_back = fields.Nested(Acted, required=True, allow_none=True)


class Classified(Schema):
    """What one policy made of the version that counts."""

    policy = fields.String(required=True)
    present = fields.Boolean(required=True)
    rule = fields.String(required=True)
    severity = fields.String(required=True, allow_none=True)
    public = fields.Boolean(required=True)
    in_force_on = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    shown_until = fields.Date(required=True, allow_none=True)
    repair_from = fields.Date(required=True, allow_none=True)


class Publication(Schema):
    """Whether the public sees a fact now, or why not."""

    shown = fields.Boolean(required=True)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    withheld = fields.List(fields.Nested(Withheld), required=True)


class EventHistory(Schema):
    """Everything on file about one fact."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True)
    version = fields.Integer(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    changed_on = fields.Date(required=True, allow_none=True)
    report = fields.String(required=True)
    versions = fields.List(fields.Nested(EventVersion), required=True)
    cessations = fields.List(fields.Nested(Ceased), required=True)
    demands = fields.List(fields.Nested(DemandReceipt), required=True)
    classifications = fields.List(fields.Nested(Classified), required=True)
    publication = fields.Nested(Publication, required=True)
    listings_to_review = fields.List(fields.Integer(), required=True)
