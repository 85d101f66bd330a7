"""The cases of the policy through the kernel: all of one policy in one call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.law import Law
from credit.rules.record import shown
from tests.cases import Case
from tests.grading_frames import graded, reported
from tests.varied_policy import varied

BAD = ("violation-", "sampling-failed", "inspection-refused")
Found = dict[str, Any]


class Graded:
    """Cases as enterprises 0, 1, ... of one register, and what a law makes of them."""

    def __init__(self, cases: list[Case]) -> None:
        self.cases = cases
        self.asks = [(number, case.day) for number, case in enumerate(cases)]
        self.reported = reported([(case.firm, case.events, case.listings) for case in cases])
        self.days = pl.DataFrame(
            self.asks, schema={"enterprise": pl.Int64, "day": pl.Date}, orient="row"
        )

    def classified(self, law: Law) -> Classified:
        """The events as a law classifies them."""
        return Classified(self, law)

    def under(self, law: Law, classified: Classified | None = None) -> list[Found]:
        """What is found of each case, in the words of `Case.differences`; one call for all.

        `classified` spares the work where another law would classify alike.
        """
        judged = classified or self.classified(law)
        gradings = graded(judged.facts, self.asks, law)
        found = [
            {name: row[name] for name in ("score", "grade", "tier", "enterprise")}
            | {"findings": [], "shown": judged.shown[row["enterprise"]]}
            | {"repair_from": judged.repair_from[row["enterprise"]]}
            for row in gradings.gradings.sort("ask").iter_rows(named=True)
        ]
        told = ("ask", "rule", "outcome", "points", "event", "until", "number")
        for ask, rule, outcome, points, event, *more in gradings.findings.select(told).iter_rows():
            found[ask]["findings"].append((rule, outcome, points, _own(event), *more))
        return sorted(found, key=lambda row: row["enterprise"])


class Classified:
    """Facts, and by enterprise the bad records shown and the days from which repair is possible."""

    def __init__(self, given: Graded, law: Law) -> None:
        self._given = given
        self._classified = given.reported.classified(law)
        self.facts: Facts = given.reported.facts(law)

    @cached_property
    def shown(self) -> list[list[int]]:
        rows = shown(self.facts.events.join(self._given.days, on="enterprise"))
        bad = rows.filter(pl.any_horizontal(pl.col("rule").str.starts_with(rule) for rule in BAD))
        found: list[list[int]] = [[] for _ in self._given.cases]
        for enterprise, event in bad.select("enterprise", "event").iter_rows():
            found[enterprise].append(event % 1000)
        return found

    @cached_property
    def repair_from(self) -> list[dict[int, Any]]:
        found: list[dict[int, Any]] = [{} for _ in self._given.cases]
        rows = self._classified.select("enterprise_id", "event_id", "repair_from")
        for enterprise, event, day in rows.iter_rows():
            found[enterprise][event % 1000] = day
        return found


def _own(event: int | None) -> int | None:
    """An event's number within its firm."""
    return None if event is None else event % 1000


def all_found(cases: Iterable[Case]) -> dict[str, Found]:
    """What the kernel finds of every case under the policy that the case asks for, by its name."""
    found = {}
    together: dict[str, list[Case]] = {}
    for case in cases:
        together.setdefault(str(case.policy), []).append(case)
    for alike in together.values():
        rows = Graded(alike).under(varied(alike[0].policy))
        found |= {case.name: row for case, row in zip(alike, rows, strict=True)}
    return found
