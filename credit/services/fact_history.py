"""The whole history of a fact, for staff: versions side by side, what ended it, whether it is shown and why not."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import (
    Amendment,
    CessationRow,
    Classification,
    Department,
    EnterpriseVersion,
    Event,
)
from credit.rules.dossier import TAKEN_BACK, held_on
from credit.rules.law import Law
from credit.rules.record import shown
from credit.rules.withheld import Reason, reasons
from credit.services import demands, dossiers, event_versions, listing_reviews
from credit.services.acts import Act, acts_of
from credit.services.event_documents import differences, documents_of
from credit.services.event_versions import of_event
from credit.services.policies import law_on
from credit.services.provenance import BATCH, SINGLE
from credit.terms import Outcome

Told = dict[str, Any]
MADE = ("rule", "severity", "public", "in_force_on", "until", "shown_until", "repair_from")


def history(event_id: int, day: date) -> Told:
    """All that is known of a fact, in the shape of schemas.history.EventHistory. Raises UnknownEvent."""
    standing, law = event_versions.current(event_id), law_on(day)
    versions = list(
        db.session.scalars(select(Event).where(of_event(event_id)).order_by(Event.seq))
    )
    ended = list(
        db.session.scalars(
            select(CessationRow).where(CessationRow.event_id == event_id).order_by(CessationRow.seq)
        )
    )
    why = {row.seq: row for row in db.session.scalars(select(Amendment).where(Amendment.event_id == event_id))}
    acts = acts_of([*(row.seq for row in versions), *(row.seq for row in ended)])
    first = versions[0]
    return {
        "id": event_id,
        "kind": standing.kind,
        "code": standing.code,
        "name": _name(standing.enterprise_id),
        "department": db.session.scalar(select(Department.name).where(Department.id == standing.department_id)),
        "department_id": standing.department_id,
        "version": standing.seq,
        "received_on": first.received_on,
        "changed_on": standing.received_on if standing.seq != event_id else None,
        "report": f"{BATCH}{first.report_id}" if first.report_id else f"{SINGLE}{event_id}",
        "versions": _versions(versions, acts, why),
        "cessations": _cessations(ended, acts, why),
        "demands": demands.of_event(event_id, day),
        "classifications": _classifications(standing.seq, law),
        "publication": publication(standing, law, day),
        "listings_to_review": listing_reviews.awaiting(event_id, day),
    }


def _name(enterprise_id: int) -> str | None:
    named = select(EnterpriseVersion.name).where(EnterpriseVersion.enterprise_id == enterprise_id)
    return db.session.scalar(named.order_by(EnterpriseVersion.valid_from.desc(), EnterpriseVersion.seq.desc()).limit(1))


def _versions(versions: list[Event], acts: dict[int, Act], why: dict[int, Amendment]) -> list[Told]:
    """Each version with who, when, why, and what it changed; the first changed nothing."""
    documents = documents_of(versions)
    before = [documents[0], *documents]
    return [
        {
            "version": version.seq,
            "received_on": version.received_on,
            "document": document,
            "differences": differences(earlier, document),
            **_by(acts[version.seq]),
            **_because(why.get(version.seq)),
        }
        for version, document, earlier in zip(versions, documents, before, strict=False)
    ]


def _cessations(rows: list[CessationRow], acts: dict[int, Act], why: dict[int, Amendment]) -> list[Told]:
    """What ended the fact, and whether that was taken back."""
    undone = {row.replaces: row for row in rows if row.ground == TAKEN_BACK}
    return [
        {
            "version": row.seq,
            "ground": row.ground,
            "on": row.ceased_on,
            "document_no": row.document_no,
            "taken_back": _by(acts[undone[row.seq].seq]) | _because(why.get(undone[row.seq].seq))
            if row.seq in undone
            else None,
            **_by(acts[row.seq]),
            **_because(why.get(row.seq)),
        }
        for row in rows
        if row.ground != TAKEN_BACK
    ]


def _by(act: Act) -> Told:
    return {"recorded_at": act.at, "actor": act.actor, "who": act.who}


def _because(why: Amendment | None) -> Told:
    if why is None:
        return {"reason": None, "withdrawal": None, "rests_on": None}
    rests = {"no": why.document_no, "day": why.document_on} if why.document_no else None
    return {"reason": why.reason, "withdrawal": why.ground, "rests_on": rests}


def _classifications(seq: int, law: Law) -> list[Told]:
    """What each policy made of the version that counts; `present` is the one in force."""
    rows = db.session.scalars(select(Classification).where(Classification.seq == seq))
    return [
        {"policy": row.digest, "present": row.digest == law.digest, **{name: getattr(row, name) for name in MADE}}
        for row in rows
    ]


def publication(standing: Event, law: Law, day: date) -> Told:
    """Whether the public sees the fact on `day`, until when, or why not."""
    facts = dossiers.load([standing.enterprise_id], law, to_show=False).facts.events
    own = facts.filter(pl.col("event") == standing.event_id, held_on(pl.lit(day)))
    seen = not shown(own.with_columns(day=pl.lit(day))).is_empty()
    fact = own.row(0, named=True)
    made = fact | {"in_force_on": fact["in_force"], "severity": standing.severity or _severity(fact["rule"])}
    told = [] if seen else reasons(row_of(standing), made, law, day) or [_ended(fact)]
    return {
        "shown": seen,
        "since": fact["in_force"] if fact["public"] else None,
        "until": fact["shown_until"],
        "withheld": [
            one._asdict() for one in (_ceased(fact) if one.reason == "ended" else one for one in told)
        ],
    }


def row_of(standing: Event) -> Told:
    """The columns of a version."""
    return {column.name: getattr(standing, column.name) for column in Event.__table__.columns}


def _severity(rule: str) -> str | None:
    return rule.removeprefix("violation-") if rule.startswith("violation-") else None


def _ceased(fact: Told) -> Reason:
    """The end of a publication by its true cause: it ran out, was repaired, revoked, masked."""
    return _ended(fact) if fact["ended"] != "expired" else Reason(
        "ended", f"公示已于 {fact['shown_until']} 届满。", f"Its publication ended on {fact['shown_until']}."
    )


def _ended(fact: Told) -> Reason:
    outcome = Outcome(fact["ended"])
    since = fact["shown_until"] or fact["until"]
    return Reason(
        outcome, f"{outcome.zh}（{since}），不再公示。", f"{outcome.en} ({since}): no longer shown."
    )
