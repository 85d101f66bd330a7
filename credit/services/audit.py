"""The audit: who did what, when, on whose behalf; and the proof that nobody changed it since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from credit.chain import GENESIS, TOLD, digest_of
from credit.db import AuditRow, ChangeRow, Register, db, instant
from credit.models import ApiKey, Department, Officer
from credit.services.instants import SHANGHAI
from credit.services.paging import Page, checked_limit, number_of

BLOCK = 10_000
COLUMNS = [AuditRow.__table__.c[name] for name in (*TOLD, "digest")]


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken, and how: changed, missing, moved, unaudited, head."""

    number: int
    kind: str
    detail: str


@dataclass(frozen=True)
class Proof:
    """How far the chain was read, its head, and the first fault of each broken place."""

    count: int
    head: str
    faults: list[Fault]


def verify(at_least: int = 0, expected: str | None = None) -> Proof:
    """Read the whole chain again: every digest, every link, every number, and every change's entry.

    Whoever can write the database could make a whole new chain: with `at_least` and `expected`, a
    head that was noted elsewhere (its number and digest), that shows as well.
    """
    faults: list[Fault] = []
    number, previous = 0, GENESIS
    noted: str | None = None
    for entry in _entries():
        number += 1
        found = _fault(entry, number, previous)
        faults += [found] if found else []
        number, previous = entry["number"], entry["digest"]
        noted = previous if number == at_least else noted
    faults += _head_faults(number, previous)
    if expected is not None and noted != expected:
        faults.append(Fault(at_least, "head", "the entry that was noted elsewhere is not in this chain"))
    return Proof(number, previous, faults + list(_unaudited()))


def _entries() -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        rows = db.session.execute(
            select(*COLUMNS).where(AuditRow.number > last).order_by(AuditRow.number).limit(BLOCK)
        ).all()
        if not rows:
            return
        for row in rows:
            entry = dict(row._mapping)
            yield entry | {"at": instant(entry["at"])}
        last = rows[-1].number


def _fault(entry: dict[str, Any], number: int, previous: str) -> Fault | None:
    if entry["number"] != number:
        return Fault(number, "missing", f"entries {number} to {entry['number'] - 1} are gone")
    if entry["previous"] != previous:
        return Fault(number, "moved", "it doesn't follow the entry before it")
    if digest_of(entry) != entry["digest"]:
        return Fault(number, "changed", "its digest doesn't fit what it tells")
    return None


def _head_faults(number: int, head: str) -> list[Fault]:
    """The register row knows how many entries there are: cutting the end off shows."""
    kept = db.session.execute(select(Register.audit_number, Register.audit_head)).one()
    if (kept.audit_number, kept.audit_head) == (number, head):
        return []
    return [Fault(kept.audit_number, "head", f"the register knows {kept.audit_number} entries, {number} are there")]


def _unaudited() -> Iterator[Fault]:
    """Changes without an entry, from the first audited change on, and entries without their change."""
    begun = select(db.func.min(AuditRow.first_seq)).scalar_subquery()
    same = (AuditRow.last_seq == ChangeRow.last_seq) & (AuditRow.first_seq == ChangeRow.first_seq)
    told = same & (AuditRow.act == ChangeRow.act) & (AuditRow.actor == ChangeRow.actor)
    lone = (
        select(ChangeRow.last_seq).outerjoin(AuditRow, told)
        .where(ChangeRow.first_seq >= begun, AuditRow.number.is_(None)).order_by(ChangeRow.last_seq)
    )  # fmt: skip
    for seq in db.session.scalars(lone):
        yield Fault(0, "unaudited", f"the change with number {seq} has no entry that tells the same of it")
    bare = (
        select(AuditRow.number, AuditRow.last_seq).outerjoin(ChangeRow, told)
        .where(AuditRow.last_seq.is_not(None), ChangeRow.last_seq.is_(None)).order_by(AuditRow.number)
    )  # fmt: skip
    for number, last in db.session.execute(bare):
        yield Fault(number, "unaudited", f"the change {last} that it tells of is not there")


def entries(
    *,
    actor: str | None = None,
    act: str | None = None,
    outcome: str | None = None,
    on_behalf: str | None = None,
    request_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Entries from the newest back: number, at, act, actor, on_behalf, request_id, outcome, seqs, about, digest.

    `since` and `until` are days in Shanghai, both included. Raises InvalidInput.
    """
    checked_limit(limit)
    wanted: Select[Any] = select(*COLUMNS).order_by(AuditRow.number.desc()).limit(limit + 1)
    plain = {"act": act, "outcome": outcome, "on_behalf": on_behalf, "request_id": request_id, "actor": actor}
    for name, value in plain.items():
        if value:
            wanted = wanted.where(getattr(AuditRow, name) == value)
    if since:
        wanted = wanted.where(AuditRow.at >= _midnight(since))
    if until:
        wanted = wanted.where(AuditRow.at < _midnight(until + timedelta(days=1)))
    if cursor:
        wanted = wanted.where(AuditRow.number < number_of(cursor))
    found = [dict(row._mapping) | {"at": instant(row.at)} for row in db.session.execute(wanted)]
    more = len(found) > limit
    return Page(found[:limit], str(found[limit - 1]["number"]) if more else None)


def acts() -> list[str]:
    """The acts that the audit tells of."""
    return list(db.session.scalars(select(AuditRow.act).distinct().order_by(AuditRow.act)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def named(found: list[dict[str, Any]]) -> dict[str, str]:
    """Who `officer:5`, `key:3` and `department:2` are, by name, for the entries of a page."""
    told = {entry[name] for entry in found for name in ("actor", "on_behalf") if entry[name]}
    names: dict[str, str] = {}
    for kind, table, name in (
        ("officer", Officer, Officer.name),
        ("key", ApiKey, ApiKey.label),
        ("department", Department, Department.name),
    ):
        numbers = [int(word.partition(":")[2]) for word in told if word.startswith(f"{kind}:")]
        rows = db.session.execute(select(table.id, name).where(table.id.in_(numbers)))
        names |= {f"{kind}:{number}": text for number, text in rows if text}
    return names
