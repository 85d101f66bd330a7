"""Grading of stored dossiers: what to write for each enterprise, set-wise, nothing written yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.grading import Gradings, grade, grades
from credit.rules.law import Law
from credit.rules.record import bodies, shown
from credit.rules.spans import change_days, spans
from credit.services import display
from credit.services.dossiers import Dossiers, load
from credit.services.related import branch_facts

HORIZON = "36mo"
FEW = 64
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Prepared:
    """`records`: enterprise, code, name, region, industry, status, body, grade, score, tier,
    expires_on; `spans`: enterprise, since, until, grade from the day on.
    """

    records: pl.DataFrame
    spans: pl.DataFrame


def prepare(
    ids: Sequence[int] | None, law: Law, day: date, shown_on: date | None = None
) -> Prepared:
    """The public records of these enterprises as they are to be on `day`, and their future spans.

    For a past day, `shown_on` is the reader's: only what may be shown then is told of the past.
    """
    known = load(ids, law, day)
    if shown_on:
        held = known.listings.filter(pl.col("since") <= shown_on, pl.col("until") > shown_on)
        known = replace(known, facts=public_facts(known.facts, shown_on), listings=held)
    days = change_days(known.facts, law)
    future = _future(known.facts, days, law, day)
    today, since = on_day(known, law, day)
    first_public = _next_days(
        change_days(public_facts(known.facts, day), law), day, "next_change_on"
    )
    asked = (
        today.gradings.join(since, on="enterprise", how="left")
        .join(first_public, on="enterprise", how="left")
        .sort("enterprise")
    )
    firms = display.firms(known.versions, day, law)
    related = branch_facts(known, law, [day, shown_on] if shown_on else [day])
    body = bodies(
        display.notices(asked, related),
        firms,
        display.events(known, asked, day),
        today.findings,
        display.listings(known.listings, asked, day),
        law,
    )
    ends = related.select("enterprise", day="until").drop_nulls()
    expires = _next_days(pl.concat([days, ends]), day, "expires_on")
    records = (
        firms.select("enterprise", "code", "name", "region", "industry", "status")
        .join(asked.select("enterprise", "grade", "score", "tier"), on="enterprise")
        .join(body, on="enterprise")
        .join(expires, on="enterprise", how="left")
        .with_columns(pl.col("expires_on").fill_null(NEVER))
        .sort("enterprise")
    )
    return Prepared(records, future)


def public_facts(facts: Facts, day: date) -> Facts:
    """The facts that the public may see on `day`: its past is computed from these alone."""
    events = shown(facts.events.with_columns(day=pl.lit(day))).drop("day")
    listings = facts.listings.filter(pl.col("since") <= day, pl.col("until") > day)
    return Facts(facts.firms, events, listings)


def on_day(known: Dossiers, law: Law, day: date) -> tuple[Gradings, pl.DataFrame]:
    """Gradings of `day` from public facts, and since when each grade has held: enterprise, grade_since."""
    facts = public_facts(known.facts, day)
    asks = facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    today = grade(asks, facts, law)
    return today, _since(facts, today.gradings, law, day)


def history(known: Dossiers, law: Law, day: date) -> pl.DataFrame:
    """Past and present spans of grade from the facts that may be shown on `day`."""
    facts = public_facts(known.facts, day)
    days = _past_days(facts, law, day)
    return spans(grades(days, facts, law))


def _past_days(facts: Facts, law: Law, day: date) -> pl.DataFrame:
    """The change days up to `day`, the register's first day at the earliest."""
    first = facts.firms.group_by("enterprise").agg(day=pl.col("since").min())
    every = pl.concat([change_days(facts, law), first]).with_columns(
        day=pl.col("day").clip(lower_bound=law.first_day)
    )
    begun = every.join(first.rename({"day": "begun"}), on="enterprise")
    return (
        begun.filter(pl.col("day") <= day, pl.col("day") >= pl.col("begun"))
        .select("enterprise", "day")
        .unique()
    )


def _since(facts: Facts, today: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Walks back over the change days until another grade is found: enterprise, grade_since.

    A firm without facts and with one version has always been what it is.
    """
    with_facts = pl.concat([facts.events.select("enterprise"), facts.listings.select("enterprise")])
    moved = facts.firms.filter(pl.len().over("enterprise") > 1).select("enterprise")
    walked = pl.concat([with_facts, moved]).unique()
    days = _past_days(facts, law, day)
    still = (
        days.join(walked, on="enterprise", how="anti")
        .group_by("enterprise")
        .agg(grade_since=pl.col("day").min())
    )
    found = [still]
    left = days.join(walked, on="enterprise").sort("enterprise", "day", descending=[False, True])
    now = today.select("enterprise", now="grade")
    block = 1000 if walked.height <= FEW else 3
    held = pl.DataFrame(schema={"enterprise": pl.Int64, "grade_since": pl.Date})
    while not left.is_empty():
        place = pl.int_range(pl.len()).over("enterprise")
        step, left = left.filter(place < block), left.filter(place >= block)
        graded = grades(step, facts, law).join(now, on="enterprise")
        same = pl.col("grade").eq_missing(pl.col("now"))
        ordered = graded.sort("enterprise", "day", descending=[False, True]).with_columns(
            run=(~same).cum_sum().over("enterprise")
        )
        reached = (
            ordered.filter(pl.col("run") == 0)
            .group_by("enterprise")
            .agg(grade_since=pl.col("day").min())
        )
        held = pl.concat([held.join(reached, on="enterprise", how="anti"), reached])
        broken = ordered.filter(pl.col("run") > 0).select("enterprise").unique()
        left = left.join(broken, on="enterprise", how="anti")
    return pl.concat([*found, held])


def _future(facts: Facts, days: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Spans of grade from `day` to the horizon; the last one stays open."""
    today = facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    last = pl.lit(day).dt.offset_by(HORIZON)
    ahead = days.filter(pl.col("day") > day, pl.col("day") <= last)
    return spans(grades(pl.concat([today, ahead]), still_at_work(facts, day), law))


def still_at_work(facts: Facts, day: date) -> Facts:
    """The facts that can matter on `day` or later: in time, or the newest pass that keeps one on file."""
    newest = (
        facts.events.filter(pl.col("on_file"), pl.col("public"), pl.col("shown_until").is_null())
        .group_by("enterprise")
        .agg(newest=pl.col("decided").filter(pl.col("decided") <= day).max())
    )
    over = (pl.col("until") <= day).fill_null(False)
    kept = facts.events.join(newest, on="enterprise", how="left").filter(
        ~over
        | (
            pl.col("on_file")
            & ((pl.col("decided") == pl.col("newest")) | pl.col("shown_until").is_not_null())
        )
    )
    return Facts(facts.firms, kept.drop("newest"), facts.listings)


def _next_days(days: pl.DataFrame, day: date, name: str) -> pl.DataFrame:
    """The first change day after `day` of each enterprise."""
    return (
        days.filter(pl.col("day") > day).group_by("enterprise").agg(pl.col("day").min().alias(name))
    )
