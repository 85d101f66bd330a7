"""Queries of public lists."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from credit.terms import Grade
from schemas.fields import Text, Word

REGION = validate.Regexp(r"^[0-9]{2,6}$", error="2 to 6 digits of GB/T 2260.")
# The search itself brings an industry into one spelling and says what is wrong with it.
INDUSTRY = "a section, division, group or class of GB/T 4754-2017, e.g. C, C15, 15 or c1512"


class Query(Schema):
    """A query; an empty parameter is as if it were not there."""

    @pre_load
    def _empty_is_absent(self, data: Any, **_: Any) -> Any:
        return {name: value for name, value in data.items() if value != ""}


class AsOf(Query):
    """A past day."""

    as_of = fields.Date(load_default=None, metadata={"description": "a past day; told as it may be shown today"})


class KnownAt(AsOf):
    """A look-up's query; what the register knew at an instant is for staff only."""

    known_at = fields.String()

    @pre_load
    def _staff_only(self, data: Any, **_: Any) -> Any:
        if "known_at" in data:
            raise ValidationError("Only staff may ask what the register knew at an instant.", "known_at")
        return data


class Paged(Query):
    """A page of a list."""

    limit = fields.Integer(load_default=20, strict=False, validate=validate.Range(1, 200))
    cursor = Text(64, load_default=None)


class Search(Paged):
    """Search of enterprises."""

    q = Text(100, load_default=None)
    grade = Word(Grade, load_default=None)
    region = Text(6, like=REGION, load_default=None)
    industry = Text(5, load_default=None, metadata={"description": INDUSTRY})


class BlacklistQuery(Paged):
    """Filters of the blacklist."""

    region = Text(6, like=REGION, load_default=None)
    ground = Text(32, load_default=None)
    q = Text(100, load_default=None)
    as_of = fields.Date(load_default=None)


class PolicyQuery(Query):
    """The day of the policy."""

    on = fields.Date(load_default=None)
