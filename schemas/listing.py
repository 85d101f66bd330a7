"""Listings as the public sees them."""

from __future__ import annotations

from marshmallow import Schema, fields


class Words(Schema):
    """The same in Chinese and English."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class UnderObjection(Schema):
    """The enterprise contests the entry (异议处理中): it is being looked into."""

    since = fields.String(required=True, metadata={"format": "date"})


class Statement(Schema):
    """What the enterprise says to the entry (企业声明), in its own words; an officer checked it for personal data."""

    text = fields.String(required=True)
    since = fields.String(required=True, metadata={"format": "date"})


class Pledge(Schema):
    """The enterprise applied for repair and gave the pledge (守信承诺) of the policy: it is being decided."""

    since = fields.String(required=True, metadata={"format": "date"})


class PublicListing(Schema):
    """One enterprise on one list on one legal basis."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    list = fields.String(required=True)
    list_name = fields.Nested(Words, required=True)
    ground = fields.String(required=True)
    ground_name = fields.Nested(Words, required=True)
    basis = fields.String(required=True)
    authority = fields.String(required=True)
    document_no = fields.String(required=True)
    facts = fields.String(required=True)
    listed_on = fields.String(required=True, metadata={"format": "date"})
    ends_on = fields.String(required=True, metadata={"format": "date"})
    earliest_removal = fields.String(required=True, metadata={"format": "date"})
    measures = fields.Nested(Words, required=True)
    removal_conditions = fields.Nested(Words, required=True)
    remedies = fields.Nested(Words, required=True)
    links = fields.List(fields.String(), required=True)
    objection = fields.Nested(UnderObjection, required=True, allow_none=True)
    statement = fields.Nested(Statement, required=True, allow_none=True)
    pledge = fields.Nested(Pledge, required=True, allow_none=True)


class GroundCount(Schema):
    """How many listings rest on a ground."""

    value = fields.String(required=True)
    name = fields.Nested(Words, required=True)
    count = fields.Integer(required=True)


class AuthorityCount(Schema):
    """How many listings a department made."""

    value = fields.String(required=True)
    count = fields.Integer(required=True)


class ListingCounts(Schema):
    """How many listings are in force on the day, by ground and by authority, and how many fit what was asked."""

    total = fields.Integer(required=True)
    matching = fields.Integer(required=True)
    grounds = fields.List(fields.Nested(GroundCount), required=True)
    authorities = fields.List(fields.Nested(AuthorityCount), required=True)


class ListingPage(Schema):
    """A page of listings, with the day of which it tells."""

    items = fields.List(fields.Nested(PublicListing), required=True)
    next = fields.String(allow_none=True, required=True)
    as_of = fields.Date(required=True)
    counts = fields.Nested(ListingCounts, required=True)
