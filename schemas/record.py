"""The public record (allow-list): what is not named here is never public.

Each fact names the department that reported it, the days of receipt and change, and the report.
"""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.listing import Pledge, PublicListing, Statement, UnderObjection, Words
from schemas.policy import PolicySource


def _day(**more: object) -> fields.String:
    return fields.String(metadata={"format": "date"}, required=True, **more)  # type: ignore[arg-type]


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _maybe_day() -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"format": "date"})


class FormerName(Schema):
    """A name that the enterprise bore until a day."""

    name = fields.String(required=True)
    until = _day()


class Finding(Schema):
    """One event under one rule: what it costs or brings, why, and until when."""

    rule = fields.String(required=True)
    outcome = fields.String(required=True)
    points = fields.Integer(required=True)
    event = fields.Integer(required=True, allow_none=True)
    until = _maybe_day()
    source = fields.Nested(PolicySource, required=True, allow_none=True)
    sentence = fields.Nested(Words, required=True)


class PublicViolation(Schema):
    """A violation as it may be shown (SAMR Order 45 art. 4)."""

    id = fields.Integer(required=True)
    document_no = fields.String(required=True)
    authority = fields.String(required=True)
    category = fields.String(required=True)
    penalties = fields.List(fields.String(), required=True)
    severity = fields.String(required=True)
    fine = _maybe()
    basis = _maybe()
    facts = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "what was done, personal data masked; null: none told, or an officer must look first"},
    )
    product = _maybe()
    model = _maybe()
    gtin = _maybe()
    lot = _maybe()
    occurred_on = _day()
    decided_on = _day()
    shown_until = _day()
    repair_from = _maybe_day()
    proceedings = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "an appeal or lawsuit is pending"}
    )
    department = fields.String(required=True)
    received_on = _day()
    changed_on = _maybe_day()
    report = fields.String(required=True)
    objection = fields.Nested(UnderObjection, required=True, allow_none=True)
    statement = fields.Nested(Statement, required=True, allow_none=True)
    pledge = fields.Nested(Pledge, required=True, allow_none=True)


class PublicFailedItem(Schema):
    """A failed test item."""

    item = fields.String(required=True)
    limit = _maybe()
    value = _maybe()


class PublicInspection(Schema):
    """An inspection as it may be shown; a failure only once it is final."""

    id = fields.Integer(required=True)
    document_no = fields.String(required=True)
    authority = fields.String(required=True)
    type = fields.String(required=True)
    campaign = _maybe()
    result = fields.String(required=True)
    stage = fields.String(required=True)
    role = _maybe()
    product = _maybe()
    model = _maybe()
    gtin = _maybe()
    lot = _maybe()
    safety_item = fields.Boolean(required=True, allow_none=True)
    failed_items = fields.List(fields.Nested(PublicFailedItem), required=True, allow_none=True)
    laboratory = _maybe()
    report_no = _maybe()
    occurred_on = _day()
    final_on = _maybe_day()
    shown_until = _maybe_day()
    mended_on = _maybe_day()
    department = fields.String(required=True)
    received_on = _day()
    changed_on = _maybe_day()
    report = fields.String(required=True)
    objection = fields.Nested(UnderObjection, required=True, allow_none=True)
    statement = fields.Nested(Statement, required=True, allow_none=True)
    pledge = fields.Nested(Pledge, required=True, allow_none=True)


class PublicAward(Schema):
    """An award."""

    id = fields.Integer(required=True)
    document_no = fields.String(required=True)
    authority = fields.String(required=True)
    category = fields.String(required=True)
    level = _maybe()
    valid_from = _day()
    valid_until = _maybe_day()
    department = fields.String(required=True)
    received_on = _day()
    changed_on = _maybe_day()
    report = fields.String(required=True)


class PolicyName(Schema):
    """Which policy graded."""

    id = fields.String(required=True)
    digest = fields.String(required=True)


class Repair(Schema):
    """The first day on which repair may be applied for."""

    earliest = _maybe_day()


class Pending(Schema):
    """A lower grade isn't shown yet: the enterprise may object until then (`contested`: it did)."""

    since = _day()
    shown_from = _day()
    contested = fields.Boolean(required=True)


class PublicRecord(Schema):
    """The public record of an enterprise. No tier, no personal data."""

    code = fields.String(required=True)
    org_code = fields.String(required=True)
    name = fields.String(required=True)
    short_name = _maybe()
    former_names = fields.List(fields.Nested(FormerName), required=True)
    kind = fields.String(required=True)
    parent = _maybe()
    region = _maybe()
    region_name = _maybe()
    industry = _maybe()
    industry_name = _maybe()
    status = fields.String(required=True)
    registered_on = _maybe_day()
    grade = _maybe()
    grade_since = _maybe_day()
    grade_pending = fields.Nested(Pending, required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    next_change_on = _maybe_day()
    policy = fields.Nested(PolicyName, required=True)
    findings = fields.List(fields.Nested(Finding), required=True)
    listings = fields.List(fields.Nested(PublicListing), required=True)
    violations = fields.List(fields.Nested(PublicViolation), required=True)
    inspections = fields.List(fields.Nested(PublicInspection), required=True)
    awards = fields.List(fields.Nested(PublicAward), required=True)
    notices = fields.List(fields.Nested(Words), required=True)
    repair = fields.Nested(Repair, required=True)
    graded_on = _day()
    data_as_of = fields.String(required=True, metadata={"format": "date-time"})
    seq = fields.Integer(required=True)


class GradeSpan(Schema):
    """The grade on the days [since, until)."""

    since = _day()
    until = _maybe_day()
    grade = _maybe()


class GradeHistory(Schema):
    """Spans of grade, latest first."""

    items = fields.List(fields.Nested(GradeSpan), required=True)
    next = fields.String(allow_none=True, required=True)
