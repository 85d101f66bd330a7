"""The dossier page for staff: every fact of an enterprise with its provenance, and whether it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import Demand, DemandAnswerRow
from credit.rules.dossier import held_on
from credit.rules.record import shown
from credit.services import dossiers, enterprises
from credit.services.display import what
from credit.services.policies import law_on
from credit.terms import Award, Category, Outcome

COLUMNS = (
    "event", "kind", "document_no", "department", "department_id", "received_on", "changed_on", "report", "decided",
    "rule", "severity", "what_zh", "what_en", "shown", "public", "in_force", "until", "ended", "shown_until", "demands",
)  # fmt: skip


def dossier(code: str, day: date, department_id: int | None = None) -> dict[str, Any]:
    """code, name, and facts (COLUMNS) of an enterprise, the latest first; of one department
    where it is told. What was repaired isn't among them: it is in the archive.

    `demands`: how many await an answer. Raises BadCode, UnknownEnterprise, AmbiguousCode.
    """
    number, law = enterprises.find(code), law_on(day)
    known = dossiers.load([number], law)
    facts = known.facts.events.filter(held_on(pl.lit(day)), pl.col("ended") != Outcome.REPAIRED)
    seen = shown(facts.with_columns(day=pl.lit(day))).select("event", shown=pl.lit(True))
    columns = ("event", "document_no", "department", "department_id", "received_on", "changed_on", "report", "severity")
    about = known.events.select(*columns, **what(Category, Award))
    rows = (
        facts.join(about, on="event")
        .join(seen, on="event", how="left")
        .join(_open(number), on="event", how="left")
        .with_columns(pl.col("shown").fill_null(False), pl.col("demands").fill_null(0))
        .filter(pl.lit(True) if department_id is None else pl.col("department_id") == department_id)
        .sort("decided", "event", descending=True)
    )
    name = known.versions.filter(pl.col("valid_from") <= day)["name"]
    return {
        "code": known.versions["code"][-1],
        "name": name[-1] if len(name) else known.versions["name"][-1],
        "facts": rows.select(COLUMNS).to_dicts(),
    }


def _open(enterprise_id: int) -> pl.DataFrame:
    """How many demands about each event of an enterprise await an answer: event, demands."""
    asked = (
        select(Demand.event_id)
        .outerjoin(DemandAnswerRow, DemandAnswerRow.demand == Demand.seq)
        .where(Demand.enterprise_id == enterprise_id, DemandAnswerRow.demand.is_(None))
    )
    found = list(db.session.scalars(asked))
    return pl.DataFrame({"event": found}, schema={"event": pl.Int64}).group_by("event").agg(
        demands=pl.len().cast(pl.Int64)
    )
