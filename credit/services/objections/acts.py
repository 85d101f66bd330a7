"""What departments do about a filing: ask another one, answer, decide. The fact is mended by the services for that.

The department that reported the fact decides. `upheld` is decided only with the mending: a correction made
since, a withdrawal made since or with the decision, a listing revoked. So grade, record and feed follow as after any
other correction, and nobody is told that he was right about a fact that still stands.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.models import Amendment, Filing, FilingAct, FilingWords, ListingAct
from credit.rules.blacklist import ON_THE_LIST
from credit.rules.redaction import findings
from credit.services import amendments, corrections, departments, listings
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.objections import cases
from credit.services.text_checks import names_of
from credit.terms import Cessation, FilingKind, FilingOutcome

OUTCOMES = {
    FilingKind.OBJECTION: (FilingOutcome.UPHELD, FilingOutcome.REJECTED, FilingOutcome.UNVERIFIABLE),
    FilingKind.STATEMENT: (FilingOutcome.ACCEPTED, FilingOutcome.REFUSED),
}
MENDED = ("corrected", "withdrawn")


def acts_of(number: int) -> list[FilingAct]:
    """The acts on a filing, in their order."""
    return list(db.session.scalars(select(FilingAct).where(FilingAct.filing == number).order_by(FilingAct.seq)))


def awaited(acts: list[FilingAct]) -> list[FilingAct]:
    """The questions that have no answer yet."""
    answered = [act.department_id for act in acts if act.act == "answer"]
    open_ones = []
    for act in (act for act in acts if act.act == "ask"):
        if act.asked_id in answered:
            answered.remove(act.asked_id)
        else:
            open_ones.append(act)
    return open_ones


def ask(change: Change, number: int, bearer: Bearer, given: dict[str, Any], day: date) -> None:
    """Ask another department, by name. Raises UnknownObjection, NotAllowed, WrongState, UnknownDepartment."""
    filing, acts = _open(number)
    own_or_refuse(bearer, filing.department_id)
    asked = departments.find(given["department"])
    if asked == filing.department_id:
        told = "Ask another department than your own."
        raise InvalidInput(told, zh="请选择本部门以外的部门", errors={"department": [told]})
    if asked in [act.asked_id for act in awaited(acts)]:
        raise WrongState("This department is asked already.", zh="已请该部门协查，尚未答复", state="asked")
    _keep(change, filing, "ask", bearer, day, given["reason"], asked_id=asked)


def answer(change: Change, number: int, bearer: Bearer, given: dict[str, Any], day: date) -> None:
    """Answer what one's department was asked. Raises UnknownObjection, NotAllowed, WrongState."""
    filing, acts = _open(number)
    if bearer.department_id not in [act.asked_id for act in awaited(acts)]:
        raise NotAllowed("Your department is asked nothing here.", zh="本部门没有待答复的协查")
    _keep(change, filing, "answer", bearer, day, given["reason"], document_no=given["document_no"])


def decide(change: Change, number: int, bearer: Bearer, given: dict[str, Any], day: date) -> int:
    """Decide a filing, with reasons. Returns the enterprise's id: its record is to be made anew.

    `given` as schemas.objection.DecisionIn loads it. Raises UnknownObjection, NotAllowed, InvalidInput, WrongState:
    it is decided already, or upheld and nothing was mended.
    """
    filing, _ = _open(number)
    own_or_refuse(bearer, filing.department_id)
    outcome, kind = given["outcome"], FilingKind(filing.kind)
    if outcome not in OUTCOMES[kind]:
        told = f"Must be one of: {', '.join(OUTCOMES[kind])}."
        raise InvalidInput(told, zh=f"可选：{'、'.join(one.zh for one in OUTCOMES[kind])}", errors={"outcome": [told]})
    mended = None
    if outcome == FilingOutcome.UPHELD:
        mended = _mend(change, filing, bearer, given, day)
    elif outcome == FilingOutcome.UNVERIFIABLE:
        _suspend(change, filing, given, day)
    elif outcome == FilingOutcome.ACCEPTED:
        _refuse_personal(filing, given)
    document_no = given["document_no"]
    _keep(change, filing, "decide", bearer, day, given["reason"], document_no, outcome=str(outcome), mended=mended)
    return filing.enterprise_id


