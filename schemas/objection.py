"""Objections and statements: as enterprises file them, as they follow them up, as departments deal with them."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import FilingKind, FilingOutcome
from schemas.correction import Dated, WithdrawalIn
from schemas.fields import BEYOND, PARAGRAPH, Text, Word
from schemas.query import Paged

MOST_WORDS, STATEMENT_WORDS = 5_000, 1_000
CONTESTING = (FilingKind.OBJECTION, FilingKind.STATEMENT)
PHONE = validate.Regexp(r"(?:[0-9+() -]{6,30})?\Z", error="Digits, spaces and + ( ) - alone, at least 6.")
EMAIL = validate.Regexp(r"(?:[^@\s]+@[^@\s]+\.[^@\s]+)?\Z", error="Write it like name@example.org.")
OF_LISTING = {"description": "the entry's id in the public record; left out: the listing with this document number"}


class Base64(fields.String):
    """Bytes, as base64."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"format": "byte"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bytes):  # a page's form carries them as they are
            return value
        text: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError("Send the file's bytes as base64.") from None


class ContactIn(Schema):
    """Whom the department may ask: a name, and a telephone number or an address. Never shown."""

    name = Text(60, shortest=1, required=True)
    phone = Text(30, like=PHONE, load_default="")
    email = Text(100, like=EMAIL, load_default="")

    @validates_schema
    def _can_be_reached(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("phone") and not data.get("email"):
            raise ValidationError("Give a telephone number or an e-mail address.", "phone")


class AttachmentIn(Schema):
    """A file: PDF, PNG or JPEG by its content."""

    name = fields.String(required=True, validate=validate.Length(max=500))
    content = Base64(required=True)


class FilingIn(Schema):
    """An objection to an entry of the public record, or a statement to be shown beside it."""

    kind = Word(FilingKind, load_default=FilingKind.OBJECTION, validate=validate.OneOf(CONTESTING))
    code = Text(shortest=1, required=True)
    event = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, BEYOND), metadata=OF_LISTING
    )
    document_no = Text(shortest=1, required=True)
    words = Text(MOST_WORDS, shortest=1, required=True, metadata={"description": "the grounds, or the statement"})
    contact = fields.Nested(ContactIn, required=True)
    attachments = fields.List(fields.Nested(AttachmentIn), load_default=list)

    @validates_schema
    def _a_statement_is_short(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("kind") != FilingKind.STATEMENT:
            return
        if len(data.get("words", "")) > STATEMENT_WORDS:
            raise ValidationError(f"A statement has at most {STATEMENT_WORDS:,} characters.", "words")
        if data.get("attachments"):
            raise ValidationError("A statement is words alone.", "attachments")


class DeskFilingIn(FilingIn, Dated):
    """The same, brought to the department's desk: when it came in begins the clocks."""

    received_on = fields.Date(load_default=None, allow_none=True)


class Asked(Schema):
    """Another department that was asked, and whether it answered."""

    department = fields.String(required=True)
    asked_on = fields.Date(required=True)
    answered_on = fields.Date(required=True, allow_none=True)


class Case(Schema):
    """An objection, a statement or an application for repair: its state, clock, and outcome with the reasons."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    event = fields.Integer(required=True, allow_none=True)
    document_no = fields.String(required=True)
    department = fields.String(required=True)
    filed_on = fields.Date(required=True)
    state = fields.String(required=True, metadata={"enum": ["open", "asked", "accepted", "decided"]})
    due_on = fields.Date(required=True, allow_none=True)
    provisional = fields.Boolean(required=True)
    late = fields.Boolean(required=True)
    asked = fields.List(fields.Nested(Asked), required=True)
    outcome = fields.String(required=True, allow_none=True)
    mended = fields.String(required=True, allow_none=True, metadata={"description": "corrected or withdrawn"})
    reason = fields.String(required=True, allow_none=True)
    decided_on = fields.Date(required=True, allow_none=True)
    performed_on = fields.Date(required=True, allow_none=True, metadata={"description": "of an application for repair"})
    accepted_on = fields.Date(required=True, allow_none=True)
    resumed_on = fields.Date(required=True, allow_none=True, metadata={"description": "shown again after suspension"})


class FilingReceipt(Case):
    """The case as it was kept, and the secret by which it is followed up: told this once."""

    secret = fields.String(required=True)


class CaseQuery(Paged):
    """Which cases."""

    state = fields.String(load_default=None, validate=validate.OneOf(("open", "decided")))
    department = Text(load_default=None, metadata={"description": "* for all; yours if left out"})


class CasePage(Schema):
    """A page of cases, the latest first. No personal data."""

    items = fields.List(fields.Nested(Case), required=True)
    next = fields.String(required=True, allow_none=True)


class AskIn(Schema):
    """Which department is asked, and what."""

    department = Text(shortest=1, required=True)
    reason = Text(PARAGRAPH, shortest=1, required=True, metadata={"description": "the question"})


class AnswerIn(Schema):
    """What the department that was asked knows."""

    reason = Text(PARAGRAPH, shortest=1, required=True, metadata={"description": "the answer"})
    document_no = Text(load_default="")


class ResumptionIn(AnswerIn):
    """How what couldn't be verified was verified."""


class DecisionIn(Schema):
    """The decision and its reasons; `withdrawal` mends the fact along with it."""

    outcome = Word(FilingOutcome, required=True)
    reason = Text(PARAGRAPH, shortest=1, required=True, metadata={"description": "told to whoever filed"})
    document_no = Text(load_default="")
    cleared = Text(load_default="", metadata={"description": "why what the check found in a statement may be shown"})
    withdrawal = fields.Nested(WithdrawalIn, load_default=None, allow_none=True)


def load_decision(data: dict[str, Any], day: date) -> dict[str, Any]:
    """A decision, whose withdrawal is about the past. Raises ValidationError naming each field."""
    found: dict[str, Any] = DecisionIn().load(data)
    if found["withdrawal"] is not None:
        try:
            found["withdrawal"] = WithdrawalIn(day=day).load(data["withdrawal"])
        except ValidationError as error:
            raise ValidationError({"withdrawal": error.messages}) from error
    return found
