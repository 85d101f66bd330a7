"""Supplier lists, as buyers save and read them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import Text
from schemas.screening import MOST


class SupplierListIn(Schema):
    """Whom a buyer follows. `url`: a receiver for changes; with a department's key alone."""

    name = Text(shortest=1, required=True, metadata={"example": "2026年常用供应商"})
    kind = Text(64, load_default="government-procurement")
    codes = fields.List(Text(64), required=True, validate=validate.Length(min=1, max=MOST))
    url = Text(2000, load_default=None, allow_none=True)


class SupplierTold(Schema):
    """A supplier with its verdict of `as_of`, and when that last changed (null: not since it was saved)."""

    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    verdict = fields.String(required=True, allow_none=True)
    changed_at = fields.String(required=True, allow_none=True)


class SupplierListTold(Schema):
    """A list, brought up to date before it is told."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    as_of = fields.Date(required=True, allow_none=True)
    seq = fields.Integer(required=True)
    suppliers = fields.List(fields.Nested(SupplierTold), required=True)


class SupplierListMade(SupplierListTold):
    """A new list with what is told this once: its secret, its feed's address, the key that signs its webhooks."""

    secret = fields.String(required=True)
    feed = fields.String(required=True)
    signing_key = fields.String(required=True, allow_none=True)
