"""A plan put to the register: its strata and budget before the draw, and the draw itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from credit.rules.draws import enterprises as rules
from credit.rules.draws.inspectors import Inspector, Task, assign, crew
from credit.rules.draws.plan import Plan, check_law
from credit.rules.draws.strata import Stratum, by_month, strata
from credit.rules.law import Law
from credit.services.draws import candidates

COLUMNS = ("place", "code", "tier", "risk", "region", "industry", "stratum", "ticket", "inspectors")


@dataclass(frozen=True)
class Prepared:
    """What will be drawn from: candidates (INPUTS and their columns), strata, and how many are left out and why."""

    plan: Plan
    inputs: pl.DataFrame
    strata: list[Stratum]
    left_out: dict[str, int]
    each: int

    @property
    def budget(self) -> int:
        """How many inspections the plan asks for."""
        return sum(one.quota for one in self.strata)

    @property
    def months(self) -> dict[int, int]:
        """The inspections of each month."""
        return by_month(self.budget, list(self.plan.months))


def prepare(plan: Plan, law: Law, day: date) -> Prepared:
    """The candidates and quotas of a plan, as the register stands on `day`.

    Raises QuotaAboveStratum, NoRulesOfDraws.
    """
    check_law(law)
    known, cap = candidates.read(plan, law, day), plan.cap(law, day)
    inputs = rules.candidates(known, cap)
    why = rules.left_out(known, cap)["why"].drop_nulls().value_counts().sort("why")
    held = strata(rules.counts(inputs), plan.shares_of(law, day), plan.size, plan.quotas)
    return Prepared(plan, inputs, held, dict(why.iter_rows()), plan.team(law, day))


def draw(prepared: Prepared, people: Sequence[Inspector], seed: str) -> pl.DataFrame:
    """The drawn enterprises by ticket with `place` (from 1) and `inspectors` (their ids).

    The people are looked at first: nothing is drawn that nobody can inspect. Raises BadSeed, TooFewInspectors,
    AllRecused.
    """
    able = crew(people, prepared.plan.qualification, prepared.each)
    drawn = rules.draw(prepared.inputs, prepared.strata, seed, prepared.plan.id)
    named = "code" if "code" in drawn.columns else "key"
    tasks = [Task(*row) for row in drawn.select(named, "region").iter_rows()]
    teams = assign(tasks, able, seed, prepared.plan.id)
    given = pl.Series("inspectors", [list(teams[task.key]) for task in tasks], dtype=pl.List(pl.String))
    return drawn.with_columns(given).with_row_index("place", offset=1)


def write(drawn: pl.DataFrame, out: Path | Any) -> None:
    """The drawn enterprises as CSV: COLUMNS, inspectors with a blank between them."""
    named = drawn if "code" in drawn.columns else drawn.rename({"key": "code"})
    named.select(*COLUMNS[:-1], pl.col("inspectors").list.join(" ")).write_csv(out)
