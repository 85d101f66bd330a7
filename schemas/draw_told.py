"""Draws as they are told: to supervisors whole, to the public only what proves them."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.draw import LINE, PlanIn, lines
from schemas.fields import PARAGRAPH, Text
from schemas.query import REGION, Paged
from schemas.transparency import EvidenceTold


class InspectorNew(Schema):
    """An inspector for the directory. No regions: all of them."""

    name = Text(shortest=1, required=True)
    regions = lines(REGION)
    qualifications = lines()
    login = Text(64, 1, load_default=None, allow_none=True, metadata={"description": "of the officer who signs in"})


class RecusalIn(Schema):
    """An enterprise to stay away from, and why."""

    code = Text(18, 18, required=True)
    reason = Text(PARAGRAPH, shortest=1, required=True)


class InspectorOut(Schema):
    """An inspector with the tasks given this year."""

    number = fields.Integer(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    regions = fields.List(fields.String(), required=True)
    qualifications = fields.List(fields.String(), required=True)
    recused = fields.List(fields.String(), required=True)
    tasks = fields.Integer(required=True)
    left_on = fields.Date(required=True, allow_none=True)
    login = fields.String(required=True, allow_none=True)


class InspectorPage(Schema):
    """A page of the directory, by number."""

    items = fields.List(fields.Nested(InspectorOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DrawQuery(Paged):
    """Which page."""


class DrawActIn(Schema):
    """One act: approve, commit (perhaps to a public text that is to come), draw (perhaps with that text), reveal."""

    act = fields.String(required=True, validate=validate.OneOf(["approve", "commit", "draw", "reveal"]))
    seed_source = Text(256, 1, LINE, load_default=None, allow_none=True)
    seed = Text(1000, 1, LINE, load_default=None, allow_none=True)

    @validates_schema
    def _belongs(self, data: dict[str, object], **_: object) -> None:
        for name, act in (("seed_source", "commit"), ("seed", "draw")):
            if data[name] is not None and data["act"] != act:
                raise ValidationError(f"Only for {act}.", name)


class DrawHead(Schema):
    """A draw in outline."""

    number = fields.Integer(required=True)
    plan_id = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    department = fields.String(required=True)
    made_on = fields.Date(required=True)


class DrawPage(Schema):
    """A page of draws, the latest first."""

    items = fields.List(fields.Nested(DrawHead), required=True)
    next = fields.String(required=True, allow_none=True)


class DrawActOut(Schema):
    """What was done, by whom, and what it said; the seed and the salt are told by none."""

    act = fields.String(required=True)
    acted_on = fields.Date(required=True)
    officer = fields.String(required=True)
    fields_ = fields.Dict(required=True, data_key="fields", attribute="fields")


class MonthOut(Schema):
    """The load of a month."""

    month = fields.Integer(required=True)
    inspections = fields.Integer(required=True)


class LeftOut(Schema):
    """How many are no candidates: closed, no-tier, yearly-cap, higher-level."""

    why = fields.String(required=True)
    enterprises = fields.Integer(required=True)


class StratumOut(Schema):
    """A stratum (tier and risk): due before rounding, quota after."""

    stratum = fields.String(required=True)
    candidates = fields.Integer(required=True)
    due = fields.Float(required=True)
    quota = fields.Integer(required=True)


class Outlook(Schema):
    """What the plan asks for as the register stands today."""

    budget = fields.Integer(required=True)
    candidates = fields.Integer(required=True)
    inspectors = fields.Integer(required=True)
    tasks_each = fields.Float(required=True, allow_none=True)
    months = fields.List(fields.Nested(MonthOut), required=True)
    left_out = fields.List(fields.Nested(LeftOut), required=True)
    strata = fields.List(fields.Nested(StratumOut), required=True)


class TeamOut(Schema):
    """Who goes there."""

    number = fields.Integer(required=True)
    name = fields.String(required=True)


class DrawnOut(Schema):
    """A drawn enterprise, with its internal tier."""

    place = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    tier = fields.String(required=True)
    risk = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    industry = fields.String(required=True, allow_none=True)
    pseudonym = fields.String(required=True)
    ticket = fields.String(required=True)
    inspectors = fields.List(fields.Nested(TeamOut), required=True)


class DrawOut(DrawHead):
    """A draw whole: `outlook` until it is drawn, `drawn` from then on."""

    plan = fields.Nested(PlanIn, required=True)
    acts = fields.List(fields.Nested(DrawActOut), required=True)
    outlook = fields.Nested(Outlook, required=True, allow_none=True)
    drawn = fields.List(fields.Nested(DrawnOut), required=True)


class CommitmentOut(Schema):
    """What the public sees of a draw until its inspections are over."""

    number = fields.Integer(required=True)
    commitment = fields.String(required=True)
    committed_on = fields.Date(required=True)
    seed_source = fields.String(required=True, allow_none=True)
    revealed = fields.Boolean(required=True)


class CommitmentPage(Schema):
    """A page of commitments, the latest first."""

    items = fields.List(fields.Nested(CommitmentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DrawStatement(Schema):
    """What was committed to: SHA-256 over it as JSON with sorted names and no blanks is the commitment."""

    draw = fields.Integer(required=True)
    plan = fields.String(required=True)
    plan_digest = fields.String(required=True)
    seq = fields.Integer(required=True)
    candidates = fields.Integer(required=True)
    inputs_digest = fields.String(required=True)
    quotas = fields.Dict(fields.String(), fields.Integer(), required=True)
    seed_digest = fields.String(required=True, allow_none=True)
    seed_source = fields.String(required=True, allow_none=True)


class ProofOut(CommitmentOut):
    """A commitment, and once revealed what anybody needs to draw again. `inputs`: where they are, if published."""

    statement = fields.Nested(DrawStatement, required=True, allow_none=True)
    seed = fields.String(required=True, allow_none=True)
    drawn = fields.List(fields.String(), required=True, allow_none=True)
    inputs = fields.String(required=True, allow_none=True)
    log = fields.Nested(
        EvidenceTold, required=True, allow_none=True,
        metadata={"description": "that the commitment is in the transparency log; null until the day's head is signed"},
    )
