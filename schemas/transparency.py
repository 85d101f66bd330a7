"""The transparency log as anybody may check it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.fields import BEYOND
from schemas.query import Query

HASH: dict[str, Any] = {"description": "64 hexadecimal digits", "example": "0" * 64}
SIZE = validate.Range(0, BEYOND - 1)


class InclusionQuery(Query):
    """Of which leaf the proof is asked, and for which head."""

    number = fields.Integer(required=True, validate=SIZE, metadata={"description": "the leaf, counted from 0"})
    size = fields.Integer(
        load_default=None, validate=SIZE, metadata={"description": "size of a signed head; the last one if left out"}
    )


class ConsistencyQuery(Query):
    """The sizes of two signed heads, the earlier one first."""

    first = fields.Integer(required=True, validate=validate.Range(1, BEYOND - 1))
    second = fields.Integer(required=True, validate=validate.Range(1, BEYOND - 1))


class HeadTold(Schema):
    """A signed head: the root over the first `size` leaves; acts up to change `seq` are in it."""

    size = fields.Integer(required=True)
    root = fields.String(required=True, metadata=HASH)
    made_at = fields.String(required=True)
    seq = fields.Integer(required=True)
    kid = fields.String(required=True)
    signature = fields.String(required=True)


class HeadPage(Schema):
    """Heads in the order of their signing."""

    items = fields.List(fields.Nested(HeadTold), required=True)
    next = fields.String(required=True, allow_none=True)


class LeafTold(Schema):
    """The hash of a leaf: it tells nothing of what it is about."""

    number = fields.Integer(required=True)
    hash = fields.String(required=True, metadata=HASH)


class LeafPage(Schema):
    """Leaves in their order."""

    items = fields.List(fields.Nested(LeafTold), required=True)
    next = fields.String(required=True, allow_none=True)


class InclusionTold(Schema):
    """That a leaf is in the tree of a head (RFC 9162, 2.1.3)."""

    number = fields.Integer(required=True)
    leaf = fields.String(required=True, metadata=HASH)
    path = fields.List(fields.String(metadata=HASH), required=True)
    head = fields.Nested(HeadTold, required=True)


class ConsistencyTold(Schema):
    """That a later head holds everything of an earlier one, unchanged (RFC 9162, 2.1.4). `credit verify` checks it."""

    first = fields.Nested(HeadTold, required=True)
    second = fields.Nested(HeadTold, required=True)
    path = fields.List(fields.String(metadata=HASH), required=True)


class EvidenceTold(Schema):
    """What a leaf is about, with its salt, and the proof that it is in the log. `credit verify` checks it."""

    content = fields.Dict(required=True)
    salt = fields.String(required=True)
    number = fields.Integer(required=True)
    path = fields.List(fields.String(metadata=HASH), required=True)
    head = fields.Nested(HeadTold, required=True)


class EvidenceList(Schema):
    """Evidence of an enterprise's listings in force; of one that is not in the log yet there is none."""

    items = fields.List(fields.Nested(EvidenceTold), required=True)
