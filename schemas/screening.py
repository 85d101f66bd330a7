"""Screenings: a tender's bidders as they are sent, and what was found of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import Relation, SourceState, Verdict
from schemas.fields import Text
from schemas.listing import Words

MOST = 5_000


class TenderIn(Schema):
    """What is bought, by whom: printed on the receipt. `kind` says which lists exclude."""

    kind = Text(64, load_default="government-procurement", metadata={"example": "government-procurement"})
    number = Text(load_default=None, allow_none=True)
    name = Text(load_default=None, allow_none=True)
    purchaser = Text(load_default=None, allow_none=True)
    agency = Text(load_default=None, allow_none=True)
    lot = Text(load_default=None, allow_none=True)


class SubjectIn(Schema):
    """One bidder: code or name, better both. Members of a consortium have the same `group`."""

    ref = Text(load_default=None, allow_none=True)
    code = Text(load_default=None, allow_none=True)
    name = Text(load_default=None, allow_none=True)
    group = Text(load_default=None, allow_none=True)


class ScreeningIn(Schema):
    """Bidders of a tender. `as_of`: the day of taking part; today if left out.

    With `refers_to`, and that check's secret in the header Receipt-Secret, this is a later check of the same tender:
    its bidders may be left out (those of before), its kind too, and the answer tells what changed `since`.
    """

    tender = fields.Nested(TenderIn, load_default=None)
    subjects = fields.List(fields.Nested(SubjectIn), load_default=None, validate=validate.Length(min=1, max=MOST))
    as_of = fields.Date(load_default=None, allow_none=True)
    refers_to = Text(22, load_default=None, allow_none=True, metadata={"description": "receipt of an earlier check"})

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    @validates_schema
    def _somebody(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("subjects") is None and data.get("refers_to") is None:
            raise ValidationError("Missing data for required field.", "subjects")

    @validates_schema
    def _not_ahead(self, data: dict[str, Any], **_: Any) -> None:
        if self.day and data.get("as_of") and data["as_of"] > self.day:
            raise ValidationError(f"It lies in the future: today is {self.day}.", "as_of")


class SourceTold(Schema):
    """What was found in a source of that name, and as of when; `why` where it counts as not looked into."""

    list = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": [str(one) for one in SourceState]})
    data_as_of = fields.Date(required=True, allow_none=True)
    why = fields.Nested(Words, required=True, allow_none=True)


class HitTold(Schema):
    """An entry of a list, or of the record. `sure`: by code; else the name alone is equal."""

    list = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    basis = fields.String(required=True, allow_none=True)
    document_no = fields.String(required=True, allow_none=True)
    authority = fields.String(required=True, allow_none=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    sure = fields.Boolean(required=True)


class MatchTold(Schema):
    """An enterprise that a bidder means, or may mean, and why."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    relation = fields.String(required=True, metadata={"enum": [str(one) for one in Relation]})
    score = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(Words), required=True)


class ClearanceTold(Schema):
    """What the buyer cleared: the bidder isn't this firm, or not the one that this entry means; by whom, and why."""

    id = fields.Integer(required=True)
    code = fields.String(required=True, allow_none=True)
    list = fields.String(required=True, allow_none=True)
    document_no = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    made_at = fields.String(required=True)


class ResultTold(Schema):
    """What was found of one bidder. `by_group`: excluded because a member of its consortium is."""

    ref = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    group = fields.String(required=True, allow_none=True)
    verdict = fields.String(required=True, metadata={"enum": [str(one) for one in Verdict]})
    by_group = fields.Boolean(required=True)
    same_as = fields.String(
        required=True, allow_none=True, metadata={"description": "ref of an earlier row with the same bidder"}
    )
    sources = fields.List(fields.Nested(SourceTold), required=True)
    exclusions = fields.List(fields.Nested(HitTold), required=True)
    considerations = fields.List(fields.Nested(HitTold), required=True)
    matches = fields.List(fields.Nested(MatchTold), required=True)
    input_error = fields.Nested(Words, required=True, allow_none=True)
    suggestion = fields.String(required=True, allow_none=True)
    cleared = fields.List(fields.Nested(ClearanceTold), required=True)


class ChangeTold(Schema):
    """A bidder for whom something changed: its verdict before (null: not checked before) and now."""

    ref = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True)
    added = fields.List(fields.Nested(HitTold), required=True)
    ended = fields.Integer(required=True, metadata={"description": "how many findings are no more; not which"})


class LeftTold(Schema):
    """A bidder of the earlier check that this one doesn't have."""

    ref = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)


class SinceTold(Schema):
    """Only what changed since an earlier check of the tender, which pinned the register at change `seq`."""

    receipt = fields.String(required=True)
    seq = fields.Integer(required=True)
    known_at = fields.String(required=True)
    changed = fields.List(fields.Nested(ChangeTold), required=True)
    unchanged = fields.Integer(required=True)
    left_out = fields.List(fields.Nested(LeftTold), required=True)


class IssuedTold(Schema):
    """The receipt as its holder gets it, once: the secret opens the body at `verify`."""

    id = fields.String(required=True)
    secret = fields.String(required=True)
    digest = fields.String(required=True)
    signature = fields.String(required=True)
    verify = fields.String(required=True)


class ScreeningTold(Schema):
    """A screening: how many bidders got each verdict, and each bidder's in the order sent."""

    id = fields.String(required=True)
    as_of = fields.Date(required=True)
    known_at = fields.String(required=True)
    seq = fields.Integer(required=True)
    policy = fields.String(required=True, metadata={"description": "digest of the policy"})
    tender = fields.Nested(TenderIn, required=True)
    summary = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    sources = fields.List(fields.Nested(SourceTold), required=True)
    since = fields.Nested(SinceTold, required=True, allow_none=True)
    results = fields.List(fields.Nested(ResultTold), required=True)
    receipt = fields.Nested(IssuedTold, required=True)


class FileQuery(Schema):
    """How a file of bidders is screened."""

    kind = Text(64, load_default="government-procurement")
    as_of = fields.Date(load_default=None, allow_none=True)
