"""The text of a violation's facts as its department sees it before it is published."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.fields import PARAGRAPH, Text
from schemas.listing import Words

STATES = ("clean", "open", "redacted")
VERSION = {"description": "the version that was looked at, as GET tells it; left out: the one that counts on receipt"}


class TextFinding(Schema):
    """Personal data at [start, end) of the text, and the mark that is proposed in its place."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    title = fields.Nested(Words, required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    shown = fields.String(required=True)


class ClearedFinding(Schema):
    """A finding that an officer let stand."""

    kind = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class RedactionMade(Schema):
    """What an officer did about the text: `masked` null shows it as it is."""

    masked = fields.String(required=True, allow_none=True)
    cleared = fields.List(fields.Nested(ClearedFinding), required=True)
    reason = fields.String(required=True)
    made_on = fields.Date(required=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    who = fields.String(required=True)


class EventRedaction(Schema):
    """The text of a fact, what the check found in it, what is proposed, and what the public is shown."""

    event = fields.Integer(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    text = fields.String(required=True)
    findings = fields.List(fields.Nested(TextFinding), required=True)
    proposed = fields.String(required=True)
    shown = fields.String(required=True, allow_none=True)
    redaction = fields.Nested(RedactionMade, required=True, allow_none=True)


class RedactionIn(Schema):
    """The masked text, or the findings (by number) that may stand and why; or both."""

    masked = Text(longest=2 * PARAGRAPH, metadata={"description": "the text with marks in the place of parts"})
    cleared = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=PARAGRAPH)),
        validate=validate.Length(max=PARAGRAPH),
    )
    reason = Text(longest=PARAGRAPH)
    version = fields.Integer(strict=True, validate=validate.Range(min=1), metadata=VERSION)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("masked") and "cleared" not in data:
            raise ValidationError("Send the masked text, or the findings that are cleared and the reason.", "masked")
