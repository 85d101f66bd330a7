"""What a department does about an application for repair: accept it or not, grant it or not, revoke a false one.

The repair of a listing is its early removal: the same acts are done on the listing, by officers, as its table of
states has them. A granted repair ends publication, counting and sharing on its day; nothing public tells of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.errors import NotAllowed, WrongState
from credit.models import Filing, FilingAct
from credit.services import corrections, listings
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.objections import cases
from credit.services.objections.acts import acts_of
from credit.services.objections.cases import CLOSING
from credit.services.objections.subjects import Subject
from credit.services.repairs import conditions
from credit.terms import Cessation, FilingKind, FilingOutcome, ListingState

KINDS = (FilingKind.REPAIR,)
Given = dict[str, Any]


def accept(change: Change, number: int, bearer: Bearer, given: Given, day: date) -> int:
    """Accept an application whose conditions are met: its pledge is published. Returns the enterprise's id.

    Raises UnknownObjection, NotAllowed, WrongState that tells what isn't met.
    """
    filing = _open(number, bearer)
    if _done(number, "accept"):
        raise WrongState("It is accepted already.", zh="申请已经受理", state="accepted")
    conditions.refuse_unmet(subject_of(filing), filing.performed_on, day)
    if filing.listing_id is not None:
        said = f"信用修复申请第{filing.seq}号"
        applied = {"applied_on": filing.filed_on, "performed": said, "harm_removed": said, "pledge": said}
        _on_listing(change, filing, bearer, day, "apply_removal", applied)
        _on_listing(change, filing, bearer, day, "accept_removal", {"document_no": given["document_no"]})
    return _keep(change, filing, "accept", bearer, day, given)


def reject(change: Change, number: int, bearer: Bearer, given: Given, day: date) -> int:
    """Not accept an application, with reasons. Raises as accept."""
    filing = _open(number, bearer)
    if _done(number, "accept"):
        raise WrongState("It is accepted: decide on it.", zh="申请已经受理，请作出决定", state="accepted")
    return _keep(change, filing, "reject", bearer, day, given, FilingOutcome.DECLINED)


def decide(change: Change, number: int, bearer: Bearer, given: Given, day: date) -> int:
    """Grant repair or not. `given` as schemas.repair.DecisionIn loads it. Raises as accept."""
    filing, outcome = _open(number, bearer), given["outcome"]
    if not _done(number, "accept"):
        raise WrongState("Accept the application first.", zh="请先受理申请", state="open")
    granted = outcome == FilingOutcome.GRANTED
    if filing.listing_id is not None:
        fields = {"document_no": given["document_no"], "reason": given["reason"]}
        if conditions.state_of(filing.listing_id) == ListingState.REMOVAL_ACCEPTED:
            _on_listing(change, filing, bearer, day, "grant_removal" if granted else "refuse_removal", fields)
        elif granted:
            raise WrongState("The listing's removal isn't under way.", zh="该列入不在移出办理中", state="ended")
    elif granted:
        conditions.refuse_unmet(subject_of(filing), filing.performed_on, day)
        corrections.cease(change, filing.event_id or 0, Cessation.REPAIRED, day, given["document_no"])
    return _keep(change, filing, "decide", bearer, day, given, outcome)


def revoke(change: Change, number: int, bearer: Bearer, given: Given, day: date) -> int:
    """Revoke a repair that false documents had brought about: the entry counts and shows as if it had never been.

    A listing is restored by its own act, which needs a decision of its own. Raises as accept.
    """
    filing = cases.of(number, KINDS)
    own_or_refuse(bearer, filing.department_id)
    decision = next((act for act in acts_of(number) if act.outcome == str(FilingOutcome.GRANTED)), None)
    if filing.event_id is None:
        raise WrongState("Restore the listing itself.", zh="请在列入案件中办理恢复列入", state="listing")
    held = [one for one in corrections.cessations(filing.event_id) if one.ground == str(Cessation.REPAIRED)]
    own = [one for one in held if decision is not None and one.document_no == decision.document_no]
    if not own:
        raise WrongState("No repair by this application stands.", zh="这件申请没有生效的信用修复", state="not repaired")
    corrections.take_back(change, own[-1], given["document_no"])
    return _keep(change, filing, "revoke", bearer, day, given)


def subject_of(filing: Filing) -> Subject:
    """The fact that an application is about."""
    return Subject(
        filing.enterprise_id, filing.code, filing.event_id, filing.listing_id, filing.document_no, filing.department_id
    )


def _open(number: int, bearer: Bearer) -> Filing:
    filing = cases.of(number, KINDS)
    own_or_refuse(bearer, filing.department_id)
    if _done(number, *CLOSING):
        raise WrongState("This application is decided.", zh="这件申请已经办结", state="decided")
    return filing


def _done(number: int, *acts: str) -> bool:
    found = select(FilingAct.seq).where(FilingAct.filing == number, FilingAct.act.in_(acts))
    return db.session.scalar(found.limit(1)) is not None


def _on_listing(change: Change, filing: Filing, bearer: Bearer, day: date, act: str, fields: Given) -> None:
    if bearer.officer_id is None:
        raise NotAllowed("Acts on a listing need an officer, not a key.", zh="列入的移出须由经办人本人办理")
    listings.act(change, filing.listing_id or 0, act, bearer.officer_id, day, fields)


def _keep(
    change: Change, filing: Filing, act: str, bearer: Bearer, day: date, given: Given,
    outcome: FilingOutcome | None = None,
) -> int:  # fmt: skip
    (seq,) = change.take()
    change.about |= {"repair": filing.seq} | ({"outcome": str(outcome)} if outcome else {})
    db.session.add(
        FilingAct(
            seq=seq, filing=filing.seq, act=act, acted_on=day, department_id=bearer.department_id,
            outcome=outcome and str(outcome), reason=given.get("reason", ""), document_no=given["document_no"],
        )
    )  # fmt: skip
    db.session.flush()
    return filing.enterprise_id
