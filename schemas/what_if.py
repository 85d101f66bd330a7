"""A supposition about an enterprise, and what would become of its grade."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from credit.terms import Cessation
from schemas.event import load_event
from schemas.fields import BEYOND, Text, Word
from schemas.forecast import Forecast
from schemas.listing import Words
from schemas.record import Finding, PolicyName

MOST = 20
EVENTS = {"description": "each as POST /events takes it, without the department; `code` may be left out"}


class CessationIn(Schema):
    """What would end an event: repaired, revoked, masked or withdrawn on a day."""

    event = fields.Integer(
        required=True,
        strict=True,
        validate=[validate.Range(-MOST, BEYOND), validate.NoneOf([0])],
        metadata={"description": "id of an event on file, or -1 for the first supposed one, -2 for the second ..."},
    )
    ground = Word(Cessation, required=True)
    on = fields.Date(required=True)


class WhatIfIn(Schema):
    """This enterprise with these events and cessations, graded on a day from today to 36 months ahead."""

    code = Text(64, shortest=1, required=True, metadata={"description": "unified code (18) or organization code (9)"})
    on = fields.Date(load_default=None, metadata={"description": "the day that is graded; today if left out"})
    events = fields.List(fields.Dict(), load_default=list, validate=validate.Length(max=MOST), metadata=EVENTS)
    cessations = fields.List(fields.Nested(CessationIn), load_default=list, validate=validate.Length(max=MOST))


class Side(Schema):
    """The grading of the day. Of findings, those that the public doesn't see are told too."""

    score = fields.Integer(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    tier = fields.String(required=True, allow_none=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class Changed(Schema):
    """A finding that came, went, or has other points or another outcome."""

    change = fields.String(required=True, metadata={"enum": ["came", "went", "changed"]})
    before = fields.Nested(Finding, required=True, allow_none=True)
    after = fields.Nested(Finding, required=True, allow_none=True)


class Ahead(Schema):
    """What would change the grade by itself after the day."""

    before = fields.Nested(Forecast, required=True)
    after = fields.Nested(Forecast, required=True)


class WhatIf(Schema):
    """The enterprise as it is and as it would be. Nothing was written."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    on = fields.String(required=True, metadata={"format": "date"})
    policy = fields.Nested(PolicyName, required=True)
    before = fields.Nested(Side, required=True)
    after = fields.Nested(Side, required=True)
    changed = fields.List(fields.Nested(Changed), required=True)
    forecast = fields.Nested(Ahead, required=True)
    notices = fields.List(fields.Nested(Words), required=True)


def load_what_if(data: Any, today: date, last: date) -> dict[str, Any]:
    """A supposition, checked: `on` is a day, and each event is checked as if it were reported on it.

    `last`: the last day that may be asked for. Raises ValidationError naming each field.
    """
    asked: dict[str, Any] = WhatIfIn().load(data)
    on = asked["on"] = asked["on"] or today
    if not today <= on <= last:
        raise ValidationError({"on": [f"Ask for a day from {today} to {last}."]})
    wrong: dict[str, Any] = {}
    asked["events"] = _each(
        "events", asked["events"], lambda event: load_event({"code": asked["code"]} | event, on), wrong
    )
    _each("cessations", asked["cessations"], lambda one: _not_after(on, one["on"]), wrong)
    if wrong:
        raise ValidationError(wrong)
    return asked


def _each(name: str, given: list[Any], load: Callable[[Any], Any], wrong: dict[str, Any]) -> list[Any]:
    """Every entry loaded; what is wrong goes to `wrong` by name and place."""
    found = []
    for place, one in enumerate(given):
        try:
            found.append(load(one))
        except ValidationError as error:
            wrong.setdefault(name, {})[place] = error.messages
    return found


def _not_after(on: date, ceased: date) -> None:
    if ceased > on:
        raise ValidationError({"on": [f"{ceased} lies after the day that is graded ({on})."]})
