"""What officers do about warnings: take one in hand, note, close it with its outcome; and how often they came true."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from credit.db import Change, db
from credit.errors import WrongState
from credit.models import Officer, RiskWarning, RiskWarningAct
from credit.rules.intervals import wilson
from credit.rules.risk_warnings.refusals import UnknownWarning
from credit.services.access import person_of
from credit.services.departments import Bearer
from credit.services.paging import Page, checked_limit, number_of
from credit.terms import WarningKind, WarningOutcome, WarningState
from schemas.fields import BEYOND

Told = dict[str, Any]
BEGINS = {
    "take": (WarningState.RAISED, WarningState.TAKEN), "note": tuple(WarningState), "close": (WarningState.TAKEN,),
}  # fmt: skip


def act(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> None:
    """One act, as schemas.warning.WarningActIn loads it. Raises UnknownWarning, NotAllowed, WrongState."""
    one, person, name = find(number), person_of(bearer), given["act"]
    state = WarningState(one.state)
    if state not in BEGINS[name]:
        raise WrongState(
            f"The warning is {state.en}.", zh=f"预警{state.zh}，不能办理此事项", state=str(state),
            allowed=[act for act, begins in BEGINS.items() if state in begins],
        )  # fmt: skip
    if name == "take":
        one.state, one.owner = str(WarningState.TAKEN), person
    elif name == "close":
        one.state, one.outcome, one.closed_on = str(WarningState.CLOSED), str(given["outcome"]), day
    change.about |= {"warning": number, "act": name}
    db.session.add(
        RiskWarningAct(warning_id=number, act=name, acted_on=day, officer_id=person, note=given["note"])
    )
    db.session.flush()


def find(number: int) -> RiskWarning:
    """A warning on file. Raises UnknownWarning."""
    found = db.session.get(RiskWarning, number) if 0 < number < BEYOND else None
    if found is None:
        raise UnknownWarning(f"No warning {number} is on file.", zh=f"没有编号为 {number} 的预警")
    return found


def page(asked: Told) -> Page:
    """Warnings, the newest first, of a state and a kind."""
    limit, wanted = checked_limit(asked["limit"]), _chosen()
    if asked.get("cursor"):
        wanted = wanted.where(RiskWarning.id < number_of(asked["cursor"]))
    for name, column in (("state", RiskWarning.state), ("kind", RiskWarning.kind)):
        if asked.get(name):
            wanted = wanted.where(column == str(asked[name]))
    rows = db.session.execute(wanted.order_by(RiskWarning.id.desc()).limit(limit + 1)).all()
    return Page([_told(*row) for row in rows[:limit]], str(rows[limit - 1][0].id) if len(rows) > limit else None)


def one(number: int) -> Told:
    """A warning with its acts. Raises UnknownWarning."""
    find(number)
    told = _told(*db.session.execute(_chosen().where(RiskWarning.id == number)).one())
    done = db.session.execute(
        select(RiskWarningAct, Officer.name).join(Officer, Officer.id == RiskWarningAct.officer_id)
        .where(RiskWarningAct.warning_id == number).order_by(RiskWarningAct.id)
    )  # fmt: skip
    state = WarningState(told["state"])
    return told | {
        "acts": [{"act": act.act, "acted_on": act.acted_on, "officer": name, "note": act.note} for act, name in done],
        "allowed": [name for name, begins in BEGINS.items() if state in begins],
    }


def record() -> list[Told]:
    """How often the closed warnings of each monitor came true: kind, closed, judged, true, share with a 95% interval,
    and open ones. Those of which nobody could tell are not judged.
    """
    rows = db.session.execute(
        select(RiskWarning.kind, RiskWarning.state, RiskWarning.outcome, func.count()).group_by(
            RiskWarning.kind, RiskWarning.state, RiskWarning.outcome
        )
    ).all()
    return [_record(kind, [row for row in rows if row[0] == kind]) for kind in WarningKind]


def _record(kind: WarningKind, rows: list[Any]) -> Told:
    def many(outcome: WarningOutcome | None) -> int:
        return sum(count for *_, found, count in rows if found == outcome)

    true, judged = many(WarningOutcome.TRUE), many(WarningOutcome.TRUE) + many(WarningOutcome.FALSE)
    share = dict.fromkeys(("share", "low", "high")) if not judged else _percents(true / judged, *wilson(true, judged))
    return {"kind": str(kind), "open": many(None), "judged": judged, "true": true, **share}


def _percents(share: float, low: float, high: float) -> dict[str, float | None]:
    told = {"share": share, "low": low, "high": high}
    return {name: round(100 * part, 1) for name, part in told.items()}


def _chosen() -> Any:
    return select(RiskWarning, Officer.name).outerjoin(Officer, Officer.id == RiskWarning.owner)


def _told(one: RiskWarning, owner: str | None) -> Told:
    return {
        "number": one.id, "kind": one.kind, "subject": one.subject, "level": one.level, "state": one.state,
        "raised_on": one.raised_on, "seen_on": one.seen_on, "last_on": one.last_on, "evidence": one.evidence,
        "owner": owner, "outcome": one.outcome, "closed_on": one.closed_on,
    }  # fmt: skip
