"""The forecast of a grade: what changes by itself, and why."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.listing import Words

WHAT = [
    "ended", "counts-from", "counts-no-more", "counts-otherwise", "clean-year", "clean-years-lost",
    "listing-ended", "listed", "condition-met", "condition-missed", "rated", "not-rated", "law",
]  # fmt: skip


class Cause(Schema):
    """What happens to one event or condition on a day; `points`: what the score gains or loses by it."""

    on = fields.String(required=True, metadata={"format": "date"})
    event = fields.Integer(required=True, allow_none=True)
    rule = fields.String(required=True)
    what = fields.String(required=True, metadata={"enum": WHAT})
    points = fields.Integer(required=True)
    sentence = fields.Nested(Words, required=True)


class Turn(Schema):
    """A day on which the grade changes by itself.

    `was` and `score_was` hold on the last such day, or today; the points of `because` sum to the
    difference of the scores. What happens on the day itself comes first.
    """

    on = fields.String(required=True, metadata={"format": "date"})
    grade = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    was = fields.String(required=True, allow_none=True)
    score_was = fields.Integer(required=True, allow_none=True)
    because = fields.List(fields.Nested(Cause), required=True)


class Forecast(Schema):
    """The changes of the grade from `on` to `until`; without items nothing ahead changes it."""

    on = fields.String(required=True, metadata={"format": "date"})
    until = fields.String(required=True, metadata={"format": "date"})
    grade = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    items = fields.List(fields.Nested(Turn), required=True)


class PublicForecast(Forecast):
    """The forecast of an enterprise, told from what may be shown today."""

    code = fields.String(required=True)
    next = fields.String(required=True, allow_none=True)
