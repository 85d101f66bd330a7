"""Model card (评价规则说明卡) of a policy version: scope, data, known limits, result of its back-test.

Public: totals alone, of what may be shown today; nobody's name and no supervision tier.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from credit.db import db, is_sqlite
from credit.models import PolicyAct
from credit.reader import reader
from credit.rules.backtest.words import LIMITS as OF_THE_BACKTEST
from credit.rules.law import Law
from credit.services.model_card_words import IS_FOR, LIMITS, NOT_FOR
from credit.services.policies import eras, law_on
from credit.services.policy_trials import policy_named
from credit.terms import Grade

# What may not be shown is not counted: a number that moves would tell of it.
SHOWN = """
SELECT e.kind, d.name, count(*), min(c.in_force_on), max(c.in_force_on)
FROM classification c JOIN event e ON e.seq = c.seq JOIN department d ON d.id = e.department_id
WHERE c.digest = :digest AND c.public AND c.in_force_on <= :day
  AND (c.shown_until IS NULL OR c.shown_until > :day)
  AND NOT EXISTS (SELECT 1 FROM event later WHERE later.replaces = e.seq)
  AND NOT EXISTS (SELECT 1 FROM cessation x WHERE x.event_id = e.event_id AND x.ceased_on <= :day)
GROUP BY e.kind, d.name
"""
GRADED = (
    "SELECT grade, count(*) FROM span WHERE since <= :day AND (until IS NULL OR until > :day) GROUP BY grade"
)
KINDS = ("violation", "inspection", "award")


def model_card(law: Law, on: date, day: date, report: dict[str, Any] | None = None) -> dict[str, Any]:
    """The card of the version in force on `on`, in the shape schemas.backtest.ModelCard.

    policy, on, force_on, until; scope {is_for, not_for}; data as `told_of`, of `day`; limits
    [{key, zh, en}]; backtest: `report` (backtest.summary) or the one kept when the version was
    checked, with `kept_on`, or None. Raises BeforeRegister.
    """
    law.check_asked(on, max(on, day))
    era = next(era for era in reversed(eras()) if era.since <= on)
    kept = report or kept_backtest(law.digest)
    return {
        "policy": policy_named(law),
        "on": str(on),
        "force_on": str(max(era.since, law.first_day)),
        "until": era.until and str(era.until),
        "scope": {"is_for": IS_FOR, "not_for": NOT_FOR},
        "data": told_of(day),
        "limits": LIMITS + (OF_THE_BACKTEST if kept else []),
        "backtest": kept,
    }


def kept_backtest(digest: str) -> dict[str, Any] | None:
    """The summary that the last check of a version kept, with its day."""
    checks = select(PolicyAct).where(PolicyAct.digest == digest, PolicyAct.act == "checked")
    act = db.session.scalars(checks.order_by(PolicyAct.seq.desc()).limit(1)).first()
    found = act.fields.get("backtest") if act else None
    return {"kept_on": str(act.acted_on)} | found if act and found else None


def told_of(day: date) -> dict[str, Any]:
    """What grades rest on, of what may be shown on `day`, under the law of that day.

    as_of, events {kind: count}, first_day, last_day, departments [{name, events}], enterprises,
    graded {grade: count}, not_rated_share (of those graded or not rated).
    """
    digest, found = law_on(day).digest, reader()
    (seq,) = found.one("SELECT last_seq FROM register") or (0,)
    key = (digest, day, seq)
    made = current_app.extensions.get("model_card", (None, {}))
    if made[0] != key:
        # The counts go over all events: they are made once, until something is reported.
        made = current_app.extensions["model_card"] = (key, _counted(digest, day))
    return dict(made[1])


def _counted(digest: str, day: date) -> dict[str, Any]:
    found, on = reader(), day.isoformat() if is_sqlite() else day
    rows = found.all(SHOWN, digest=digest, day=on)
    grades = dict(found.all(GRADED, day=on))
    (enterprises,) = found.one("SELECT count(*) FROM enterprise") or (0,)
    rated = {str(grade): grades[grade] for grade in Grade if grade in grades}
    by_department: dict[str, int] = {}
    for _, name, count, _, _ in rows:
        by_department[name] = by_department.get(name, 0) + count
    ordered = sorted(by_department.items(), key=lambda row: (-row[1], row[0]))
    return {
        "as_of": str(day),
        "events": {kind: sum(row[2] for row in rows if row[0] == kind) for kind in KINDS},
        "first_day": str(min(row[3] for row in rows)) if rows else None,
        "last_day": str(max(row[4] for row in rows)) if rows else None,
        "departments": [{"name": name, "events": count} for name, count in ordered],
        "enterprises": enterprises,
        "graded": rated,
        "not_rated_share": round(rated.get("N", 0) / sum(rated.values()), 4) if rated else None,
    }