def resume(change: Change, number: int, bearer: Bearer, given: dict[str, Any], day: date) -> int:
    """Show again what was suspended because nobody could verify it, once somebody has. Returns the enterprise's id.

    Raises UnknownObjection, NotAllowed, WrongState: nothing is suspended by this case.
    """
    filing, acts = cases.of(number), acts_of(number)
    own_or_refuse(bearer, filing.department_id)
    decision = next((act for act in acts if act.outcome == str(FilingOutcome.UNVERIFIABLE)), None)
    if decision is None or any(act.act == "resume" for act in acts):
        raise WrongState("Nothing is suspended by this case.", zh="没有因这件异议暂停公示的信息", state="not suspended")
    for held in corrections.cessations(filing.event_id or 0):
        if held.ground == str(Cessation.MASKED) and held.document_no == _suspension(filing, decision.document_no):
            corrections.take_back(change, held, given["document_no"])
    _keep(change, filing, "resume", bearer, day, given["reason"], given["document_no"])
    return filing.enterprise_id


def _refuse_personal(filing: Filing, given: dict[str, Any]) -> None:
    """Raises InvalidInput, which names kinds alone, where a statement tells of people and nobody says why it may."""
    words = db.session.get_one(FilingWords, filing.seq).words
    found = findings(words, names_of([filing.enterprise_id]).get(filing.enterprise_id, ()))
    if found and not given["cleared"]:
        kinds = list(dict.fromkeys(one.kind for one in found))
        told = f"It tells of people ({', '.join(one.en for one in kinds)}): refuse it, or say why it may be shown."
        zh = f"声明中有{'、'.join(one.zh for one in kinds)}：请退回修改，或说明可以公示的理由"
        raise InvalidInput(told, zh=zh, errors={"cleared": [told]})


def _open(number: int) -> tuple[Filing, list[FilingAct]]:
    filing, acts = cases.of(number), acts_of(number)
    if any(act.act == "decide" for act in acts):
        raise WrongState("This case is decided.", zh="这件异议或声明已作出处理决定", state="decided")
    return filing, acts


def _mend(change: Change, filing: Filing, bearer: Bearer, given: dict[str, Any], day: date) -> str:
    """How the fact was mended since it was contested, or is now. Raises WrongState where it wasn't."""
    if filing.event_id is None:
        _revoke(change, filing, bearer, given, day)
        return "withdrawn"
    if given["withdrawal"] is not None:
        amendments.withdraw(change, filing.event_id, bearer, given["withdrawal"], day)
        return "withdrawn"
    since = select(Amendment.act).where(Amendment.event_id == filing.event_id, Amendment.seq > filing.seq)
    last = db.session.scalar(since.order_by(Amendment.seq.desc()).limit(1))
    if last not in MENDED:
        raise WrongState(
            "Upheld means mended: correct the fact first, or send the withdrawal with the decision.",
            zh="异议成立须先更正该信息，或随决定一并撤回",
            state="not mended",
        )
    return str(last)


def _revoke(change: Change, filing: Filing, bearer: Bearer, given: dict[str, Any], day: date) -> None:
    """A listing is revoked by an officer who may decide on listings, as listings.act has it."""
    listing = filing.listing_id or 0
    last = select(ListingAct.state).where(ListingAct.listing_id == listing).order_by(ListingAct.seq.desc())
    if db.session.scalar(last.limit(1)) not in {str(state) for state in ON_THE_LIST}:
        return
    if bearer.officer_id is None:
        raise NotAllowed("A listing is revoked by an officer, not by a key.", zh="撤销列入须由有决定职责的人员办理")
    fields = {"document_no": given["document_no"], "reason": given["reason"]}
    listings.act(change, listing, "revoke", bearer.officer_id, day, fields)


def _suspend(change: Change, filing: Filing, given: dict[str, Any], day: date) -> None:
    """What can't be verified is no longer shown (暂停公示). A listing rests on a decision: it stands or is revoked."""
    if filing.event_id is None:
        told = "A listing is upheld or rejected: it rests on a decision of the department."
        raise InvalidInput(told, zh="列入决定只能认定异议成立或不成立", errors={"outcome": [told]})
    document_no = _suspension(filing, given["document_no"])
    corrections.cease(change, filing.event_id, Cessation.MASKED, day, document_no)


def _suspension(filing: Filing, document_no: str) -> str:
    """The number under which a fact is suspended."""
    return document_no or f"异议{filing.seq}"


def _keep(
    change: Change, filing: Filing, act: str, bearer: Bearer, day: date, reason: str, document_no: str = "",
    asked_id: int | None = None, outcome: str | None = None, mended: str | None = None,
) -> None:  # fmt: skip
    (seq,) = change.take()
    change.about |= {"objection": filing.seq} | ({"outcome": outcome} if outcome else {})
    db.session.add(
        FilingAct(
            seq=seq, filing=filing.seq, act=act, acted_on=day, department_id=bearer.department_id,
            asked_id=asked_id, outcome=outcome, mended=mended, reason=reason, document_no=document_no,
        )
    )  # fmt: skip
    db.session.flush()
