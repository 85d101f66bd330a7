"""Forecast: on which days ahead a grade changes by itself, to what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from credit.rules.forecast import Graded, Turn, turns
from credit.services import enterprises
from credit.services.ages import Age, ages, days_of_change, public_ages
from credit.services.dossiers import Dossiers, load
from credit.services.grading import HORIZON, told_history
from credit.services.look_up import public_record, told_spans
from credit.services.policies import Era, eras, law_among
from credit.services.tellings import tellings


def forecast(text: str, day: date) -> dict[str, Any]:
    """What lies ahead of an enterprise, told from what the public may see on `day` alone.

    A failure that isn't final yet is not foretold: the public learns of it when it is final.
    """
    found = eras_from(day)
    dossiers = load([enterprises.find(text)], law_among(found, day), others=[era.law for era in found])
    return {"code": str(dossiers.versions["code"][-1]), **_public(dossiers, found, day)}


def over_time(text: str, day: date) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Spans of grade up to `day`, latest first as services.look_up tells them, and the forecast."""
    found = eras()
    law = law_among(found, day)
    dossiers = load([enterprises.find(text)], law, others=[era.law for era in found])
    past = told_history(dossiers, law, found, day).sort("since", descending=True)
    return told_spans(past), _public(dossiers, found, day)


def _public(dossiers: Dossiers, found: Sequence[Era], day: date) -> dict[str, Any]:
    """While a fall waits to be shown nothing is foretold: it would tell to which grade."""
    record = public_record(str(dossiers.versions["code"][-1]), day).as_dict()
    if record["grade_pending"] is not None:
        told = {"grade": record["grade"], "score": record["score"], "items": []}
        return {"on": day.isoformat(), "until": horizon(day).isoformat(), **told}
    lasting = [age for age in ages(dossiers, found) if age.lasts_beyond(day)]
    return ahead(public_ages(lasting, day, dossiers.law), dossiers.events, day)


def ahead(over: Sequence[Age], events: pl.DataFrame, day: date) -> dict[str, Any]:
    """From which day to which was looked, the grade on the first, and each later change of it."""
    until = horizon(day)
    graded = _graded(over, events, day, until)
    return {
        "on": day.isoformat(),
        "until": until.isoformat(),
        "grade": graded[0].grade if graded else None,
        "score": graded[0].score if graded else None,
        "items": [_item(turn) for turn in turns(graded)],
    }


def eras_from(day: date) -> list[Era]:
    """The eras that last beyond `day`."""
    return [era for era in eras() if era.until is None or era.until > day]


def horizon(day: date) -> date:
    """The last day that is looked ahead to."""
    found: date = pl.select(pl.lit(day).dt.offset_by(HORIZON)).item()
    return found


def _graded(over: Sequence[Age], events: pl.DataFrame, day: date, until: date) -> list[Graded]:
    """`day` and each day of change until the horizon, graded with reasons."""
    today = over[0].facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    later = days_of_change(over).filter(pl.col("day") > day, pl.col("day") <= until)
    found = tellings(over, pl.concat([today, later]), events)
    new_law = _days_of_new_law(over)
    return [
        Graded(one.day, one.score, one.grade, one.findings, one.day in new_law) for one in found
    ]


def _days_of_new_law(over: Sequence[Age]) -> set[date]:
    """The first day of each law, and the days on which a later dated value of it comes into force."""
    return {
        start
        for age in over
        for start in (age.era.since, *age.era.law.change_days)
        if age.era.since <= start and (age.era.until is None or start < age.era.until)
    }


def _item(turn: Turn) -> dict[str, Any]:
    because = [cause._asdict() | {"on": cause.on.isoformat()} for cause in turn.because]
    return turn._asdict() | {"on": turn.on.isoformat(), "because": because}

