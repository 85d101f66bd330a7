"""Receipts as anybody may check them."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.fields import Text


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
    body = fields.Dict()


class ReceiptFile(Schema):
    """A receipt to check: its signature; its number and its body where they are at hand."""

    signature = Text(4096, required=True)
    id = Text(64)
    digest = Text(64)
    body = fields.Dict()


class CheckedTold(Schema):
    """Whether it is good, in a word and in both languages, and what was signed."""

    good = fields.Boolean(required=True)
    word = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    facts = fields.Dict(required=True, allow_none=True)
