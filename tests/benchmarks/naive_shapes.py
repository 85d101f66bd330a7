"""The shape of the public record for marshmallow, as the naive look-up dumps it."""

from __future__ import annotations

from marshmallow import Schema, fields


class Labels(Schema):
    zh = fields.String()
    en = fields.String()


class SourceOut(Schema):
    title = fields.String()
    number = fields.String()
    article = fields.String()
    url = fields.String()
    certainty = fields.String()


class FindingOut(Schema):
    rule = fields.String()
    outcome = fields.String()
    points = fields.Integer()
    event = fields.Integer()
    until = fields.Date()
    source = fields.Nested(SourceOut)
    sentence = fields.Nested(Labels)


class EventOut(Schema):
    id = fields.Integer(attribute="event_id")
    document_no = fields.String()
    authority = fields.String()
    occurred_on = fields.Date()
    shown_until = fields.Date()


class ViolationOut(EventOut):
    category = fields.String()
    penalties = fields.List(fields.String())
    severity = fields.String()
    fine = fields.Decimal(places=2, as_string=True)
    basis = fields.String()
    facts = fields.String()
    decided_on = fields.Date()
    repair_from = fields.Date()


class FailedItemOut(Schema):
    item = fields.String()
    limit = fields.String()
    value = fields.String()


class InspectionOut(EventOut):
    type = fields.String()
    campaign = fields.String()
    result = fields.String()
    stage = fields.String()
    role = fields.String()
    product = fields.String()
    model = fields.String()
    gtin = fields.String()
    lot = fields.String()
    safety_item = fields.Boolean()
    failed_items = fields.List(fields.Nested(FailedItemOut))
    laboratory = fields.String()
    final_on = fields.Date()
    mended_on = fields.Date()


class AwardOut(Schema):
    id = fields.Integer(attribute="event_id")
    document_no = fields.String()
    authority = fields.String()
    category = fields.String()
    level = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date()


class FormerName(Schema):
    name = fields.String()
    until = fields.Date()


class Policy(Schema):
    id = fields.String()
    digest = fields.String()


class Repair(Schema):
    earliest = fields.Date()


class RecordOut(Schema):
    code = fields.String()
    org_code = fields.String()
    name = fields.String()
    short_name = fields.String()
    former_names = fields.List(fields.Nested(FormerName))
    kind = fields.String()
    parent = fields.String()
    region = fields.String()
    region_name = fields.String()
    industry = fields.String()
    industry_name = fields.String()
    status = fields.String()
    registered_on = fields.Date()
    grade = fields.String()
    grade_since = fields.Date()
    score = fields.Integer()
    graded_on = fields.Date()
    next_change_on = fields.Date()
    policy = fields.Nested(Policy)
    findings = fields.List(fields.Nested(FindingOut))
    listings = fields.List(fields.Raw())
    violations = fields.List(fields.Nested(ViolationOut))
    inspections = fields.List(fields.Nested(InspectionOut))
    awards = fields.List(fields.Nested(AwardOut))
    notices = fields.List(fields.Nested(Labels))
    repair = fields.Nested(Repair)
    data_as_of = fields.String()
    seq = fields.Integer()


RECORD = RecordOut()
EVENTS: dict[str, type[Schema]] = {
    "violation": ViolationOut,
    "inspection": InspectionOut,
    "award": AwardOut,
}
