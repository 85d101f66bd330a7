"""What changes a fact on file: a correction, a withdrawal, the taking back of one, a demand and its refusal."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import DemandGround, Withdrawal
from schemas.event import AwardIn, InspectionIn, ViolationIn, load_event
from schemas.fields import BEYOND, EARLIEST, PARAGRAPH, Text, Word

VERSION = {"description": "the version that is corrected, as GET tells it; left out: the one that counts on receipt"}


class Rests(Schema):
    """The document on which a correction rests."""

    no = Text(shortest=1, required=True)
    day = fields.Date(required=True)


class Dated(Schema):
    """A document about the past: `day` is the day of receipt, and none of its days lies after it."""

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    @validates_schema
    def _days_have_come(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {
            name: [f"{value} must lie between {EARLIEST} and the day of receipt, {self.day}."]
            for name, value in data.items()
            if isinstance(value, date) and self.day and not EARLIEST <= value <= self.day
        }
        if wrong:
            raise ValidationError(wrong)


class CorrectionOnly(Schema):
    """What a correction says beside the corrected document."""

    reason = Text(PARAGRAPH, shortest=1, required=True)
    document = fields.Nested(Rests, required=True)
    version = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, BEYOND), metadata=VERSION)


class CorrectedViolation(ViolationIn, CorrectionOnly):
    """A violation as it should have been reported, and why."""


class CorrectedInspection(InspectionIn, CorrectionOnly):
    """An inspection as it should have been reported, and why."""


class CorrectedAward(AwardIn, CorrectionOnly):
    """An award as it should have been reported, and why."""


class WithdrawalIn(Dated):
    """Why a department withdraws what it reported, and since when the basis is gone."""

    reason = Word(Withdrawal, required=True)
    document_no = Text(load_default="", metadata={"description": "the decision that revoked or found it illegal"})
    revoked_on = fields.Date(required=True, metadata={"description": "the day on which the basis fell"})
    explanation = Text(PARAGRAPH, load_default="")

    @validates_schema
    def _the_reason_is_told(self, data: dict[str, Any], **_: Any) -> None:
        reason = data.get("reason")
        if reason in (Withdrawal.BASIS_REVOKED, Withdrawal.FOUND_ILLEGAL) and not data.get("document_no"):
            raise ValidationError("Name the decision that took the basis away.", "document_no")
        if reason in (Withdrawal.REPORTED_BY_MISTAKE, Withdrawal.OTHER) and not data.get("explanation"):
            raise ValidationError("Say in words why (SAMR Order 45 article 11 asks for reasons).", "explanation")


class RestorationIn(Schema):
    """Why a withdrawal is taken back."""

    reason = Text(PARAGRAPH, shortest=1, required=True)
    document = fields.Nested(Rests, required=True)


class DemandIn(Dated):
    """What is wrong with a fact on file, by which document, and when the register was told."""

    ground = Word(DemandGround, load_default=DemandGround.INACCURATE)
    wrong = Text(PARAGRAPH, shortest=1, required=True, metadata={"description": "what is wrong, in words"})
    document_no = Text(shortest=1, required=True, metadata={"description": "the evidence"})
    received_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "left out: today"})


class RefusalIn(Schema):
    """Why a demand is refused."""

    reason = Text(PARAGRAPH, shortest=1, required=True)
    document_no = Text(load_default="")


class DemandReceipt(Schema):
    """The demand as it was kept, and until when it must be answered."""

    id = fields.Integer(required=True)
    event = fields.Integer(required=True)
    department = fields.String(required=True)
    demanded_by = fields.String(required=True)
    ground = fields.String(required=True)
    wrong = fields.String(required=True)
    document_no = fields.String(required=True)
    received_on = fields.Date(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    late = fields.Boolean(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


def load_correction(data: Any, day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The corrected event, checked, and what is said beside it. Raises ValidationError naming each field."""
    if not isinstance(data, dict):
        raise ValidationError("Send one JSON object.")
    beside = CorrectionOnly().fields
    wrong: dict[str, Any] = {}
    said: dict[str, Any] = {}
    event: dict[str, Any] = {}
    try:
        said = CorrectionOnly().load({name: value for name, value in data.items() if name in beside})
    except ValidationError as error:
        wrong |= _by_field(error)
    try:
        event = load_event({name: value for name, value in data.items() if name not in beside}, day)
    except ValidationError as error:
        wrong |= _by_field(error)
    if said and said["document"]["day"] > day:
        wrong["document"] = {"day": [f"{said['document']['day']} lies in the future: today is {day}."]}
    if wrong:
        raise ValidationError(wrong)
    return event, said


def _by_field(error: ValidationError) -> dict[str, Any]:
    found: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
    return found
