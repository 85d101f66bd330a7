"""Correction and withdrawal (更正、撤回) by the department that reported: checked, reasoned, answered for.

What may be corrected is everything but what makes it this event: department, kind, enterprise,
document number and source reference. Where one of these is wrong, the event is withdrawn and
reported anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.errors import InvalidInput, StaleVersion, WrongState
from credit.models import Amendment, CessationRow, Event
from credit.rules.law import Law
from credit.services import corrections, demands, enterprises, event_versions
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.events import event_row, examined
from credit.terms import Cessation, DemandAnswer, Kind, Stage, Withdrawal

GROUNDS = {
    Withdrawal.BASIS_REVOKED: Cessation.REVOKED,
    Withdrawal.FOUND_ILLEGAL: Cessation.REVOKED,
    Withdrawal.REPORTED_BY_MISTAKE: Cessation.WITHDRAWN,
    Withdrawal.OTHER: Cessation.WITHDRAWN,
}
WITHDRAWALS = {str(ground) for ground in GROUNDS.values()}
IDENTITY = ("kind", "document_no", "source_ref")


@dataclass(frozen=True)
class Amended:
    """What became of it: the event's version that counts now, its enterprise, whether anything is new."""

    version: int
    enterprise_id: int
    new: bool


def standing_of(event_id: int, bearer: Bearer) -> Event:
    """The version that counts now, for the department that reported it. Raises UnknownEvent, NotAllowed."""
    found = event_versions.current(event_id)
    own_or_refuse(bearer, found.department_id)
    return found


def correct(
    change: Change,
    event_id: int,
    bearer: Bearer,
    event: dict[str, Any],
    said: dict[str, Any],
    law: Law,
    day: date,
) -> Amended:
    """Keep the corrected document as the version that counts. The same document again is no new one.

    `event` as schemas.event loads it; `said`: reason, document {no, day}, version (that was corrected).
    Raises UnknownEvent, NotAllowed, StaleVersion, InvalidInput.
    """
    standing = standing_of(event_id, bearer)
    _same_event(standing, event)
    row, related = event_row(event, standing.enterprise_id, standing.department_id)
    row["of"] = _examined(standing, event)
    if row["content_digest"] == standing.content_digest:
        return Amended(standing.seq, standing.enterprise_id, False)
    _fresh(standing, said["version"])
    seq = corrections.replace(change, standing, row, related, law)
    _explain(change, seq, standing, DemandAnswer.CORRECTED, day, said["reason"], said["document"])
    demands.answer_by(change, event_id, DemandAnswer.CORRECTED, day, said["reason"], said["document"]["no"])
    return Amended(seq, standing.enterprise_id, True)


def withdraw(change: Change, event_id: int, bearer: Bearer, given: dict[str, Any], day: date) -> Amended:
    """End the event from the day on which its basis fell. The same withdrawal again is no new one.

    `given` as schemas.correction.WithdrawalIn loads it. Raises UnknownEvent, NotAllowed, WrongState
    where it is withdrawn already in another way, InvalidInput for a day before the event.
    """
    standing = standing_of(event_id, bearer)
    ground, on = GROUNDS[given["reason"]], given["revoked_on"]
    for held in _withdrawn(event_id):
        if (held.ground, held.ceased_on, held.document_no) == (str(ground), on, given["document_no"]):
            return Amended(standing.seq, standing.enterprise_id, False)
        told = f"It was withdrawn from {held.ceased_on} on: take that back first (restoration)."
        raise WrongState(told, zh=f"该记录已自 {held.ceased_on} 起撤回，请先恢复再重新撤回", state="withdrawn")
    begun = standing.decided_on or standing.valid_from or standing.occurred_on
    if on < begun:
        told = f"{on} lies before the event ({begun})."
        raise InvalidInput(told, zh=f"依据失效日期早于记录本身（{begun}）", errors={"revoked_on": [told]})
    corrections.cease(change, event_id, ground, on, given["document_no"])
    reason = given["explanation"] or given["reason"].zh
    document = {"no": given["document_no"], "day": on}
    _explain(change, change.last_seq, standing, DemandAnswer.WITHDRAWN, day, reason, document, given["reason"])
    demands.answer_by(change, event_id, DemandAnswer.WITHDRAWN, day, reason, given["document_no"])
    return Amended(standing.seq, standing.enterprise_id, True)


def restore(change: Change, event_id: int, bearer: Bearer, said: dict[str, Any], day: date) -> Amended:
    """Take a withdrawal back: the event counts as if it had never been withdrawn.

    Raises UnknownEvent, NotAllowed, WrongState where it isn't withdrawn.
    """
    standing = standing_of(event_id, bearer)
    held = _withdrawn(event_id)
    if not held:
        raise WrongState("It is not withdrawn.", zh="该记录没有被撤回", state="recorded")
    for cessation in held:
        seq = corrections.take_back(change, cessation, said["document"]["no"])
        _explain(change, seq, standing, "restored", day, said["reason"], said["document"])
    return Amended(standing.seq, standing.enterprise_id, True)


def _withdrawn(event_id: int) -> list[CessationRow]:
    """The withdrawals that stand. What ended by repair or a mask is another one's act."""
    explained = set(db.session.scalars(select(Amendment.seq).where(Amendment.event_id == event_id)))
    return [
        row for row in corrections.cessations(event_id) if row.ground in WITHDRAWALS and row.seq in explained
    ]


def _same_event(standing: Event, event: dict[str, Any]) -> None:
    """Raises InvalidInput that names each field which would make it another event."""
    other = [name for name in IDENTITY if str(event[name]) != getattr(standing, name)]
    day = event.get("occurred_on") or event["valid_from"]
    if enterprises.bearer_on(enterprises.find(event["code"]), day) != standing.enterprise_id:
        other.append("code")
    if other:
        told = "This makes it another event: withdraw this one and report that one anew."
        raise InvalidInput(
            told,
            zh="这已是另一条记录：请撤回本条，另行报送",
            errors={name: [f"{told} On file: {getattr(standing, name)}"] for name in other},
        )


def _examined(standing: Event, event: dict[str, Any]) -> int | None:
    if event["kind"] != Kind.INSPECTION or event["stage"] == Stage.FIRST:
        return None
    of = examined(event, standing.enterprise_id)
    if of == standing.event_id:
        told = "A test can't examine itself again."
        raise InvalidInput(told, zh="复检或复查不能以自身为对象", errors={"of": [told]})
    return of


def _fresh(standing: Event, version: int | None) -> None:
    if version is not None and version != standing.seq:
        raise StaleVersion(
            f"Version {standing.seq} counts now, not {version}: look at it, then correct that one.",
            zh=f"当前有效的是第 {standing.seq} 号版本，不是 {version} 号，请核对后再更正",
            version=standing.seq,
        )


def _explain(
    change: Change,
    seq: int,
    standing: Event,
    act: str,
    day: date,
    reason: str,
    document: dict[str, Any],
    ground: Withdrawal | None = None,
) -> None:
    change.about |= {"event": standing.event_id, "enterprise": standing.code}
    db.session.add(
        Amendment(
            seq=seq, event_id=standing.event_id, department_id=standing.department_id, act=str(act),
            ground=str(ground) if ground else None, reason=reason, document_no=document["no"],
            document_on=document["day"], made_on=day,
        )
    )  # fmt: skip
    db.session.flush()
