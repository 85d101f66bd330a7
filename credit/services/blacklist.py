"""Listing (列入): a rule or an officer proposes, an officer decides, another one confirms, then it is public."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, func, select, true

from credit import identifiers
from credit.db import Change, db
from credit.errors import InvalidInput, NoLegalBasis, NotAllowed, UnknownEnterprise
from credit.models import Enterprise, Event, Listing, ListingAct, Officer, Record
from credit.rules.blacklist import check, check_day
from credit.rules.law import Law
from credit.rules.name_columns import fold_column
from credit.rules.names import fold
from credit.rules.regions import region_name
from credit.services import enterprises, listed
from credit.services.objections.marks import with_marks
from credit.services.paging import Page, bad_cursor, checked_limit
from credit.services.policies import law_on
from credit.services.search_names import Words
from credit.terms import ListingState, OfficerRole


def propose(change: Change, officer_id: int, given: dict[str, Any], day: date) -> int:
    """Open a listing: {code, list, ground, facts, event_id?}. Returns its id.

    Raises NoLegalBasis for a list or a ground that the policy of the day doesn't know.
    """
    officer = _officer(officer_id, OfficerRole.SUPERVISOR)
    if not (given.get("facts") or "").strip():
        raise InvalidInput("Say on what facts.", zh="请写明事实", errors={"facts": ["Must not be empty."]})
    terms = list_terms(law_on(day), given["list"], day)
    if given["ground"] not in terms["grounds"]:
        raise NoLegalBasis(f"{given['list']} knows the grounds {sorted(terms['grounds'])}, not {given['ground']!r}.")
    enterprise_id = enterprises.find(given["code"])
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id))
    _check_event(given.get("event_id"), enterprise_id)
    (seq,) = change.take()
    db.session.add(
        Listing(
            id=seq, enterprise_id=enterprise_id, code=code, list=given["list"], ground=given["ground"],
            facts=given["facts"], event_id=given.get("event_id"), department_id=officer.department_id,
            proposed_by=officer_id,
        )
    )  # fmt: skip
    db.session.flush()
    _keep(change, seq, enterprise_id, "propose", ListingState.PROPOSED, day, officer_id, None, {})
    return seq


def _check_event(event_id: int | None, enterprise_id: int) -> None:
    of = event_id and db.session.scalar(select(Event.enterprise_id).where(Event.event_id == event_id).limit(1))
    if event_id and of != enterprise_id:
        told = {"event_id": ["No such event of this enterprise."]}
        raise InvalidInput(f"Event {event_id} is none of this enterprise.", zh="该记录不属于此企业", errors=told)


def list_terms(law: Law, name: str, day: date) -> dict[str, Any]:
    """What the policy of the day says of a list. Raises NoLegalBasis if it knows no such list."""
    provision = law.under("lists").get(name)
    if provision is None or provision.values[0].start > day:
        raise NoLegalBasis(f"No list {name!r} with a legal basis on {day}; known: {sorted(law.under('lists'))}.")
    terms: dict[str, Any] = provision.on(day).value
    return terms


def act(
    change: Change, listing_id: int, name: str, officer_id: int, day: date, fields: dict[str, Any] | None = None
) -> int:
    """One act on a listing, as the table of states allows it. Returns the enterprise's id.

    A decision is confirmed by another officer than the one who decided. Publishing sets the term.
    """
    fields = {key: value for key, value in (fields or {}).items() if value is not None}
    listing = db.session.get(Listing, listing_id)
    if listing is None:
        raise UnknownEnterprise(f"No listing {listing_id}.", zh="没有这条列入记录")
    acts = _acts(listing_id)
    step = check(name, ListingState(acts[-1].state), fields)
    _officer(officer_id, step.role, listing.department_id)
    decided = next((a for a in acts if a.act == "decide"), None)
    published = next((a for a in acts if a.act == "publish"), None)
    check_day(name, day, acts[-1].acted_on, date.fromisoformat(published.fields["ends_on"]) if published else None)
    if name == "confirm" and decided and decided.officer_id == officer_id:
        raise NotAllowed("Another officer than the one who decided must confirm.", zh="须由作出决定以外的另一人复核")
    if name == "publish" and decided:
        fields = _publication(listing, decided, day)
    document_no = fields.get("document_no") or (decided.document_no if decided else None)
    _keep(change, listing_id, listing.enterprise_id, name, step.after, day, officer_id, document_no, fields)
    return listing.enterprise_id


def _publication(listing: Listing, decided: ListingAct, day: date) -> dict[str, Any]:
    """What is published: the decision, the term of the list and the day early removal may be asked for."""
    terms = list_terms(law_on(day), listing.list, day)
    return {
        "document_no": decided.document_no,
        "basis": decided.fields["basis"],
        "ends_on": _later(day, terms["term_months"]).isoformat(),
        "earliest_removal": _later(day, terms["earliest_removal_months"]).isoformat(),
    }


def _later(day: date, months: int) -> date:
    """The same day some months later, or the month's last."""
    found: date = pl.select(pl.lit(day).dt.offset_by(f"{months}mo")).item()
    return found


