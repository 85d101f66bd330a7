"""What a department gets back for an event."""

from __future__ import annotations

from marshmallow import Schema, fields

STATES = ["recorded", "on_file", "corrected", "withdrawn", "restored"]


class Withheld(Schema):
    """Why an event isn't shown, in words, and the field whose report would mend it."""

    reason = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)


class EventReceipt(Schema):
    """The event as it was kept, and the grade that it led to."""

    id = fields.Integer(required=True)
    version = fields.Integer(required=True, metadata={"description": "the version that counts now"})
    code = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": STATES})
    severity = fields.String(allow_none=True)
    public = fields.Boolean(required=True)
    shown_until = fields.Date(allow_none=True)
    withheld = fields.List(
        fields.Nested(Withheld), required=True, metadata={"description": "why it isn't shown; empty: it is"}
    )
    open_findings = fields.Integer(
        required=True,
        metadata={"description": "personal data found in its text, to be masked or cleared before the text is shown"},
    )
    grade = fields.String(allow_none=True)
    record = fields.String(required=True)
