"""The papers (文书) of a listing, from its acts: numbered in series by year, in the words of the day of the act."""

from __future__ import annotations

from typing import Any

from sqlalchemy import extract, func, select

from credit.db import db
from credit.errors import UnknownPaper
from credit.models import Department, EnterpriseVersion, Listing, ListingAct
from credit.rules.listing_days import Done
from credit.rules.paper_texts import TEXTS
from credit.rules.papers import ISSUING, KINDS, Issued, Kind, Paper, series
from credit.services import listings
from credit.services.listing_terms import list_terms
from credit.services.policies import law_on

CLOCKS = ("acceptance", "decision")


def papers(listing_id: int) -> list[Paper]:
    """Every paper of a listing, in the order of the acts that gave their texts. Raises UnknownListing.

    A decision that nobody has confirmed yet is a draft, without the register's number.
    """
    listing, acts = listings.find(listing_id), listings.acts_of(listing_id)
    numbers, names = _numbers(listing_id), _names(listing.enterprise_id)
    authority = db.session.scalar(select(Department.name).where(Department.id == listing.department_id)) or ""
    found = []
    for place, act in enumerate(acts):
        for kind in KINDS.values():
            if act.act in kind.texts:
                number = _number_of(kind, acts[place:], numbers)
                issued = _issued(listing, acts[: place + 1], authority, number)
                found.append(_paper(kind, listing, act, issued, _name_at(names, act), number))
    return found


def paper(listing_id: int, kind: str, act: int | None = None) -> Paper:
    """The last paper of a kind, or the one of an act. Raises UnknownListing, UnknownPaper."""
    of_kind = [one for one in papers(listing_id) if one.kind.name == kind and act in (None, one.act)]
    if not of_kind:
        words = KINDS[kind].zh if kind in KINDS else kind
        raise UnknownPaper(
            f"Listing {listing_id} has no {kind!r} yet; documents are: {', '.join(KINDS)}.",
            zh=f"这条列入没有“{words}”，或尚未作出",
        )
    return of_kind[-1]


def _number_of(kind: Kind, following: list[ListingAct], numbers: dict[int, tuple[int, int]]) -> str | None:
    """The register's number: of the act itself, or of the second person's that follows it at once."""
    issuing = next((one for one in following[:2] if one.act == kind.issues), None)
    return series(*numbers[issuing.seq], kind) if issuing else None


def _numbers(listing_id: int) -> dict[int, tuple[int, int]]:
    """Of each act of a listing that issues papers, its place among all of its kind in its year, and the year.

    Acts are never taken away and their numbers rise, so the place never changes, and no place is left out.
    """
    year = extract("year", ListingAct.acted_on)
    place = func.row_number().over(partition_by=(ListingAct.act, year), order_by=ListingAct.seq)
    ranked = select(
        ListingAct.seq, ListingAct.listing_id, place.label("place"), year.label("year")
    ).where(ListingAct.act.in_(ISSUING)).subquery()  # fmt: skip
    rows = db.session.execute(select(ranked).where(ranked.c.listing_id == listing_id))
    return {row.seq: (row.place, int(row.year)) for row in rows}


def _names(enterprise_id: int) -> list[Any]:
    """Every name that the register was ever told of an enterprise, with what replaced what."""
    version = EnterpriseVersion
    columns = (version.seq, version.replaces, version.valid_from, version.name)
    found = select(*columns).where(version.enterprise_id == enterprise_id)
    return list(db.session.execute(found.order_by(version.valid_from, version.seq)))


def _name_at(names: list[Any], act: ListingAct) -> str:
    """The enterprise's name on the day of an act, as it was known then."""
    known = [row for row in names if row.seq <= act.seq]
    replaced = {row.replaces for row in known}
    held = [row.name for row in known if row.seq not in replaced]
    in_force = [row.name for row in known if row.seq not in replaced and row.valid_from <= act.acted_on]
    return str((in_force or held[:1])[-1])


def _issued(listing: Listing, acts: list[ListingAct], authority: str, register_no: str | None) -> Issued:
    act = acts[-1]
    law = law_on(act.acted_on, act.seq)
    terms = list_terms(law, listing.list, act.acted_on)
    ground = terms["grounds"].get(listing.ground, {"zh": listing.ground})["zh"]
    keys = {name: f"duties.removal-{name}-days" for name in CLOCKS}
    clocks = {name: law.value(key, act.acted_on) for name, key in keys.items() if key in law.provisions}
    done = [Done(one.act, one.acted_on, one.fields) for one in acts]
    number = str(act.fields.get("document_no") or register_no or "")
    return Issued(done, law.provisions[f"lists.{listing.list}"].zh, ground, terms, clocks, authority, number)


def _paper(
    kind: Kind, listing: Listing, act: ListingAct, issued: Issued, addressee: str, register_no: str | None
) -> Paper:
    number = issued.number if kind.numbered else register_no or ""
    again = "恢复" if act.act == "restore" and kind.numbered else ""
    return Paper(
        kind=kind, title=f"{again}{kind.zh}", number=number, register_no=register_no, addressee=addressee,
        code=listing.code, paragraphs=tuple(TEXTS[kind.name](issued)), authority=issued.authority,
        day=act.acted_on, act=act.seq,
    )  # fmt: skip
