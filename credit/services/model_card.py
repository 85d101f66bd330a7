"""Model card (评价规则说明卡) of a policy version: scope, data, known limits, result of its back-test.

Public: totals alone, of what may be shown today; nobody's name and no supervision tier.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import db
from credit.errors import UnknownPolicy
from credit.models import PolicyAct
from credit.rules.backtest.words import LIMITS as OF_THE_BACKTEST
from credit.rules.law import Law
from credit.services import enactment, statistics
from credit.services.backtest import limits_of
from credit.services.model_card_words import IS_FOR, LIMITS, NOT_FOR, OF_TODAY
from credit.services.policies import IN_FORCE, eras, law_by
from credit.services.policy_trials import policy_named
from credit.terms import Grade


def model_card(law: Law, on: date, day: date) -> dict[str, Any]:
    """The card of the version in force on `on`, in the shape schemas.backtest.ModelCard.

    policy, state (enacted or, of the first version, adopted), on, force_on, until; scope {is_for,
    not_for}; data as `told_of`, of `day`; limits [{key, zh, en}]; backtest: backtest.summary, kept
    when the version was checked, with `kept_on`, or None. Raises BeforeRegister.
    """
    law.check_asked(on, max(on, day))
    era = next(era for era in reversed(eras()) if era.since <= on)
    until = str(era.until) if era.until else None
    past = era.until is not None and era.until <= day
    days = {"on": str(on), "force_on": str(max(era.since, law.first_day)), "until": until}
    return _card(law, day, days, past, enactment.state(law.digest) or "adopted")


def version_card(digest: str, day: date, to_staff: bool) -> dict[str, Any]:
    """The card of a version by its digest; of one that never had force, `on`, `force_on` and `until` are None.

    A version that two officers enacted is public. What they may still change or drop is for staff:
    to others it doesn't exist. Raises UnknownPolicy.
    """
    law, state = law_by(digest), enactment.state(digest)
    if state not in IN_FORCE and not to_staff:
        raise UnknownPolicy(f"No policy {digest}.", zh=f"没有编号为 {digest} 的评价规则")
    era = next((era for era in reversed(eras()) if era.law.digest == digest), None)
    if era is not None:
        return model_card(law, max(era.since, law.first_day), day)
    return _card(law, day, {"on": None, "force_on": None, "until": None}, False, str(state))


def _card(law: Law, day: date, days: dict[str, str | None], past: bool, state: str) -> dict[str, Any]:
    kept = kept_backtest(law.digest)
    tried = [*limits_of(kept.get("not_yet", [])), *OF_THE_BACKTEST] if kept else []
    return {
        "policy": policy_named(law),
        "state": state,
        **days,
        "scope": {"is_for": IS_FOR, "not_for": NOT_FOR},
        "data": told_of(day),
        "limits": [*([OF_TODAY] if past else []), *LIMITS, *tried],
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

    as_of, data_as_of (of the last change that is counted), events {kind: count}, first_day, last_day,
    departments [{name, events}], enterprises, graded {grade: count}, not_rated_share (of those
    graded or not rated).
    """
    found = statistics.numbers(day)
    rated = {str(grade): found["graded"][grade] for grade in Grade if grade in found["graded"]}
    return {
        "as_of": str(day),
        "data_as_of": found["data_as_of"],
        "events": found["by_kind"],
        "first_day": found["first_day"],
        "last_day": found["last_day"],
        "departments": found["departments"],
        "enterprises": found["enterprises"],
        "graded": rated,
        "not_rated_share": round(rated.get("N", 0) / sum(rated.values()), 4) if rated else None,
    }
