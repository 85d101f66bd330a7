"""Queries of public lists."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from credit.terms import Grade
from schemas.fields import Moment, Text, Word

REGION = validate.Regexp(r"^[0-9]{2,6}$", error="2 to 6 digits of GB/T 2260.")
# The search itself brings an industry into one spelling and says what is wrong with it.
INDUSTRY = "a section, division, group or class of GB/T 4754-2017, e.g. C, C15, 15 or c1512"

AS_OF = "a past day; to the public told as it may be shown today, to staff as it was"
KNOWN_AT = "for staff: what the register knew at this instant, byte by byte as it was answered then"


DIGEST = validate.Regexp(r"\A[0-9a-f]{64}\Z", error="The 64 characters of a policy's digest.")
VERSION = "digest of a version; one that isn't enacted yet is for staff, with a supervisor's key"


class Query(Schema):
    """A query; an empty parameter is as if it were not there."""

    @pre_load
    def _empty_is_absent(self, data: Any, **_: Any) -> Any:
        return {name: value for name, value in data.items() if value != ""}


class BothTimes(Query):
    """What was true in law on a past day, and what the register knew of it at an instant."""

    as_of = fields.Date(load_default=None, metadata={"description": AS_OF})
    known_at = Moment(load_default=None, metadata={"description": KNOWN_AT})


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


class BlacklistQuery(Paged, BothTimes):
    """Filters of the blacklist."""

    region = Text(6, like=REGION, load_default=None)
    industry = Text(5, load_default=None, metadata={"description": INDUSTRY})
    ground = Text(32, load_default=None)
    authority = Text(load_default=None, metadata={"description": "the department that listed, by its name"})
    since = fields.Date(data_key="from", load_default=None, metadata={"description": "listed on this day or later"})
    until = fields.Date(data_key="to", load_default=None, metadata={"description": "listed on this day or before"})
    q = Text(100, load_default=None)


class PolicyQuery(Query):
    """The day of the policy."""

    on = fields.Date(load_default=None)


class CardQuery(PolicyQuery):
    """The day of the policy, or one version of it."""

    policy = Text(64, like=DIGEST, load_default=None, metadata={"description": VERSION})

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if data["on"] and data["policy"]:
            raise ValidationError("Give either on or policy.", "policy")
