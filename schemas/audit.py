"""The audit as auditors ask for it and read it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import Text
from schemas.query import Paged


class AuditQuery(Paged):
    """Filters of the audit; days are those of Shanghai, both included."""

    actor = Text(256, load_default=None, metadata={"description": "officer:5, key:3, command, system"})
    act = Text(64, load_default=None)
    outcome = fields.String(load_default=None, validate=validate.OneOf(["done", "refused"]))
    on_behalf = Text(256, load_default=None, metadata={"description": "department:3"})
    request_id = Text(64, load_default=None)
    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None)


class AuditEntry(Schema):
    """One act, chained to the one before it."""

    number = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    act = fields.String(required=True)
    actor = fields.String(required=True)
    on_behalf = fields.String(required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, metadata={"enum": ["done", "refused"]})
    first_seq = fields.Integer(required=True, allow_none=True)
    last_seq = fields.Integer(required=True, allow_none=True)
    about = fields.Dict(required=True)
    previous = fields.String(required=True)
    digest = fields.String(required=True)


class AuditPage(Schema):
    """A page of the audit, newest first."""

    items = fields.List(fields.Nested(AuditEntry), required=True)
    next = fields.String(required=True, allow_none=True)
