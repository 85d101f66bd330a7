"""The falls that wait to be shown, for staff: of whom, from which grade to which, why, and until when to object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import or_, select

from credit.db import db
from credit.models import Span, Standing
from credit.rules.falls import LOW
from credit.services import enterprises
from credit.services.grading import prepare
from credit.services.look_up import public_record
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import eras

Told = dict[str, Any]


def page(day: date, cursor: str | None = None, limit: int = 50) -> Page:
    """Enterprises whose fall waits on `day`, by number, each as `told` has it."""
    checked_limit(limit)
    now = (Span.since <= day) & or_(Span.until.is_(None), Span.until > day)
    waiting = (
        select(Standing.enterprise_id)
        .join(Span, (Span.enterprise_id == Standing.enterprise_id) & now)
        .where(Standing.grade.in_(LOW), Span.grade != Standing.grade)
    )
    if cursor is not None:
        waiting = waiting.where(Standing.enterprise_id > number_of(cursor))
    found = list(db.session.scalars(waiting.order_by(Standing.enterprise_id).limit(limit + 1)))
    items = [one for one in _told(found[:limit], day) if one is not None]
    return Page(items, str(found[limit - 1]) if len(found) > limit else None)


def of(code: str, day: date) -> Told | None:
    """The fall of one enterprise that waits on `day`; None where none does. Raises what a look-up of a code raises."""
    return next(iter(_told([enterprises.find(code)], day)), None)


def _told(ids: Sequence[int], day: date) -> list[Told | None]:
    """By enterprise: code, name, from and to (grades), since, shown_from, contested, because (findings)."""
    if not ids:
        return []
    made = prepare(ids, eras(), day, lawful=True).records
    return [_one(orjson.loads(body), day) for body in made["body"]]


def _one(lawful: Told, day: date) -> Told | None:
    pending = lawful["grade_pending"]
    if pending is None:
        return None
    shown = public_record(lawful["code"], day).as_dict()
    known = {(one["rule"], one["event"], one["outcome"]) for one in shown["findings"]}
    because = [one for one in lawful["findings"] if (one["rule"], one["event"], one["outcome"]) not in known]
    return {
        "code": lawful["code"], "name": lawful["name"], "from": shown["grade"], "to": lawful["grade"],
        "because": because, **pending,
    }  # fmt: skip
