"""Shapes of the back-test of a draft policy and of a model card."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.fields import Text
from schemas.query import DIGEST

MOST_FILES, LONGEST = 40, 500_000
FILE = validate.Regexp(r"\A[a-z][a-z0-9_-]{0,63}\.yaml\Z", error="A file's name like points.yaml.")
GIVEN = "files of the policy by name, as YAML text; a file that is left out is the one in force"


class BacktestIn(Schema):
    """A draft policy, as files or by the digest of a kept one, and the days to try it on."""

    files = fields.Dict(
        keys=fields.String(validate=FILE),
        values=fields.String(validate=validate.Length(max=LONGEST)),
        validate=validate.Length(1, MOST_FILES),
        metadata={"description": GIVEN, "additionalProperties": {"type": "string", "maxLength": LONGEST}},
    )
    draft = Text(64, like=DIGEST, metadata={"description": "digest of a kept draft or version"})
    first = fields.Date(
        data_key="from", load_default=None, metadata={"description": "left out: the oldest event's day"}
    )
    last = fields.Date(data_key="to", load_default=None, metadata={"description": "left out: today"})
    seed = fields.Integer(strict=True, load_default=1, validate=validate.Range(0, 2**31 - 1))

    @validates_schema
    def _one_draft(self, data: dict[str, Any], **_: Any) -> None:
        if ("files" in data) == ("draft" in data):
            raise ValidationError("Give either files or draft.", "files")


class BacktestReport(Schema):
    """A draft against the policies in force: who moves, and what either foresaw."""

    policies = fields.Dict(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    day = fields.Date(required=True, metadata={"description": "the day that grades are compared on"})
    seq = fields.Integer(required=True, metadata={"description": "the last change that was known"})
    enterprises = fields.Integer(required=True)
    summary = fields.Dict(required=True)
    grades = fields.List(fields.String(allow_none=True), required=True)
    matrix = fields.List(fields.List(fields.Integer()), required=True)
    days = fields.List(fields.Dict(), required=True)
    moved_by = fields.Dict(required=True)
    movers = fields.List(fields.Dict(), required=True)
    movers_left = fields.Integer(required=True)
    prediction = fields.Dict(required=True)
    bootstrap = fields.Dict(required=True)
    limits = fields.List(fields.Dict(), required=True)


class ModelCard(Schema):
    """What a policy version is for, what it rests on, what it can't tell, and how it was tried."""

    policy = fields.Dict(required=True)
    state = fields.String(required=True)
    on = fields.Date(required=True, allow_none=True)
    force_on = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    scope = fields.Dict(required=True)
    data = fields.Dict(required=True)
    limits = fields.List(fields.Dict(), required=True)
    backtest = fields.Dict(required=True, allow_none=True)
