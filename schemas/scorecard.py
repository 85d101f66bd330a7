"""How fresh and how good the departments' reports are."""

from __future__ import annotations

from marshmallow import Schema, fields


class Outline(Schema):
    """One department in outline, of the last twelve months. Null: nothing, or too few to tell."""

    id = fields.Integer(required=True, metadata={"description": "d3 in Data-Freshness is the department 3"})
    department = fields.String(required=True)
    last_report_on = fields.Date(required=True, allow_none=True)
    reports = fields.Integer(required=True, allow_none=True)
    on_time = fields.Float(
        required=True, allow_none=True, metadata={"description": "share of penalties reported within the legal term"}
    )
    median_lag = fields.Float(required=True, allow_none=True, metadata={"description": "working days"})


class Outlines(Schema):
    """All departments."""

    items = fields.List(fields.Nested(Outline), required=True)
    next = fields.String(required=True, allow_none=True)


class Scorecard(Schema):
    """One department in one month."""

    department = fields.String(required=True)
    month = fields.Date(required=True)
    reports = fields.Integer(required=True)
    median_lag = fields.Float(required=True, allow_none=True)
    penalties = fields.Integer(required=True)
    late = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    corrections = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    overturned = fields.Integer(required=True)
    demands_late = fields.Integer(required=True)


class Scorecards(Schema):
    """All departments by month, the latest month first."""

    items = fields.List(fields.Nested(Scorecard), required=True)
    next = fields.String(required=True, allow_none=True)