def _officer(officer_id: int, role: OfficerRole, department_id: int | None = None) -> Officer:
    """The officer, if the role and the department (of a listing on file) are right."""
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.role != role:
        raise NotAllowed(f"This needs an officer with the role {role.en}.", zh=f"须由具有“{role.zh}”职责的人员办理")
    if department_id not in (None, officer.department_id):
        raise NotAllowed("This needs an officer of the department that proposed.", zh="须由提出列入的部门办理")
    return officer


def _acts(listing_id: int) -> list[ListingAct]:
    return list(
        db.session.scalars(select(ListingAct).where(ListingAct.listing_id == listing_id).order_by(ListingAct.seq))
    )


def _keep(
    change: Change, listing_id: int, enterprise_id: int, name: str, state: ListingState, day: date,
    officer_id: int, document_no: str | None, fields: dict[str, Any],
) -> None:  # fmt: skip
    (seq,) = change.take()
    db.session.add(
        ListingAct(
            seq=seq, listing_id=listing_id, enterprise_id=enterprise_id, act=name, state=str(state), acted_on=day,
            officer_id=officer_id, document_no=document_no, fields=fields,
        )
    )  # fmt: skip
    db.session.flush()


def public_listings(
    day: date,
    region: str | None = None,
    ground: str | None = None,
    q: str | None = None,
    as_of: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
    seq: int | None = None,
) -> Page:
    """Listings in force that may be shown on `day`, in the order of their ids.

    `as_of` asks for a past day; what has ended or was revoked by `day` is not told any more. To
    staff, who give the change number `seq` up to which to answer, it is told as it was.
    """
    limit = checked_limit(limit)
    if cursor is not None and not re.fullmatch("[0-9]{1,18}", cursor):
        raise bad_cursor()
    on = as_of or day
    law = law_on(on if seq is not None else day, seq)
    law.check_asked(on, day)
    reader = on if seq is not None else day
    held = listed.published(law, seq).where(listed.in_force(reader, on, seq), _of_region(region, on, seq))
    if ground:
        held = held.where(Listing.ground == ground)
    held = held.where(Listing.id > int(cursor or 0))
    if q:
        held = held.where(Listing.id.in_(sorted(_named(held, q, seq))[: limit + 1]))
    rows = db.session.execute(held.limit(limit + 1)).all()
    told = [listed.public(act, listing, authority, name, law) for act, listing, authority, name in rows[:limit]]
    items = with_marks(told, reader, seq)
    following = str(items[-1]["id"]) if len(rows) > limit else None
    return Page([{key: value for key, value in item.items() if key != "id"} for item in items], following)


def _of_region(region: str | None, on: date, seq: int | None) -> ColumnElement[bool]:
    """Listings of enterprises in a region (prefix of a GB/T 2260 code), as they are or, to staff, as was known."""
    if not region:
        return true()
    if seq is not None:
        known: ColumnElement[bool] = listed.known_region(on, seq).startswith(region, autoescape=True)
        return known
    return Listing.enterprise_id.in_(
        select(Record.enterprise_id).where(Record.region.startswith(region, autoescape=True))
    )


def _named(held: Select[Any], q: str, seq: int | None) -> set[int]:
    """The listings whose enterprise bears or bore a name with this part, or has it in its code."""
    code, words = identifiers.normalise(q), Words(fold(q), "")
    rows = db.session.execute(listed.with_names(held, seq)).all()
    folded = fold_column(pl.Series([row.text for row in rows], dtype=pl.String))
    fits = [words.fit_folded(name) or (code and code in row.code) for row, name in zip(rows, folded, strict=True)]
    return {row.id for row, fit in zip(rows, fits, strict=True) if fit}


def count(day: date) -> int:
    """How many listings are in force and shown on `day`."""
    held = listed.published(law_on(day)).where(listed.in_force(day, day))
    return db.session.scalar(held.with_only_columns(func.count()).order_by(None)) or 0


def choices(day: date) -> dict[str, list[dict[str, Any]]]:
    """What the blacklist may be filtered by: the grounds of its lists, the regions that occur."""
    law = law_on(day)
    grounds = [
        {"value": ground, "name": {"zh": words["zh"], "en": words["en"]}}
        for name, provision in law.under("lists").items()
        if provision.values[0].start <= day
        for ground, words in list_terms(law, name, day)["grounds"].items()
    ]
    held = listed.published(law).where(listed.in_force(day, day)).order_by(None)
    regions = db.session.scalars(
        select(Record.region)
        .where(Record.enterprise_id.in_(held.with_only_columns(Listing.enterprise_id)), Record.region.is_not(None))
        .distinct()
    )
    return {
        "grounds": grounds,
        "regions": [{"value": code, "name": region_name(code) or code} for code in sorted(map(str, regions))],
    }
