"""The monitors put to the register: everything they find on a day is raised once, and followed while it is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.db import db
from credit.models import Event, Record, RiskWarning
from credit.rules.law import Law
from credit.rules.risk_warnings import monitors
from credit.services import quality
from credit.services.known import NOW
from credit.services.policies import law_on
from credit.services.reading import frame
from credit.terms import WarningState

Told = dict[str, Any]
BY = ("product", "industry", "region")


def look(day: date) -> list[Told]:
    """What every monitor finds on `day`: kind, subject, level, last_on, evidence. Long work, which holds no lock."""
    law = law_on(day)
    return findings(law, day) if monitors.known(law) else []


def keep(found: list[Told], day: date) -> tuple[int, int]:
    """Raise what was found on `day`. Returns how many are new, and how many open ones were found again.

    A second run on the same day raises none twice; what was closed is raised anew only by a newer fact.
    """
    held = {(one.kind, one.subject): one for one in db.session.scalars(_open())}
    closed = _closed()
    new = 0
    for one in found:
        key = (one["kind"], one["subject"])
        if key in held and held[key].seen_on > day:
            continue  # a past day is looked at again: what was seen since stays
        if key in held:
            held[key].level, held[key].evidence, held[key].seen_on = one["level"], one["evidence"], day
            held[key].last_on = one["last_on"]
        elif key not in closed or closed[key] < one["last_on"]:
            db.session.add(RiskWarning(**one, state=str(WarningState.RAISED), raised_on=day, seen_on=day))
            new += 1
    db.session.flush()
    return new, sum((one["kind"], one["subject"]) in held for one in found)


def findings(law: Law, day: date) -> list[Told]:
    """What every monitor finds: kind, subject, level, last_on, evidence."""
    lots, products, failures, misses = facts(law, day)
    found = monitors.meetings(failures, law, day) + monitors.near_misses(misses, law, day)
    for by in BY:
        of = products if by == "product" else lots
        found += monitors.excesses(of, by, law, day) + monitors.changes(of, by, law, day)
    return found


def facts(law: Law, day: date) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Lots, lots by product, final failures, and near misses: failures that were mended or overturned."""
    counted = quality.counted(law, day)
    failures, overturned = quality.failures(law, day)
    rows = failures.select("region", "industry", "product", enterprise="enterprise_id", day="final")
    mended = NOW.current(
        frame(
            select(Event.seq, Event.replaces, Event.enterprise_id, Event.of.label("event_id")).where(
                Event.stage == "recheck", Event.result == "pass", Event.occurred_on <= day
            )
        )
    )
    near = pl.concat(
        [
            failures.join(mended, on="event_id", how="semi").select("enterprise_id", day="occurred_on"),
            overturned.select("enterprise_id", day="occurred_on"),
        ]
    )
    firms = frame(select(Record.enterprise_id, Record.code, Record.name)) if len(near) else None
    named = near.join(firms, on="enterprise_id") if firms is not None else near.with_columns(
        code=pl.lit(""), name=pl.lit("")
    )  # fmt: skip
    return counted["lots"], counted["products"], rows, named


def _open() -> Any:
    return select(RiskWarning).where(RiskWarning.state != str(WarningState.CLOSED))


def _closed() -> dict[tuple[str, str], date]:
    rows = db.session.execute(
        select(RiskWarning.kind, RiskWarning.subject, func.max(RiskWarning.last_on))
        .where(RiskWarning.state == str(WarningState.CLOSED))
        .group_by(RiskWarning.kind, RiskWarning.subject)
    )
    return {(kind, subject): last for kind, subject, last in rows}
