"""Masks (屏蔽): while a plan of reorganisation is carried out that a court approved, bad records aren't shown.

Each department masks what it reported itself, by the court's document. Performed, what was masked is repaired;
failed, it is shown again as if it had never been masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select

from credit.db import Change, db
from credit.errors import UnknownMask, WrongState
from credit.models import CessationRow, Department, Listing, Mask, MaskEnd
from credit.rules.dossier import held_on
from credit.rules.record import shown
from credit.services import corrections, dossiers, enterprises, listed, listing_masks
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.terms import Cessation
from schemas.fields import BEYOND

Told = dict[str, Any]
MASKED = str(Cessation.MASKED)


def mask(change: Change, bearer: Bearer, given: Told, day: date) -> tuple[int, int, bool]:
    """Hide every bad record that the bearer's department shows of an enterprise, its listings included.

    Returns the mask's number, the enterprise's id, and whether it is new: the same ruling again is no other mask.

    `given` as schemas.repair.MaskIn loads it. Raises what a look-up of a code raises, and WrongState: a mask by this
    department is on already, or nothing of it is shown.
    """
    enterprise_id = enterprises.find(given["code"])
    if (held := _open(enterprise_id, bearer.department_id)) is not None:
        if (held.court, held.document_no, held.ruled_on) == (given["court"], given["document_no"], given["ruled_on"]):
            return held.seq, enterprise_id, False
        raise WrongState(f"Mask {held.seq} is on.", zh=f"第{held.seq}号屏蔽仍在执行", state="masked")
    events = _bad(enterprise_id, bearer.department_id, day)
    if not events and not _on_lists(enterprise_id, bearer.department_id, day):
        raise WrongState("Your department shows nothing bad of this enterprise.", zh="本部门没有正在公示的失信信息")
    (seq,) = change.take()
    change.about |= {"mask": seq, "enterprise": given["code"]}
    db.session.add(
        Mask(
            seq=seq, enterprise_id=enterprise_id, code=given["code"], department_id=bearer.department_id,
            court=given["court"], document_no=given["document_no"], ruled_on=given["ruled_on"], masked_on=day,
        )
    )  # fmt: skip
    db.session.flush()
    for event_id in events:
        corrections.cease(change, event_id, Cessation.MASKED, day, reference(seq, given["document_no"]))
    return seq, enterprise_id, True


def end(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> int:
    """End a mask: `performed` repairs what it hid, `failed` shows it again. Returns the enterprise's id.

    Raises UnknownMask, NotAllowed, WrongState.
    """
    found = of(number)
    own_or_refuse(bearer, found.department_id)
    if db.session.get(MaskEnd, number) is not None:
        raise WrongState("This mask has ended.", zh="该屏蔽已经结束", state="ended")
    (seq,) = change.take()
    change.about |= {"mask": number, "how": given["how"]}
    db.session.add(
        MaskEnd(
            mask=number, seq=seq, how=given["how"], ended_on=day, document_no=given["document_no"],
            reason=given["reason"],
        )
    )  # fmt: skip
    db.session.flush()
    for event_id in _hidden([found])[number]:
        for held in corrections.cessations(event_id):
            if held.ground == MASKED and held.document_no == reference(number, found.document_no):
                corrections.take_back(change, held, given["document_no"])
        if given["how"] == "performed":
            corrections.cease(change, event_id, Cessation.REPAIRED, day, given["document_no"])
    return found.enterprise_id


def reference(number: int, document_no: str) -> str:
    """The number under which an event is masked: the court's, and the mask's own."""
    return f"{document_no[:200]}#{number}"


def _bad(enterprise_id: int, department_id: int, day: date) -> list[int]:
    """Violations and failed inspections of a department that the public sees."""
    known = dossiers.load([enterprise_id], law_on(day))
    visible = shown(known.facts.events.filter(held_on(pl.lit(day))).with_columns(day=pl.lit(day)))
    own = known.events.filter(pl.col("department_id") == department_id)
    bad = own.filter((pl.col("kind") == "violation") | pl.col("result").is_in(["fail", "refused"]))
    return bad.join(visible, on="event", how="semi")["event"].sort().to_list()


def _on_lists(enterprise_id: int, department_id: int, day: date) -> bool:
    """Whether the department shows the enterprise on a list; services.listing_masks takes it off while masked."""
    held: Any = listed.published(law_on(day)).where(
        listed.in_force(day, day), Listing.enterprise_id == enterprise_id, Listing.department_id == department_id
    )
    return db.session.execute(held.limit(1)).first() is not None


def _open(enterprise_id: int, department_id: int) -> Mask | None:
    held = select(Mask).where(
        Mask.enterprise_id == enterprise_id, Mask.department_id == department_id,
        ~exists().where(MaskEnd.mask == Mask.seq),
    )  # fmt: skip
    return db.session.scalars(held.limit(1)).first()


def of(number: int) -> Mask:
    """A mask on file. Raises UnknownMask."""
    found = db.session.get(Mask, number) if number < BEYOND else None
    if found is None:
        raise UnknownMask(f"No mask {number} is on file.", zh=f"没有编号为 {number} 的屏蔽")
    return found


def told(number: int) -> Told:
    """One mask in the shape of schemas.repair.MaskOut."""
    return _told([of(number)])[0]


def page(bearer: Bearer, cursor: str | None, limit: int) -> Page:
    """The masks of the bearer's department, the latest first."""
    checked_limit(limit)
    wanted = select(Mask).where(Mask.department_id == bearer.department_id)
    if cursor is not None:
        wanted = wanted.where(Mask.seq < number_of(cursor))
    found = list(db.session.scalars(wanted.order_by(Mask.seq.desc()).limit(limit + 1)))
    return Page(_told(found[:limit]), str(found[limit - 1].seq) if len(found) > limit else None)


def _told(masks: Sequence[Mask]) -> list[Told]:
    names = dict(db.session.execute(select(Department.id, Department.name)).all())
    ended = {one.mask: one for one in db.session.scalars(select(MaskEnd).where(_among(MaskEnd.mask, masks)))}
    hidden, listings = _hidden(masks), listing_masks.of_masks(masks)
    return [
        {
            "number": one.seq, "code": one.code, "department": names[one.department_id], "court": one.court,
            "document_no": one.document_no, "ruled_on": one.ruled_on, "masked_on": one.masked_on,
            "events": hidden[one.seq], "listings": listings[one.seq],
            "ended_on": ended[one.seq].ended_on if one.seq in ended else None,
            "how": ended[one.seq].how if one.seq in ended else None,
        }
        for one in masks
    ]  # fmt: skip


def _hidden(masks: Sequence[Mask]) -> dict[int, list[int]]:
    """By mask, the events that it hid."""
    numbers = {reference(one.seq, one.document_no): one.seq for one in masks}
    rows = frame(
        select(CessationRow.event_id, CessationRow.document_no).where(
            among(CessationRow.enterprise_id, sorted({one.enterprise_id for one in masks})),
            CessationRow.ground == MASKED,
        )
    )  # fmt: skip
    found: dict[int, list[int]] = defaultdict(list)
    for event_id, document_no in rows.sort("event_id").iter_rows():
        if document_no in numbers:
            found[numbers[document_no]].append(event_id)
    return found


def _among(column: Any, masks: Iterable[Mask]) -> Any:
    return column.in_([one.seq for one in masks])
