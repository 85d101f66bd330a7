"""Days of one or some enterprises graded with their reasons in words, each by the law of its era."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit.rules.grading import grade
from credit.rules.sentences import told
from credit.services.ages import Age
from credit.services.display import what
from credit.terms import Award, Category

TOLD = ["rule", "outcome", "points", "event", "until", "source", "sentence"]


@dataclass(frozen=True)
class Telling:
    """One day of one enterprise. `findings`: rows with the columns of a public finding (TOLD), and
    because, number, document_no, what_zh, what_en.
    """

    day: date
    score: int | None
    grade: str | None
    tier: str | None
    digest: str
    findings: list[dict[str, Any]]


def tellings(over: Sequence[Age], asks: pl.DataFrame, events: pl.DataFrame) -> list[Telling]:
    """The asked days (enterprise, day) in order. `events`: columns to show, as Dossiers has them."""
    named = events.select("event", "document_no", **what(Category, Award))
    found = []
    for age in over:
        made = grade(asks.filter(age.holds()), age.facts, age.era.law)
        rows = told(made.findings.join(named, on="event", how="left"), made.gradings, age.era.law)
        columns = [*TOLD, "because", "number", "document_no", "what_zh", "what_en"]
        findings: dict[int, list[dict[str, Any]]] = {}
        for row in rows.select("ask", *columns).iter_rows(named=True):
            findings.setdefault(row.pop("ask"), []).append(row)
        found += [
            Telling(
                row["day"], row["score"], row["grade"], row["tier"], age.era.law.digest,
                findings.get(row["ask"], []),
            )
            for row in made.gradings.iter_rows(named=True)
        ]  # fmt: skip
    return sorted(found, key=lambda telling: telling.day)
