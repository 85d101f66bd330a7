"""Demands (更正要求): somebody says that a fact is wrong, and its department must answer in time.

SAMR Order 45 article 11: what was changed, revoked or found illegal or void is withdrawn within
three working days, with reasons. Article 12: what is inaccurate is corrected promptly; the policy
says within how many working days.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import NotAllowed, UnknownDemand, WrongState
from credit.models import Demand, DemandAnswerRow, Department
from credit.rules.law import Law
from credit.rules.working_days import add_working_days
from credit.services import event_versions
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.listing_reviews import REVIEW, reviews
from credit.services.policies import law_on
from credit.services.reading import frame
from credit.terms import DemandAnswer, DemandGround
from schemas.fields import BEYOND

WITHDRAW, CORRECT = "demands.withdrawal-days", "demands.correction-days"
BASIS = {
    DemandGround.CHANGED: WITHDRAW,
    DemandGround.REVOKED: WITHDRAW,
    DemandGround.ILLEGAL: WITHDRAW,
    DemandGround.INACCURATE: CORRECT,
}
# What a correction mends; a withdrawal ends every demand.
MENDED = (str(DemandGround.CHANGED), str(DemandGround.INACCURATE))
OPEN: dict[Any, Any] = {
    "demand": pl.Int64, "kind": pl.String, "department_id": pl.Int64, "enterprise_id": pl.Int64,
    "event_id": pl.Int64, "began_on": pl.Date, "done_on": pl.Date, "basis": pl.String, "days": pl.Int64,
}  # fmt: skip


def demand(change: Change, event_id: int, bearer: Bearer, given: dict[str, Any], day: date) -> tuple[int, bool]:
    """Keep a demand. Returns its number, and whether it is new: the same again while it is open is not.

    `given` as schemas.correction.DemandIn loads it. A department that only reports demands of others;
    its own facts it corrects. Raises UnknownEvent, NotAllowed.
    """
    event, demanded_by = event_versions.current(event_id), bearer.department_id
    if event.department_id == demanded_by and "supervise" not in bearer.scopes:
        raise NotAllowed("Your department reported this: correct it.", zh="这是本部门报送的信息，请直接更正")
    same = select(Demand.seq).where(
        Demand.event_id == event_id, Demand.demanded_by == demanded_by, _unanswered(),
        Demand.ground == str(given["ground"]), Demand.document_no == given["document_no"],
    )  # fmt: skip
    known = db.session.scalar(same.limit(1))
    if known is not None:
        return known, False
    (seq,) = change.take()
    change.about |= {"event": event_id, "demand": seq}
    db.session.add(
        Demand(
            seq=seq, event_id=event_id, enterprise_id=event.enterprise_id, department_id=event.department_id,
            demanded_by=demanded_by, ground=str(given["ground"]), wrong=given["wrong"],
            document_no=given["document_no"], received_on=given["received_on"] or day,
        )
    )  # fmt: skip
    db.session.flush()
    return seq, True


def refuse(
    change: Change, event_id: int, number: int, bearer: Bearer, given: dict[str, Any], day: date
) -> None:
    """Answer a demand with a reasoned refusal. Raises UnknownDemand, NotAllowed, WrongState (answered)."""
    found = db.session.get(Demand, number) if number < BEYOND else None
    if found is None or found.event_id != event_id:
        raise UnknownDemand(f"No demand {number} about event {event_id}.", zh="该记录没有这项更正要求")
    own_or_refuse(bearer, found.department_id)
    if db.session.get(DemandAnswerRow, number) is not None:
        raise WrongState("This demand has its answer.", zh="这项更正要求已经答复", state="answered")
    _answer(change, [number], DemandAnswer.REFUSED, day, given["reason"], given["document_no"])


def answer_by(
    change: Change, event_id: int, answer: DemandAnswer, day: date, reason: str, document_no: str
) -> None:
    """A correction or withdrawal answers every open demand about the event that it mends."""
    found = select(Demand.seq).where(Demand.event_id == event_id, _unanswered())
    if answer == DemandAnswer.CORRECTED:
        found = found.where(Demand.ground.in_(MENDED))
    _answer(change, list(db.session.scalars(found)), answer, day, reason, document_no)


def _answer(
    change: Change, numbers: list[int], answer: DemandAnswer, day: date, reason: str, document_no: str
) -> None:
    if not numbers:
        return
    given = {"answer": str(answer), "answered_on": day, "reason": reason, "document_no": document_no}
    seqs = change.take(len(numbers))
    db.session.add_all(
        DemandAnswerRow(demand=number, seq=seq, **given) for number, seq in zip(numbers, seqs, strict=True)
    )
    db.session.flush()


def _unanswered() -> Any:
    return ~exists().where(DemandAnswerRow.demand == Demand.seq)


def told(day: date, *conditions: Any) -> list[dict[str, Any]]:
    """Demands in the shape of schemas.correction.DemandReceipt, the latest first."""
    own, by = aliased(Department), aliased(Department)
    rows = db.session.execute(
        select(Demand, DemandAnswerRow, own.name, by.name)
        .join(own, own.id == Demand.department_id)
        .join(by, by.id == Demand.demanded_by)
        .outerjoin(DemandAnswerRow, DemandAnswerRow.demand == Demand.seq)
        .where(*conditions)
        .order_by(Demand.seq.desc())
    )
    law = law_on(day)
    return [_told(*row, day, law) for row in rows]


def _told(
    found: Demand, answer: DemandAnswerRow | None, department: str, by: str, day: date, law: Law
) -> dict[str, Any]:
    days = _days(law, BASIS[DemandGround(found.ground)], found.received_on)
    due = add_working_days(found.received_on, days)[0] if days else None
    return {
        "id": found.seq,
        "event": found.event_id,
        "department": department,
        "demanded_by": by,
        "ground": found.ground,
        "wrong": found.wrong,
        "document_no": found.document_no,
        "received_on": found.received_on,
        "due_on": due,
        "late": due is not None and (answer.answered_on if answer else day) > due,
        "answer": answer and answer.answer,
        "answered_on": answer and answer.answered_on,
        "reason": answer and answer.reason,
    }


def _days(law: Law, key: str, began_on: date) -> int | None:
    """Working days by the law of the day on which the department was told; None: the law sets none."""
    provision = law.provisions.get(key)
    return None if provision is None else int(provision.on(max(began_on, provision.values[0].start)).value)


def open_demands(day: date) -> pl.DataFrame:
    """Every duty of this kind that had begun by `day`, in the shape OPEN; `done_on` is null while it is open.

    kind: withdraw, correct or review-listing (a listing that rests on a withdrawn event). `days` are
    working days by the law of the day on which the duty began, `basis` is their key.
    """
    asked = frame(
        select(
            Demand.seq.label("demand"), Demand.department_id, Demand.enterprise_id, Demand.event_id,
            Demand.received_on.label("began_on"), DemandAnswerRow.answered_on.label("done_on"), Demand.ground,
        )
        .outerjoin(DemandAnswerRow, DemandAnswerRow.demand == Demand.seq)
        .where(Demand.received_on <= day)
    )  # fmt: skip
    mends = pl.col("ground").replace_strict({str(k): v for k, v in BASIS.items()}, return_dtype=pl.String)
    known = asked.with_columns(basis=mends).with_columns(
        kind=pl.when(pl.col("basis") == WITHDRAW).then(pl.lit("withdraw")).otherwise(pl.lit("correct"))
    )
    law, whole = law_on(day), pl.concat([known.drop("ground"), reviews(day)], how="diagonal_relaxed")
    return (
        whole.with_columns(days=_days_by_law(law))
        .filter(pl.col("days").is_not_null())
        .with_columns(done_on=pl.when(pl.col("done_on") <= day).then("done_on"))
        .select(*OPEN)
        .cast(OPEN)
    )


def _days_by_law(law: Law) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int64)
    for key in (WITHDRAW, CORRECT, REVIEW):
        if key in law.provisions:
            held = law.choose(key, pl.col("began_on")).cast(pl.Int64)
            found = pl.when(pl.col("basis") == key).then(held).otherwise(found)
    return found


def of_event(event_id: int, day: date) -> list[dict[str, Any]]:
    """Every demand about an event."""
    return told(day, Demand.event_id == event_id)


def one(number: int, day: date) -> dict[str, Any]:
    """One demand."""
    return told(day, Demand.seq == number)[0]
