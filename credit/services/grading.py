"""Grading of stored dossiers: what to write for each enterprise, set-wise, nothing written yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.falls import shown
from credit.rules.grading import Gradings, grade
from credit.rules.law import Law
from credit.rules.record import bodies
from credit.rules.spans import spans
from credit.services import display, falls
from credit.services.ages import Age, ages, days_of_change, facts_under, graded, public_ages
from credit.services.dossiers import Dossiers, load
from credit.services.known import NOW, Known
from credit.services.objections import marks
from credit.services.policies import Era, law_among
from credit.services.related import branch_facts

HORIZON = "36mo"
FEW = 64
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Prepared:
    """`records`: enterprise, code, name, region, industry, status, body, grade, score, tier,
    expires_on, facts_seq; `spans`: enterprise, since, until, grade from the day on; `law`: by
    which they were graded.
    """

    records: pl.DataFrame
    spans: pl.DataFrame
    law: Law


def prepare(
    ids: Sequence[int] | None,
    eras: Sequence[Era],
    day: date,
    shown_on: date | None = None,
    known: Known = NOW,
    lawful: bool = False,
) -> Prepared:
    """The public records of these enterprises as they are to be on `day`, and their future spans.

    For a past day, `shown_on` is the reader's: only what may be shown then is told of the past.
    Without it, a past day is told as it was. A fall that waits to be shown is told as pending;
    `lawful` tells the grade itself all the same.
    """
    law = law_among(eras, day)
    dossiers = load(ids, law, known, others=[era.law for era in eras])
    over = ages(dossiers, eras)
    if shown_on:
        over = public_ages(over, shown_on, law)
        held = dossiers.listings.filter(pl.col("since") <= shown_on, pl.col("until") > shown_on)
        dossiers = replace(dossiers, listings=held)
    whole = [age for age in over if age.lasts_beyond(day)]
    days = days_of_change(whole)
    public = public_ages(over, day, law)
    full, seen = (facts_under(some, law) for some in (over, public))
    today = on_day(seen, law, day)
    since = _since(public, today.gradings, day)
    waiting = falls.untold(public, today.gradings, since, _past_days, dossiers, day)
    told, since = (today, since) if lawful else _told(public, today, since, waiting.pending, seen, law)
    ahead = [age for age in public if age.lasts_beyond(day)]
    turns = waiting.pending.select("enterprise", day="shown_from")
    first_public = _next_days(pl.concat([days_of_change(ahead), turns]), day, "next_change_on")
    asked = (
        told.gradings.join(since, on="enterprise", how="left")
        .join(first_public, on="enterprise", how="left")
        .join(waiting.pending, on="enterprise", how="left")
        .sort("enterprise")
    )
    firms = display.firms(dossiers.versions, day, law)
    related = branch_facts(dossiers, law, [day, shown_on] if shown_on else [day])
    beside = marks.on(dossiers.marks, shown_on or day)
    body = bodies(
        display.notices(asked, related),
        firms,
        display.events(replace(dossiers, facts=full), asked, beside),
        told.findings,
        display.listings(dossiers.listings, asked, day, beside),
        law,
    )
    ends = related.select("enterprise", day="until").drop_nulls()
    expires = _next_days(pl.concat([days, ends, turns]), day, "expires_on")
    records = (
        firms.select("enterprise", "code", "name", "region", "industry", "status")
        .join(today.gradings.select("enterprise", "grade", "score", "tier"), on="enterprise")
        .join(body, on="enterprise")
        .join(expires, on="enterprise", how="left")
        .join(dossiers.latest, on="enterprise", how="left")
        .with_columns(pl.col("expires_on").fill_null(NEVER))
        .sort("enterprise")
    )
    ahead_of = falls.shown_spans(_future(whole, days, day), waiting.past, dossiers, day)
    return Prepared(records, ahead_of, law)


def _told(
    over: Sequence[Age], today: Gradings, since: pl.DataFrame, pending: pl.DataFrame, seen: Facts, law: Law
) -> tuple[Gradings, pl.DataFrame]:
    """Gradings as the public is told them, and since when those grades hold."""
    told = falls.as_told(today, pending, seen, law)
    found = [since.join(pending, on="enterprise", how="anti")]
    for (eve,), some in pending.group_by("eve", maintain_order=True):
        ages_of = falls.of_firms(over, some["enterprise"])
        found.append(_since(ages_of, told.gradings.join(some, on="enterprise", how="semi"), eve))
    return told, pl.concat(found)


def on_day(seen: Facts, law: Law, day: date) -> Gradings:
    """Gradings of every enterprise on `day` from the facts that may be seen."""
    asks = seen.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    return grade(asks, seen, law)


def history(dossiers: Dossiers, law: Law, eras: Sequence[Era], day: date) -> pl.DataFrame:
    """Past and present spans of grade from the facts that may be shown on `day`."""
    public = public_ages(ages(dossiers, eras), day, law)
    return spans(graded(public, _past_days(public, day)))


def told_history(dossiers: Dossiers, law: Law, eras: Sequence[Era], day: date) -> pl.DataFrame:
    """The same, as the public is told it: a fall from the day on which it is shown."""
    lawful = history(dossiers, law, eras, day)
    last = pl.col("since") <= day
    return shown(lawful, falls.waits_of(lawful, dossiers, day)).filter(last).with_columns(
        until=pl.when(pl.col("until") <= day).then("until")
    )


def _past_days(over: Sequence[Age], day: date) -> pl.DataFrame:
    """The change days up to `day`, the register's first day at the earliest."""
    firms, law = over[0].facts.firms, over[0].era.law
    first = firms.group_by("enterprise").agg(day=pl.col("since").min())
    every = pl.concat([days_of_change(over), first]).with_columns(
        day=pl.col("day").clip(lower_bound=law.first_day)
    )
    begun = every.join(first.rename({"day": "begun"}), on="enterprise")
    return (
        begun.filter(pl.col("day") <= day, pl.col("day") >= pl.col("begun"))
        .select("enterprise", "day")
        .unique()
    )


