"""What a department gets back for an event."""

from __future__ import annotations

from marshmallow import Schema, fields


class EventReceipt(Schema):
    """The event as it was kept, and the grade that it led to."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["recorded", "on_file"]})
    severity = fields.String(allow_none=True)
    public = fields.Boolean(required=True)
    shown_until = fields.Date(allow_none=True)
    grade = fields.String(allow_none=True)
    record = fields.String(required=True)
