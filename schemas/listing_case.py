"""Listings as the departments work on them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from credit.rules.blacklist import ACTS
from credit.terms import Category, ListingState, Penalty
from schemas.fields import BEYOND, PARAGRAPH, Text
from schemas.listing import PublicListing, Words
from schemas.query import Paged

MORE = ("answer", "cleared", "masked_facts", "event_id", "no_intent", "penalty_document_no", "remark")
FIELDS = tuple(sorted({field for act in ACTS.values() for field in act.fields} | set(MORE)))


class ListingQuery(Paged):
    """Which listings."""

    state = fields.String(load_default=None, validate=validate.OneOf([str(state) for state in ListingState]))
    department = Text(load_default=None, metadata={"description": "a department by name; yours if left out; * for all"})


class ListingIn(Schema):
    """A proposal to list an enterprise."""

    code = Text(64, shortest=1, required=True)
    list = Text(64, shortest=1, required=True)
    ground = Text(64, shortest=1, required=True)
    facts = Text(PARAGRAPH, shortest=1, required=True)
    event_id = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, BEYOND))
    case_no = Text(load_default=None, allow_none=True)


class CaseIn(Schema):
    """A penalty that is being decided."""

    code = Text(64, shortest=1, required=True)
    case_no = Text(shortest=1, required=True)
    category = fields.String(required=True, validate=validate.OneOf([str(one) for one in Category]))
    penalties = fields.List(
        fields.String(validate=validate.OneOf([str(one) for one in Penalty])),
        required=True,
        validate=validate.Length(1),
    )
    heavier = fields.Boolean(load_default=False, metadata={"description": "the fine is imposed 从重"})
    facts = Text(PARAGRAPH, shortest=1, required=True)


def _field(name: str) -> Any:
    if name.endswith("_on"):
        return fields.Date(allow_none=True)
    if name == "event_id":
        return fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, BEYOND))
    return Text(PARAGRAPH, allow_none=True)


ListingDocument = Schema.from_dict({name: _field(name) for name in FIELDS}, name="ListingDocument")


class ListingActIn(Schema):
    """One act on a listing, with the fields of its document."""

    act = fields.String(required=True, validate=validate.OneOf(list(ACTS)))
    document = fields.Nested(ListingDocument, load_default=dict)


class ListingOutline(Schema):
    """A listing in outline."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True)
    list = fields.String(required=True)
    ground = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": [str(state) for state in ListingState]})
    state_name = fields.Nested(Words, required=True)
    since = fields.Date(required=True)


class DoneAct(Schema):
    """An act that was done."""

    seq = fields.Integer(required=True)
    act = fields.String(required=True)
    name = fields.Nested(Words, required=True)
    state = fields.String(required=True)
    on = fields.Date(required=True)
    officer = fields.String(required=True, allow_none=True)
    in_stead_of = fields.String(required=True, allow_none=True)
    document_no = fields.String(required=True, allow_none=True)
    document = fields.Dict(required=True)


class NextAct(Schema):
    """An act that the table of states allows now."""

    act = fields.String(required=True)
    name = fields.Nested(Words, required=True)
    role = fields.String(required=True)
    document = fields.List(fields.String(), required=True, metadata={"description": "the fields it must hold"})


class ListingStory(ListingOutline):
    """A listing with all its acts, and what may follow."""

    facts = fields.String(required=True)
    proposed_facts = fields.String(
        required=True, allow_none=True, metadata={"description": "masked, where the facts tell of people"}
    )
    event = fields.Integer(required=True, allow_none=True)
    acts = fields.List(fields.Nested(DoneAct), required=True)
    next = fields.List(fields.Nested(NextAct), required=True)


class ListingStories(Schema):
    """A page of listings."""

    items = fields.List(fields.Nested(ListingOutline), required=True)
    next = fields.String(required=True, allow_none=True)


class FormerQuery(Paged):
    """Which former listings."""

    q = Text(100, load_default=None, metadata={"description": "part of the code or of the decision's number"})


class FormerListing(PublicListing):
    """A listing that has come off the list, and how."""

    class Meta:
        exclude = ("objection", "statement")

    id = fields.Integer(required=True)
    ended_on = fields.String(required=True, metadata={"format": "date"})
    ended_by = fields.Nested(Words, required=True)
    ended_why = fields.String(required=True, allow_none=True)
    end_document_no = fields.String(required=True, allow_none=True)


class FormerListings(Schema):
    """A page of former listings."""

    items = fields.List(fields.Nested(FormerListing), required=True)
    next = fields.String(required=True, allow_none=True)


class CaseAnswer(Schema):
    """What the rule said of a case."""

    proposed = fields.Boolean(required=True)
    listing = fields.Integer(required=True, allow_none=True)