def _since(over: Sequence[Age], today: pl.DataFrame, day: date) -> pl.DataFrame:
    """Walks back over the change days until another grade is found: enterprise, grade_since.

    A firm without facts and with one version has been what it is since its law came into force.
    """
    facts = over[0].facts
    with_facts = pl.concat([facts.events.select("enterprise"), facts.listings.select("enterprise")])
    moved = facts.firms.filter(pl.len().over("enterprise") > 1).select("enterprise")
    changing = facts.firms.select("enterprise") if len(over) > 1 else facts.firms.clear().select("enterprise")
    walked = pl.concat([with_facts, moved, changing]).unique()
    days = _past_days(over, day)
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
        same = pl.col("grade").eq_missing(pl.col("now"))
        ordered = (
            graded(over, step)
            .join(now, on="enterprise")
            .sort("enterprise", "day", descending=[False, True])
            .with_columns(run=(~same).cum_sum().over("enterprise"))
        )
        reached = (
            ordered.filter(pl.col("run") == 0)
            .group_by("enterprise")
            .agg(grade_since=pl.col("day").min())
        )
        held = pl.concat([held.join(reached, on="enterprise", how="anti"), reached])
        broken = ordered.filter(pl.col("run") > 0).select("enterprise").unique()
        left = left.join(broken, on="enterprise", how="anti")
        block *= 2  # few are left, whose grade has held for long
    return pl.concat([*found, held])


def _future(over: Sequence[Age], days: pl.DataFrame, day: date) -> pl.DataFrame:
    """Spans of grade from `day` to the horizon; the last one stays open."""
    today = over[0].facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    last = pl.lit(day).dt.offset_by(HORIZON)
    ahead = days.filter(pl.col("day") > day, pl.col("day") <= last)
    working = [replace(age, facts=still_at_work(age.facts, day)) for age in over]
    return spans(graded(working, pl.concat([today, ahead])))


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
