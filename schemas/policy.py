"""The policy as a document."""

from __future__ import annotations

from marshmallow import Schema, fields


class PolicySource(Schema):
    """Where a value comes from."""

    title = fields.String(required=True)
    number = fields.String(required=True)
    article = fields.String(required=True)
    url = fields.String(required=True)
    certainty = fields.String(required=True)


class PolicyValue(Schema):
    """One value in force, since when, and its source."""

    key = fields.String(required=True)
    title = fields.Dict(required=True)
    law_of = fields.String(required=True)
    since = fields.String(required=True)
    value = fields.Raw(required=True)
    source = fields.Nested(PolicySource, required=True)


class PolicyDocument(Schema):
    """The policy in force on a day."""

    id = fields.String(required=True)
    digest = fields.String(required=True)
    on = fields.String(required=True)
    first_day = fields.String(required=True)
    values = fields.List(fields.Nested(PolicyValue), required=True)


class PolicyVersion(Schema):
    """One version of the policy and the days [force_on, until) on which it is in force."""

    digest = fields.String(required=True)
    id = fields.String(required=True)
    name = fields.Dict(required=True)
    force_on = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)
    enacted_on = fields.String(required=True, allow_none=True)
    differences = fields.Integer(required=True, metadata={"description": "how many to the version before"})


class PolicyVersions(Schema):
    """Every version in force, now or later, the first one first."""

    items = fields.List(fields.Nested(PolicyVersion), required=True)
