"""Special supervision, internal."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.correction import Dated
from schemas.fields import PARAGRAPH, Text
from schemas.query import Paged


class WatchIn(Dated):
    """Whom to watch, since when, and why."""

    code = Text(shortest=1, required=True)
    reason = Text(PARAGRAPH, shortest=1, required=True)
    document_no = Text(load_default="")
    since = fields.Date(load_default=None, allow_none=True)


class WatchEndIn(Dated):
    """Why it ends."""

    reason = Text(PARAGRAPH, shortest=1, required=True)
    ended_on = fields.Date(load_default=None, allow_none=True)


class WatchQuery(Paged):
    """Which watches."""

    ended = fields.Boolean(load_default=False)


class WatchOut(Schema):
    """One watch."""

    number = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    since = fields.Date(required=True)
    reason = fields.String(required=True)
    document_no = fields.String(required=True)
    ended_on = fields.Date(required=True, allow_none=True)


class WatchPage(Schema):
    """A page of watches, the latest first."""

    items = fields.List(fields.Nested(WatchOut), required=True)
    next = fields.String(required=True, allow_none=True)
