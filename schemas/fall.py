"""Falls that wait to be shown, for staff."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.query import Paged
from schemas.record import Finding


class FallQuery(Paged):
    """Which falls: all that wait today."""


class Fall(Schema):
    """A fall to C or D that the public isn't told yet, and why."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    from_ = fields.String(required=True, data_key="from", attribute="from", metadata={"description": "the grade shown"})
    to = fields.String(required=True, metadata={"description": "the grade that waits"})
    since = fields.String(required=True, metadata={"format": "date"})
    shown_from = fields.String(required=True, metadata={"format": "date"})
    contested = fields.Boolean(required=True)
    because = fields.List(fields.Nested(Finding), required=True)


class FallPage(Schema):
    """A page of falls."""

    items = fields.List(fields.Nested(Fall), required=True)
    next = fields.String(required=True, allow_none=True)
