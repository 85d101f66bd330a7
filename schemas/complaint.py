"""Complaints and reports: as the public sends them and follows them up, as departments deal with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.rules.complaints import ACTS
from credit.terms import ComplaintCategory, ComplaintKind, ComplaintState
from schemas.fields import BEYOND, PARAGRAPH, Text, Word
from schemas.objection import PHONE, AttachmentIn
from schemas.query import Paged

MOST_WORDS = 5_000
OF_STAFF = tuple(name for name in ACTS if name != "withdraw")
ITEM = validate.Regexp(
    r"(?:[0-9A-Za-z.-]{1,32})?\Z", error="Letters, digits, dots and dashes alone."
)


class ComplaintIn(Schema):
    """A complaint (name, telephone and address needed) or a report (anonymous if you like)."""

    kind = Word(ComplaintKind, required=True)
    category = Word(ComplaintCategory, required=True)
    department = Text(
        load_default="", metadata={"description": "left out: the register's first department"}
    )
    code = Text(
        40, load_default="", metadata={"description": "code of the enterprise, where you know it"}
    )
    enterprise = Text(
        load_default="", metadata={"description": "name of the enterprise, as far as you know it"}
    )
    item_code = Text(
        32,
        like=ITEM,
        load_default="",
        metadata={"description": "bar code or number of the product"},
    )
    place = Text(load_default="")
    happened_on = fields.Date(load_default=None, allow_none=True)
    words = Text(MOST_WORDS, shortest=1, required=True)
    name = Text(60, load_default="")
    phone = Text(30, like=PHONE, load_default="")
    address = Text(load_default="")
    reward = fields.Boolean(
        load_default=False, metadata={"description": "of a report: give me a code to claim it"}
    )
    attachments = fields.List(fields.Nested(AttachmentIn), load_default=list)

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    @validates_schema
    def _is_whole(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[str]] = {}
        if data["kind"] == ComplaintKind.COMPLAINT:
            wrong = {
                name: ["A complaint needs it."]
                for name in ("name", "phone", "address")
                if not data[name]
            }
            if data["reward"]:
                wrong["reward"] = ["Rewards are for reports."]
        if not data["code"] and not data["enterprise"] and not data["place"]:
            wrong["enterprise"] = ["Name the enterprise, its code or at least the place."]
        if self.day and data["happened_on"] and data["happened_on"] > self.day:
            wrong["happened_on"] = ["The day is today or before."]
        if wrong:
            raise ValidationError(wrong)


class ActTold(Schema):
    """An act, as whoever sent the case reads it."""

    act = fields.String(required=True)
    on = fields.Date(required=True)
    department = fields.String(required=True)
    to = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)


class ComplaintCase(Schema):
    """A case without any word of its sender."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": [str(one) for one in ComplaintKind]})
    category = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": [str(one) for one in ComplaintState]})
    department = fields.String(required=True)
    code = fields.String(required=True)
    item_code = fields.String(required=True)
    happened_on = fields.Date(required=True, allow_none=True)
    filed_on = fields.Date(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    provisional = fields.Boolean(required=True)
    late = fields.Boolean(required=True)
    acts = fields.List(fields.Nested(ActTold), required=True)


class ComplaintReceipt(ComplaintCase):
    """The case as kept; its secret, and the code that claims a reward, told this once."""

    secret = fields.String(required=True)
    reward = fields.String(required=True, allow_none=True)


class ComplaintPage(Schema):
    """A page of cases, the latest first. No personal data."""

    items = fields.List(fields.Nested(ComplaintCase), required=True)
    next = fields.String(required=True, allow_none=True)


class ComplaintQuery(Paged):
    """Which cases."""

    state = fields.String(
        load_default=None, validate=validate.OneOf(tuple(map(str, ComplaintState)))
    )


class ActIn(Schema):
    """One act, and what the sender is told of it: no personal data."""

    act = fields.String(required=True, validate=validate.OneOf(OF_STAFF))
    reason = Text(PARAGRAPH, shortest=1, required=True)
    department = Text(load_default="", metadata={"description": "of a transfer: to which"})
    case = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, BEYOND),
        metadata={"description": "of joining: the number of the other case"},
    )  # fmt: skip


class OpeningIn(Schema):
    """Why what is sealed is read: the audit keeps it."""

    reason = Text(shortest=1, required=True)


class Opened(Schema):
    """What was said and by whom."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    address = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "as typed"})
    enterprise = fields.String(required=True)
    place = fields.String(required=True)
    words = fields.String(required=True)
    files = fields.List(fields.String(), required=True)
