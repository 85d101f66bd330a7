"""The list of supervised enterprises, internal: what is asked of it, and its rows."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from credit.rules.supervision import STATES
from credit.terms import Grade, Risk, Tier
from schemas.draw import INDUSTRY
from schemas.fields import Text, Word
from schemas.listing import Words
from schemas.query import REGION, Paged, Query

COLUMNS = (
    "code", "name", "grade", "tier", "risk", "region", "industry", "last", "last_type", "last_result", "due", "due_on",
    "rate", "planned", "cap", "reasons",
)  # fmt: skip
FIELDS = {
    "tier": Word(Tier, load_default=None), "grade": Word(Grade, load_default=None),
    "risk": Word(Risk, load_default=None), "due": fields.String(load_default=None, validate=validate.OneOf(STATES)),
    "region": Text(6, like=REGION, load_default=None), "industry": Text(5, like=INDUSTRY, load_default=None),
    "q": Text(100, 2, load_default=None),
}  # fmt: skip


class Columns(fields.String):
    """Columns by their names, parted by commas; all where none is named."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        names = [name.strip() for name in super()._deserialize(value, attr, data, **kwargs).split(",") if name.strip()]
        if wrong := [name for name in names if name not in COLUMNS]:
            raise ValidationError(f"No column {wrong[0]}: choose among {', '.join(COLUMNS)}.")
        return list(dict.fromkeys(names))


TierFilter = Query.from_dict(FIELDS | {"columns": Columns(load_default=None)}, name="TierFilter")
TierQuery = Paged.from_dict(dict(FIELDS), name="TierQuery")


class TierRow(Schema):
    """An enterprise: `rate` planned inspections a year (0.1 is a chance of 10%), `due` as rules.supervision.STATES,
    `planned` of `cap` this year, `reasons` what lowered its grade.
    """

    code = fields.String(required=True)
    name = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)
    tier = fields.String(required=True, allow_none=True)
    risk = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    industry = fields.String(required=True, allow_none=True)
    last = fields.Date(required=True, allow_none=True)
    last_type = fields.String(required=True, allow_none=True)
    last_result = fields.String(required=True, allow_none=True)
    due = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    rate = fields.Float(required=True, allow_none=True)
    planned = fields.Integer(required=True)
    cap = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(Words), required=True)


class TierPage(Schema):
    """A page of enterprises by code."""

    items = fields.List(fields.Nested(TierRow), required=True)
    next = fields.String(required=True, allow_none=True)


class TierTold(Schema):
    """A tier: how many enterprises, which grades lead there, its measures and their source, its yearly share."""

    tier = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    enterprises = fields.Integer(required=True)
    grades = fields.List(fields.String(), required=True)
    measures = fields.Nested(Words, required=True)
    source = fields.String(required=True)
    share = fields.Float(required=True)


class Stratum(Schema):
    """A stratum: `owed` inspections this year, `done` enterprises inspected by plan, `share` done of owed in %."""

    tier = fields.String(required=True)
    risk = fields.String(required=True)
    enterprises = fields.Integer(required=True)
    rate = fields.Float(required=True)
    owed = fields.Float(required=True)
    done = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)


class TierSummary(Schema):
    """Tiers and strata of the whole register."""

    tiers = fields.List(fields.Nested(TierTold), required=True)
    strata = fields.List(fields.Nested(Stratum), required=True)
