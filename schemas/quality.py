"""Macro quality statistics."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from credit.rules.quality_shares import BY, TYPES
from schemas.draw import INDUSTRY
from schemas.fields import Text
from schemas.listing import Words
from schemas.query import REGION, Query

QUARTER = validate.Regexp(r"\A20[0-9]{2}Q[1-4]\Z", error="A quarter like 2026Q3.")


class QualityQuery(Query):
    """Which indicator, by what, and of which enterprises."""

    indicator = fields.String(load_default="qualified", validate=validate.OneOf(list(TYPES)))
    by = fields.String(load_default="year", validate=validate.OneOf(BY))
    quarter = Text(6, like=QUARTER, load_default=None)
    region = Text(6, like=REGION, load_default=None)
    industry = Text(3, like=INDUSTRY, load_default=None)


class Share(Schema):
    """One group; all numbers are null where the group is too small to be told."""

    group = fields.String(required=True)
    label = fields.Nested(Words, required=True)
    numerator = fields.Integer(required=True, allow_none=True)
    denominator = fields.Integer(required=True, allow_none=True)
    value = fields.Float(required=True, allow_none=True, metadata={"description": "per cent"})
    low = fields.Float(required=True, allow_none=True, metadata={"description": "95% interval of Wilson, per cent"})
    high = fields.Float(required=True, allow_none=True)


class QualityTold(Schema):
    """An indicator with its definition; `least`: groups of fewer lots are not told."""

    indicator = fields.String(required=True)
    by = fields.String(required=True)
    title = fields.Nested(Words, required=True)
    definition = fields.Nested(Words, required=True)
    least = fields.Integer(required=True)
    items = fields.List(fields.Nested(Share), required=True)


class Target(Schema):
    """A target of the outline: `known` false where the register has no such data; gap is value less target."""

    key = fields.String(required=True)
    title = fields.Nested(Words, required=True)
    target = fields.Integer(required=True)
    value = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    gap = fields.Float(required=True, allow_none=True)
    trend = fields.Float(required=True, allow_none=True)
    lots = fields.Integer(required=True, allow_none=True)
    known = fields.Boolean(required=True)
    source = fields.String(required=True)


class Targets(Schema):
    """All targets."""

    items = fields.List(fields.Nested(Target), required=True)
