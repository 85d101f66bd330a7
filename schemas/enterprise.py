"""Enterprises as departments register them, and as search lists them."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from credit import identifiers
from credit.rules.industries import check_industry, normalise_industry
from credit.terms import EnterpriseKind, Status
from schemas.fields import EARLIEST, Text, Word

REGION = validate.Regexp(r"^[0-9]{6}$", error="Six digits of GB/T 2260.")
INDUSTRY = "a class of GB/T 4754-2017, e.g. C1311; the letter may be left out"


class Industry(Text):
    """A class of GB/T 4754-2017, or the group or division above it: in any spelling, kept in one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = normalise_industry(super()._deserialize(value, attr, data, **kwargs))
        problem = check_industry(code)
        if problem:
            raise ValidationError(f"{problem.en}.")
        return code


class EnterpriseIn(Schema):
    """What a department or the registry knows of an enterprise; what is left out stays as it is."""

    code = Text(64, required=True)
    name = Text(shortest=2, required=True)
    short_name = Text(allow_none=True)
    status = Word(Status, allow_none=True)
    kind = Word(EnterpriseKind, allow_none=True)
    parent_code = Text(64, allow_none=True)
    legacy_id = Text(32, allow_none=True)
    representative = Text(128, allow_none=True, metadata={"description": "the legal representative; never public"})
    address = Text(512, allow_none=True, metadata={"description": "where it has its seat; never public"})
    region = Text(6, like=REGION, allow_none=True)
    industry = Industry(5, allow_none=True, metadata={"description": INDUSTRY})
    registered_on = fields.Date(allow_none=True)
    valid_from = fields.Date(allow_none=True, metadata={"description": "since when this is true; today if left out"})
    quality_officer = fields.Boolean(allow_none=True)
    wants_grade = fields.Boolean(allow_none=True)

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    @pre_load
    def _one_spelling(self, data: Any, **_: Any) -> Any:
        code = data.get("code") if isinstance(data, dict) else None
        return data | {"code": identifiers.normalise(code)} if isinstance(code, str) else data

    @validates_schema
    def _days_make_sense(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("registered_on", "valid_from"):
            found = data.get(name)
            if found and found < EARLIEST:
                raise ValidationError(f"{found} lies before {EARLIEST}.", name)
            if found and self.day and found > self.day:
                raise ValidationError(f"{found} lies in the future: today is {self.day}.", name)


class EnterprisePut(Schema):
    """What became of a PUT."""

    code = fields.String(required=True)
    changed = fields.Boolean(required=True)


class EnterpriseItem(Schema):
    """One enterprise in a list."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    matched_name = fields.String(allow_none=True, metadata={"description": "the former or short name that matched"})
    region = fields.String(allow_none=True)
    region_name = fields.String(allow_none=True)
    industry = fields.String(allow_none=True)
    status = fields.String(required=True)
    grade = fields.String(allow_none=True)


class EnterprisePage(Schema):
    """A page of enterprises."""

    items = fields.List(fields.Nested(EnterpriseItem), required=True)
    next = fields.String(allow_none=True, required=True)
