"""Listing (列入): proposed, weighed, heard, decided by one, confirmed by another, and only then public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import InvalidInput, NoLegalBasis, NotAllowed, UnknownListing, WrongState
from credit.models import Enterprise, Listing, ListingAct
from credit.rules.blacklist import Act, check
from credit.rules.fingerprints import fingerprint
from credit.rules.listing_days import Done, check_days, day_in, last_day_to_answer
from credit.rules.listing_opinions import check_opinion
from credit.rules.months import months_after
from credit.rules.removal import obstacles
from credit.services import enterprises, removals
from credit.services.listing_terms import (
    hand_above,
    hand_of,
    list_terms,
    refuse_foreign_list,
    steps_asked,
)
from credit.services.listing_texts import shown_facts
from credit.services.policies import law_on
from credit.terms import ListingState, OfficerRole
from schemas.fields import BEYOND

Fields = dict[str, Any]
DECISIONS = ("decide", "restore")
IN_STEAD = "in_stead_of"  # the officer for whom a deputy acted, in the fields of the act


def propose(change: Change, officer_id: int, given: Mapping[str, Any], day: date, rule: str | None = None) -> int:
    """Open a listing: {code, list, ground, facts, event_id?, case_no?}. Returns its id. `rule`: the one that proposed.

    It is decided together with the penalty (Order 44 art. 13): a penalty that was decided before
    opens no case any more, but for the grounds that begin after it (refusing to perform, art. 11).
    Raises NoLegalBasis for a list or a ground that the policy of the day doesn't know, InvalidInput,
    NotAllowed, WrongState.
    """
    officer, principal = hand_of(officer_id, (OfficerRole.SUPERVISOR,), day)
    if not (given.get("facts") or "").strip():
        raise InvalidInput("Say on what facts.", zh="请写明事实", errors={"facts": ["Must not be empty."]})
    terms = list_terms(law_on(day), given["list"], day)
    if given["ground"] not in terms["grounds"]:
        raise NoLegalBasis(f"{given['list']} knows the grounds {sorted(terms['grounds'])}, not {given['ground']!r}.")
    refuse_foreign_list(terms, officer.department_id)
    enterprise_id = enterprises.find(given["code"])
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id))
    _check_penalty(given.get("event_id"), enterprise_id, terms["grounds"][given["ground"]], day)
    (seq,) = change.take()
    db.session.add(
        Listing(
            id=seq, enterprise_id=enterprise_id, code=code, fingerprint=fingerprint(code or ""), list=given["list"],
            ground=given["ground"], facts=given["facts"], event_id=given.get("event_id"),
            department_id=officer.department_id,
            proposed_by=officer_id,
        )
    )  # fmt: skip
    db.session.flush()
    said = {"case_no": given.get("case_no"), "rule": rule, IN_STEAD: principal}
    fields = {name: value for name, value in said.items() if value}
    _keep(change, seq, enterprise_id, "propose", ListingState.PROPOSED, day, officer_id, None, fields)
    return seq


def on_file(given: Mapping[str, Any], department_id: int) -> int | None:
    """The listing that the same proposal opened and nobody has acted on since: a double click opens one case."""
    acted = aliased(ListingAct)
    same = (Listing.list, Listing.ground, Listing.facts, Listing.department_id)
    values = (given["list"], given["ground"], given["facts"], department_id)
    found = select(Listing.id).where(
        Listing.enterprise_id == enterprises.find(given["code"]),
        *(column == value for column, value in zip(same, values, strict=True)),
        ~exists().where(acted.listing_id == Listing.id, acted.act != "propose"),
    )
    return db.session.scalar(found.order_by(Listing.id).limit(1))


def _check_penalty(event_id: int | None, enterprise_id: int, ground: Mapping[str, Any], day: date) -> None:
    if not event_id:
        return
    event = _current(event_id, enterprise_id)
    if event["decided_on"] < day and not ground.get("after_penalty"):
        raise WrongState(
            f"The penalty was decided on {event['decided_on']}: a listing is decided together with it (Order 44 "
            "art. 13). Afterwards only refusing to perform (art. 11) opens a case.",
            zh=f"处罚已于{event['decided_on']}决定：列入应与处罚同时决定，此后仅“拒不履行”可另案列入",
        )


def _current(event_id: int, enterprise_id: int) -> dict[str, Any]:
    """The violation as it counts now. Raises InvalidInput where it is none of this enterprise, or was taken back."""
    found = removals.standing(enterprise_id).filter(pl.col("event_id") == event_id).to_dicts()
    if not found:
        told = {"event_id": ["No such violation of this enterprise counts now."]}
        raise InvalidInput(f"{event_id} is no violation of this firm.", zh="该企业没有这条现行有效的处罚", errors=told)
    return found[0]


def act(change: Change, listing_id: int, name: str, officer_id: int, day: date, fields: Fields | None = None) -> int:
    """One act on a listing, as the table of states allows it. Returns the enterprise's id.

    Raises UnknownListing, WrongState, NotAllowed, InvalidInput; nothing is kept then.
    """
    given = {key: value for key, value in (fields or {}).items() if value is not None and key != IN_STEAD}
    listing = find(listing_id)
    acts = acts_of(listing_id)
    terms = list_terms(law_on(day), listing.list, day)
    asked = steps_asked(terms, listing.department_id)
    step, after = check(name, ListingState(acts[-1].state), given, asked)
    principal = check_person(step, officer_id, listing, acts, terms, day)
    done = [Done(one.act, one.acted_on, one.fields) for one in acts]
    check_days(name, day, given, done, terms)
    check_opinion(name, given, done, asked)
    if name in FOLLOWS:
        given |= FOLLOWS[name](listing, given, done, terms, day)
    decision = next((one for one in reversed(acts) if one.act in DECISIONS), None)
    if principal:
        given |= {IN_STEAD: principal}
    document_no = given.get("document_no") or (decision.document_no if decision else None)
    _keep(change, listing_id, listing.enterprise_id, name, after, day, officer_id, document_no, given)
    return listing.enterprise_id


def check_person(
    step: Act, officer_id: int, listing: Listing, acts: list[ListingAct], terms: Mapping[str, Any], day: date
) -> int | None:
    """Who acts in whose stead (None: in his or her own role). Raises NotAllowed.

    Where another person is asked for, neither of the two may stand behind the act before.
    """
    if step.name == "consent":
        return hand_above(officer_id, step.role, listing.department_id, terms, day).principal
    hand = hand_of(officer_id, step.roles(steps_asked(terms, listing.department_id)), day, listing.department_id)
    before = [one for one in acts if one.act in step.other_than]
    if hand.persons & {who for one in before for who in (one.officer_id, one.fields.get(IN_STEAD))}:
        raise NotAllowed(
            f"Another officer than the one who did that before must {step.en}.", zh=f"“{step.zh}”须由另一人办理"
        )
    return hand.principal


def _noticed(_listing: Listing, given: Fields, _done: list[Done], terms: Mapping[str, Any], _day: date) -> Fields:
    last, provisional = last_day_to_answer(day_in(given, "served_on"), terms)
    return {"answer_by": last.isoformat(), "provisional": provisional}


def _decided(listing: Listing, given: Fields, done: list[Done], terms: Mapping[str, Any], _day: date) -> Fields:
    """The penalty that the decision goes with, by its number of that day, and what was made of what the party said."""
    missing, penalty = {}, given.get("event_id") or listing.event_id
    if penalty is not None:
        found = _current(int(penalty), listing.enterprise_id)
        listing.event_id = found["event_id"]
        given = {"penalty_document_no": found["document_no"]} | given
    elif not given.get("penalty_document_no") and not terms["grounds"].get(listing.ground, {}).get("after_penalty"):
        missing["penalty_document_no"] = ["Name the penalty that is decided together with the listing."]
    if any(one.act in ("state", "hear") for one in done) and not given.get("answer"):
        missing["answer"] = ["Say whether the party's statement was accepted, and why."]
    if missing:
        raise InvalidInput("The document is not whole.", zh="文书内容不完整", errors=missing)
    return given


def _published(listing: Listing, given: Fields, done: list[Done], terms: Mapping[str, Any], day: date) -> Fields:
    """What is published: the decision, the term (a longer restriction by law prevails) and the day of early removal."""
    decided = next(one for one in reversed(done) if one.act in DECISIONS)
    ends_on = months_after(day, terms["term_months"])
    if listing.event_id is not None:
        restricted = _current(listing.event_id, listing.enterprise_id)["restricted_until"]
        ends_on = max(ends_on, restricted or ends_on)
    return {
        "document_no": decided.fields["document_no"],
        "basis": decided.fields["basis"],
        "facts": shown_facts(listing, given),
        "ends_on": ends_on.isoformat(),
        "earliest_removal": months_after(day, terms["earliest_removal_months"]).isoformat(),
    }


def _granted(listing: Listing, _given: Fields, done: list[Done], terms: Mapping[str, Any], day: date) -> Fields:
    listed_on = next(one.on for one in reversed(done) if one.act == "publish")
    against = obstacles(removals.since(listing, listed_on, terms), day)
    if against:
        raise WrongState(
            f"Early removal can't be granted: {'; '.join(en for _, en in against)}.",
            zh=f"不符合提前移出条件：{'；'.join(zh for zh, _ in against)}",
        )
    return {}


FOLLOWS = {
    "notify": _noticed, "decide": _decided, "restore": _decided, "publish": _published, "grant_removal": _granted,
}  # fmt: skip


def find(listing_id: int) -> Listing:
    """A listing on file. Raises UnknownListing."""
    listing = db.session.get(Listing, listing_id) if listing_id < BEYOND else None
    if listing is None:
        raise UnknownListing(f"No listing {listing_id} is on file.", zh="没有这条列入记录")
    return listing


def acts_of(listing_id: int) -> list[ListingAct]:
    """Every act on a listing, in their order."""
    chosen = select(ListingAct).where(ListingAct.listing_id == listing_id).order_by(ListingAct.seq)
    return list(db.session.scalars(chosen))


def _keep(
    change: Change, listing_id: int, enterprise_id: int, name: str, state: ListingState, day: date,
    officer_id: int, document_no: str | None, fields: Fields,
) -> None:  # fmt: skip
    (seq,) = change.take()
    kept = {key: value.isoformat() if isinstance(value, date) else value for key, value in fields.items()}
    db.session.add(
        ListingAct(
            seq=seq, listing_id=listing_id, enterprise_id=enterprise_id, act=name, state=str(state), acted_on=day,
            officer_id=officer_id, document_no=document_no, fields=kept,
        )
    )  # fmt: skip
    db.session.flush()
