"""Asking the blacklist without saying about whom."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.listing import PublicListing

PREFIX = validate.Regexp(r"\A[0-9a-f]{2,5}\Z", error="2 to 5 hexadecimal digits in small letters.")


class Beginning(Schema):
    """The first digits of the SHA-256 of a code."""

    prefix = fields.String(required=True, validate=PREFIX)


class BegunTold(PublicListing):
    """A listing in force, and the rest of its code's fingerprint."""

    rest = fields.String(required=True, metadata={"description": "the digits after the prefix"})


class BeginningPage(Schema):
    """Every listing in force whose fingerprint begins so."""

    prefix = fields.String(required=True)
    items = fields.List(fields.Nested(BegunTold), required=True)


class FilterTold(Schema):
    """Fingerprints of the listed codes, cut to `bytes` bytes, sorted, base64. What it doesn't hold isn't listed."""

    format = fields.String(required=True)
    bytes = fields.Integer(required=True)
    count = fields.Integer(required=True)
    as_of = fields.Date(required=True)
    seq = fields.Integer(required=True)
    false_positives = fields.Float(required=True, metadata={"description": "share of others told as perhaps listed"})
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the fingerprints"})
    site = fields.String(required=True)
    fingerprints = fields.String(required=True)
    kid = fields.String(required=True)
    signature = fields.String(required=True)
