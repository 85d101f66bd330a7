"""Full grading, read to written with public records, against an ORM loop over the enterprises."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text

from credit.db import Change, db, transaction
from credit.models import (
    Enterprise,
    EnterpriseVersion,
    Event,
    Grading,
    Record,
    Span,
)
from tests.benchmarks.dossiers import events
from tests.benchmarks.measure import Clock, Row, rows_a_second
from tests.benchmarks.naive import Dossier, dossier_of, dumped, versions_of
from tests.benchmarks.stage import EVENTS_EACH, TODAY, Stage, empty, graded, registry_file, report
from tests.oracle import grade_one
from tests.oracle_policy import months_after

LOOP_FIRMS = 20_000
COMMIT_EACH = 100
HORIZON = timedelta(days=3 * 365)
# What the oracle reads of an event.
REPORTED = (
    "kind", "occurred_on", "document_no", "role", "producer_confirmed", "campaign", "category", "level",
    "penalties", "procedure", "severity", "publication_basis", "fine", "decided_on", "published_on",
    "restricted_until", "criminal", "type", "result", "stage", "of", "safety_item", "final_on",
    "valid_from", "valid_until",
)  # fmt: skip


def full_grading(size: int) -> list[Row]:
    stage, looped = graded("sqlite", size), min(size, LOOP_FIRMS)
    check_all_graded(stage)
    ours, loop = stage.seconds["grade"], by_firm(looped)
    speed, naive_speed = size / ours.wall, looped / loop.wall
    notes = {
        "where the time goes": stage.profile["grade"],
        "wall": ours.wall,
        "cpu": ours.cpu,
        "events": size * EVENTS_EACH,
    }
    return [
        Row(
            f"full grading of {size:,} enterprises with {size * EVENTS_EACH:,} events, records written",
            f"an ORM loop ({looped:,} measured)", speed / naive_speed, 50,
            f"{rows_a_second(size, ours.wall)} ({ours.wall:.0f} s)", rows_a_second(looped, loop.wall), notes=notes,
        )
    ]  # fmt: skip


def check_all_graded(stage: Stage) -> None:
    with stage.app.app_context():
        for table in ("grading", "record", "span"):
            counted = text(
                f"SELECT count(DISTINCT enterprise_id) FROM {table} WHERE enterprise_id IS NOT NULL"
            )
            found = db.session.execute(counted).scalar_one()
            if found != stage.size:
                raise AssertionError(f"{table}: {found} of {stage.size} enterprises")


def by_firm(count: int) -> Clock:
    """Load, grade, dump and write one enterprise after the other, in a register of only these."""
    stage = empty("sqlite", "loop", count)
    stage.command("import-enterprises", str(registry_file(count)))
    with stage.app.app_context():
        report(events(count, count * EVENTS_EACH, seed=2, today=TODAY))
        with transaction("benchmark"):
            for table in (Record, Span, Grading):
                db.session.execute(db.delete(table))
        ids = list(db.session.scalars(select(Enterprise.id).order_by(Enterprise.id)))
        with Clock() as clock:
            for start in range(0, count, COMMIT_EACH):
                with transaction("benchmark") as change:
                    for enterprise in ids[start : start + COMMIT_EACH]:
                        _grade(enterprise, change, TODAY)
                db.session.expunge_all()
    return clock


def _grade(enterprise: int, change: Change, day: date) -> None:
    firm = db.session.get_one(Enterprise, enterprise)
    versions, dossier = versions_of(firm), dossier_of(firm)
    version = versions[-1]
    answer = _graded(version, dossier, day)
    since = _since(day, answer["grade"], version, dossier)
    grading = Grading(
        seq=change.take().start, enterprise_id=enterprise, code=firm.code, day=day, score=answer["score"],
        grade=answer["grade"], tier=answer["tier"], digest=_digest(dossier),
    )  # fmt: skip
    db.session.add(grading)
    shown = dumped(firm, versions, dossier, grading, day) | {"grade_since": since.isoformat()}
    body = json.dumps(shown, ensure_ascii=False).encode()
    db.session.add(
        Record(
            enterprise_id=enterprise, code=firm.code, seq=grading.seq, graded_on=day,
            expires_on=_expires(dossier, day), etag=hashlib.sha256(body).hexdigest()[:32], name=version.name,
            region=version.region, industry=version.industry, status=version.status, body=body,
        )
    )  # fmt: skip
    days = _days(dossier, version)
    ahead = sorted(other for other in days if day < other <= day + HORIZON)
    for since, until, grade in _spans([day, *ahead], version, dossier):
        db.session.add(
            Span(code=firm.code, since=since, until=until, grade=grade, enterprise_id=enterprise)
        )


def _days(dossier: Dossier, version: EnterpriseVersion) -> set[date]:
    """The days on which the grade may change: what our side walks too, for spans and grade_since."""
    days, bases = set(), [version.registered_on]
    for _, made in dossier:
        days |= {made.in_force_on, made.until, made.shown_until}
        bases += [made.in_force_on] if made.severity in ("general", "serious") else []
        if made.rule == "final-pass":
            days.add(months_after(made.in_force_on, 60))
    days |= {months_after(base, months) for base in bases if base for months in (12, 24, 36)}
    return {found for found in days if found}


def _since(day: date, grade: str | None, version: EnterpriseVersion, dossier: Dossier) -> date:
    """Walk back over the change days until another grade is found."""
    since = day
    for earlier in sorted((d for d in _days(dossier, version) if d <= day), reverse=True):
        if _graded(version, dossier, earlier)["grade"] != grade:
            break
        since = earlier
    return since


def _spans(
    days: list[date], version: EnterpriseVersion, dossier: Dossier
) -> list[tuple[date, date | None, str | None]]:
    """Days as spans of equal grade, the last one open."""
    found: list[tuple[date, date | None, str | None]] = []
    for day in days:
        grade = _graded(version, dossier, day)["grade"]
        if found and found[-1][2] == grade:
            continue
        if found:
            found[-1] = (found[-1][0], day, found[-1][2])
        found.append((day, None, grade))
    return found


def _graded(version: EnterpriseVersion, dossier: Dossier, day: date) -> dict[str, Any]:
    return grade_one(_firm(version), [_reported(event) for event, _ in dossier], [], day)


def _firm(version: EnterpriseVersion) -> dict[str, Any]:
    return {
        "registered_on": version.registered_on, "kind": version.kind,
        "wants_grade": version.wants_grade, "status": version.status,
    }  # fmt: skip


def _reported(event: Event) -> dict[str, Any]:
    """An event as it was loaded at the door, which is what the oracle reads."""
    item = {"gtin": event.gtin, "product": event.product}
    return {name: getattr(event, name) for name in REPORTED} | {"id": event.event_id, "item": item}


def _digest(dossier: Dossier) -> str:
    return dossier[0][1].digest if dossier else ""


def _expires(dossier: Dossier, day: date) -> date:
    ends = [
        end for _, made in dossier for end in (made.until, made.shown_until) if end and end > day
    ]
    return min(ends, default=day + timedelta(days=366))
