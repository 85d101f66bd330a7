"""The law in force on a day: dated values, each with its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from credit.errors import BeforeRegister

EVENT_DAY, GRADING_DAY = "event_day", "grading_day"


class Source(NamedTuple):
    """Where a value comes from; `certainty` V verified, S secondary, R unverified, own policy."""

    title: str
    number: str
    article: str
    url: str
    certainty: str


class Dated(NamedTuple):
    """A value that holds from `start` until the next one."""

    start: date
    value: Any
    source: Source


@dataclass(frozen=True)
class Provision:
    """One key of the policy with its dated values, earliest first.

    `law_of` says which day chooses the value: EVENT_DAY or GRADING_DAY.
    """

    key: str
    zh: str
    en: str
    law_of: str
    values: tuple[Dated, ...]

    def on(self, day: date) -> Dated:
        """The dated value in force on `day`; before the first one there is none, which is an error."""
        for dated in self.values[::-1]:
            if dated.start <= day:
                return dated
        raise BeforeRegister(f"{self.key} has no value before {self.values[0].start}.")


@dataclass(frozen=True)
class Law:
    """A whole policy version."""

    id: str
    zh: str
    en: str
    first_day: date
    digest: str
    provisions: dict[str, Provision]
    sentences: dict[str, dict[str, str]] = field(default_factory=dict)
    industries: dict[str, dict[str, str]] = field(default_factory=dict)

    def check_asked(self, asked: date, today: date) -> None:
        """Raises BeforeRegister unless `asked` is a day that the register answers for, until today."""
        if not self.first_day <= asked <= today:
            raise BeforeRegister(
                f"Ask for a day from {self.first_day} to {today}.",
                zh=f"请查询{self.first_day}至{today}之间的日期",
                first_day=str(self.first_day),
                last_day=str(today),
            )

    def value(self, key: str, day: date) -> Any:
        """The value of `key` in force on `day`."""
        return self.provisions[key].on(day).value

    def under(self, prefix: str) -> dict[str, Provision]:
        """The provisions whose key starts with `prefix` and a dot, by the rest of the key."""
        return self._families.get(prefix, {})

    @cached_property
    def _families(self) -> dict[str, dict[str, Provision]]:
        families: dict[str, dict[str, Provision]] = {}
        for key, provision in self.provisions.items():
            prefix, _, rest = key.partition(".")
            families.setdefault(prefix, {})[rest] = provision
        return families

    def choose(
        self, key: str, day: pl.Expr, make: Callable[[Any], Any] = lambda value: value
    ) -> pl.Expr:
        """The value of `key` on each day of a column; `make` turns a value into an expression.

        What was in force on the register's first day judges all older events too.
        """
        values = self.provisions[key].values
        chosen = pl.lit(None)
        for dated in values:
            made = make(dated.value)
            made = made if isinstance(made, pl.Expr) else pl.lit(made)
            chosen = (
                made
                if dated is values[0]
                else pl.when(day >= dated.start).then(made).otherwise(chosen)
            )
        return chosen

    def chosen_by(self, key: str) -> pl.Expr:
        """The column whose day chooses the value of `key` at grading, as the policy itself says.

        `decided`, the event's day, or `day`, on which it is graded.
        """
        return pl.col("decided" if self.provisions[key].law_of == EVENT_DAY else "day")

    @cached_property
    def change_days(self) -> list[date]:
        """The days on which a value that the grading day chooses changes.

        A value that the event's day chooses changes nothing for an event on file.
        """
        return sorted(
            {
                dated.start
                for provision in self.provisions.values()
                if provision.law_of == GRADING_DAY
                for dated in provision.values[1:]
            }
        )

    def table(self, prefix: str) -> pl.DataFrame:
        """Whole numbers under `prefix` by period: period, key, value. Join on `period` and key."""
        if prefix not in self._tables:
            self._tables[prefix] = self._table(prefix)
        return self._tables[prefix]

    @cached_property
    def _tables(self) -> dict[str, pl.DataFrame]:
        return {}

    def _table(self, prefix: str) -> pl.DataFrame:
        provisions = self.under(prefix)
        return pl.DataFrame(
            [
                {
                    "period": start,
                    "key": key,
                    "value": provision.on(max(start, provision.values[0].start)).value,
                }
                for start in self._starts(prefix)
                for key, provision in provisions.items()
                if provision.values[0].start <= max(start, self.first_day)
            ],
            schema={"period": pl.Date, "key": pl.String, "value": pl.Int32},
        )

    def period(self, prefix: str, day: pl.Expr) -> pl.Expr:
        """The first day of the period of `table(prefix)` that each day of a column falls in."""
        first, *others = self._starts(prefix)
        chosen = pl.lit(first)
        for start in others:
            chosen = pl.when(day >= start).then(pl.lit(start)).otherwise(chosen)
        return chosen

    def _starts(self, prefix: str) -> list[date]:
        return sorted({d.start for p in self.under(prefix).values() for d in p.values})

    def look_up(self, frame: pl.DataFrame, prefix: str, key: str, name: str) -> pl.DataFrame:
        """`frame` with a column `name`: the value under `prefix` of column `key` on column `day`.

        Where the policy goes by the event's day, on column `decided`: still one join for both.
        """
        found = self.table(prefix).rename({"key": key, "value": name})
        period = self.period(prefix, pl.col("day"))
        by_event = [rest for rest, p in self.under(prefix).items() if p.law_of == EVENT_DAY]
        if by_event:
            then = self.period(prefix, pl.col("decided"))
            period = pl.when(pl.col(key).is_in(by_event)).then(then).otherwise(period)
        return (
            frame.with_columns(period=period)
            .join(found, on=["period", key], how="left", maintain_order="left")
            .drop("period")
        )
