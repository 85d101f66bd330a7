"""Receipts as anybody may check them."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.fields import Text
from schemas.transparency import EvidenceTold


class ReceiptTold(Schema):
    """What a receipt says to anybody; `body` to its holder alone."""

    id = fields.String(required=True)
    digest = fields.String(required=True)
    signature = fields.String(required=True)
    kid = fields.String(required=True)
    seq = fields.Integer(required=True)
    as_of = fields.Date(required=True)
    policy = fields.String(required=True)
    made_at = fields.String(required=True)
    refers_to = fields.String(required=True, allow_none=True)
    log = fields.Nested(
        EvidenceTold, required=True, allow_none=True,
        metadata={"description": "proof that it is in the transparency log; null until the day's head is signed"},
    )
    body = fields.Dict()
    checks = fields.List(fields.Dict(), metadata={"description": "to its holder: every check of the tender"})
    clearances = fields.List(fields.Dict(), metadata={"description": "to its holder: what was cleared in the tender"})


class BidderIn(Schema):
    """A bidder as it stands in the list that was checked."""

    code = Text(load_default=None, allow_none=True)
    name = Text(load_default=None, allow_none=True)


class ClearanceIn(Schema):
    """That a bidder is not this firm (`code`), or not the one that an entry (`list`, `document_no`) means."""

    bidder = fields.Nested(BidderIn, required=True)
    code = Text(18, load_default=None, allow_none=True)
    list = Text(32, load_default=None, allow_none=True)
    document_no = Text(load_default=None, allow_none=True)
    by = Text(shortest=1, required=True, metadata={"description": "who says so, as the tender's file shall have it"})
    reason = Text(1_000, shortest=1, required=True)


class ClearanceOut(Schema):
    """The clearance's number."""

    id = fields.Integer(required=True)


class ReceiptFile(Schema):
    """A receipt to check, as the register gave it: its signature, and of the rest whatever is at hand."""

    signature = Text(4096, required=True)
    id = Text(64)
    digest = Text(64)
    kid = Text(64)
    seq = fields.Integer(strict=True)
    as_of = Text(10)
    policy = Text(64)
    made_at = Text(40)
    refers_to = Text(22, allow_none=True)
    log = fields.Dict(allow_none=True)
    secret = Text(64, metadata={"description": "not needed, and not looked at"})
    verify = Text(512, metadata={"description": "not looked at"})
    body = fields.Dict()


class CheckedTold(Schema):
    """Whether it is good, in a word and in both languages, and what was signed."""

    good = fields.Boolean(required=True)
    word = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    facts = fields.Dict(required=True, allow_none=True)
