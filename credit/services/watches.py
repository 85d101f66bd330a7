"""Special supervision (重点监管): a department's own flag on an enterprise. No list, no basis needed, never public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from credit.db import Change, db
from credit.errors import InvalidInput, UnknownWatch, WrongState
from credit.models import Department, Record, Watch, WatchEnd
from credit.services import enterprises
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.paging import Page, checked_limit, number_of
from schemas.fields import BEYOND

Told = dict[str, Any]


def watch(change: Change, bearer: Bearer, given: Told, day: date) -> tuple[int, bool]:
    """Watch an enterprise. Returns the number, and whether it is new: a department watches an enterprise once.

    `given` as schemas.watch.WatchIn loads it. Raises what a look-up of a code raises.
    """
    enterprise_id = enterprises.find(given["code"])
    held = select(Watch.seq).where(
        Watch.enterprise_id == enterprise_id, Watch.department_id == bearer.department_id, _open()
    )
    known = db.session.scalar(held.limit(1))
    if known is not None:
        return known, False
    (seq,) = change.take()
    change.about |= {"watch": seq, "enterprise": given["code"]}
    db.session.add(
        Watch(
            seq=seq, enterprise_id=enterprise_id, code=given["code"], department_id=bearer.department_id,
            since=given.get("since") or day, reason=given["reason"], document_no=given["document_no"],
        )
    )  # fmt: skip
    db.session.flush()
    return seq, True


def end(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> None:
    """Watch no more. Raises UnknownWatch, NotAllowed, WrongState where it has ended, InvalidInput for a day before."""
    found = of(number)
    own_or_refuse(bearer, found.department_id)
    if db.session.get(WatchEnd, number) is not None:
        raise WrongState("It has ended.", zh="该重点监管已经结束", state="ended")
    on = given.get("ended_on") or day
    if on < found.since:
        told = f"It began on {found.since}."
        raise InvalidInput(told, zh=f"结束日期早于开始日期（{found.since}）", errors={"ended_on": [told]})
    (seq,) = change.take()
    change.about |= {"watch": number}
    db.session.add(WatchEnd(watch=number, seq=seq, ended_on=on, reason=given["reason"]))
    db.session.flush()


def of(number: int) -> Watch:
    """A watch on file. Raises UnknownWatch."""
    found = db.session.get(Watch, number) if number < BEYOND else None
    if found is None:
        raise UnknownWatch(f"No watch {number} is on file.", zh=f"没有编号为 {number} 的重点监管")
    return found


def told(number: int) -> Told:
    """One watch in the shape of schemas.watch.WatchOut."""
    return _told([of(number)])[0]


def page(cursor: str | None = None, limit: int = 50, department_id: int | None = None, ended: bool = False) -> Page:
    """Watches that are on (or have `ended`), of all departments or of one, the latest first."""
    checked_limit(limit)
    wanted = select(Watch).where(~_open() if ended else _open())
    if department_id is not None:
        wanted = wanted.where(Watch.department_id == department_id)
    if cursor is not None:
        wanted = wanted.where(Watch.seq < number_of(cursor))
    found = list(db.session.scalars(wanted.order_by(Watch.seq.desc()).limit(limit + 1)))
    return Page(_told(found[:limit]), str(found[limit - 1].seq) if len(found) > limit else None)


def _open() -> Any:
    return ~exists().where(WatchEnd.watch == Watch.seq)


def _told(watches: Sequence[Watch]) -> list[Told]:
    departments = dict(db.session.execute(select(Department.id, Department.name)).all())
    firms = select(Record.enterprise_id, Record.name).where(
        Record.enterprise_id.in_([one.enterprise_id for one in watches])
    )
    names = dict(db.session.execute(firms).all())
    ends = select(WatchEnd).where(WatchEnd.watch.in_([one.seq for one in watches]))
    ended = {one.watch: one.ended_on for one in db.session.scalars(ends)}
    return [
        {
            "number": one.seq, "code": one.code, "name": names.get(one.enterprise_id, ""), "since": one.since,
            "department": departments[one.department_id], "reason": one.reason, "document_no": one.document_no,
            "ended_on": ended.get(one.seq),
        }
        for one in watches
    ]  # fmt: skip
