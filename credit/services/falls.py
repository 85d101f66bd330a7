"""Falls to C or D that the public isn't told yet: which ones, until when, and what is told instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from credit.rules import falls
from credit.rules.dossier import Facts
from credit.rules.grading import Gradings, grade
from credit.rules.law import Law
from credit.rules.spans import SPANS, spans
from credit.rules.working_days import due
from credit.services.ages import Age, graded
from credit.services.dossiers import Dossiers
from credit.terms import FilingKind

LOOK_BACK = "90d"
CAP = "objections.whole-days"
PENDING: dict[Any, Any] = {
    "enterprise": pl.Int64, "eve": pl.Date, "waits_since": pl.Date, "shown_from": pl.Date, "contested": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Untold:
    """`pending`: falls that wait on a day, in the shape PENDING; `past`: the lawful spans before that day of the
    enterprises that fell of late, from which later waits are told.
    """

    pending: pl.DataFrame
    past: pl.DataFrame


NOBODY = Untold(pl.DataFrame(schema=PENDING), pl.DataFrame(schema=SPANS))


def untold(
    over: Sequence[Age], today: pl.DataFrame, since: pl.DataFrame, past_days: Any, dossiers: Dossiers, day: date
) -> Untold:
    """The falls that the public isn't told on `day`. `today`: gradings of the day; `since`: enterprise, grade_since;
    `past_days`: the change days up to a day of some ages.
    """
    law = dossiers.law
    first = pl.select(pl.lit(day).dt.offset_by(f"-{LOOK_BACK}")).item()
    if falls.KEY not in law.provisions:
        return NOBODY
    low = today.filter(pl.col("grade").is_in(falls.LOW)).join(since, on="enterprise")
    firms = low.filter(pl.col("grade_since") > first)["enterprise"]
    if firms.is_empty():
        return NOBODY
    some = of_firms(over, firms)
    days = past_days(some, day)
    opening = days.filter(pl.col("day") <= first).group_by("enterprise").agg(pl.col("day").max())
    rows = graded(some, pl.concat([opening, days.filter(pl.col("day") > first)]))
    lawful = spans(rows)
    pieces = falls.told(lawful, waits_of(lawful, dossiers, day))
    held = pieces.filter(
        pl.col("since") <= day, pl.col("until").is_null() | (pl.col("until") > day), pl.col("waits_since").is_not_null()
    )
    contested = _contested(held.select("enterprise", day="waits_since"), dossiers, day)
    still = contested.filter(pl.col("until") > day).select("enterprise", contested=pl.lit(value=True)).unique()
    pending = held.join(still, on="enterprise", how="left").with_columns(
        eve=pl.col("waits_since") - pl.duration(days=1), contested=pl.col("contested").fill_null(value=False)
    )
    return Untold(pending.select(*PENDING).cast(PENDING), lawful.filter(pl.col("since") < day))


def waits_of(lawful: pl.DataFrame, dossiers: Dossiers, day: date) -> pl.DataFrame:
    """From which day each fall of these spans is shown, as far as a reader on `day` knows."""
    starts = falls.runs(lawful)
    return falls.waits(starts, dossiers.law, dossiers.listings, _contested(starts, dossiers, day))


def _contested(starts: pl.DataFrame, dossiers: Dossiers, day: date) -> pl.DataFrame:
    """Objections against what began with a fall or after it: enterprise, day, filed_on, until (decided, at most
    the longest term of an objection after it was filed).
    """
    law, shape = dossiers.law, {**falls.RUNS, "filed_on": pl.Date, "until": pl.Date}
    objections = dossiers.marks.filter(pl.col("kind") == str(FilingKind.OBJECTION), pl.col("since") <= day)
    if objections.is_empty() or starts.is_empty() or CAP not in law.provisions:
        return pl.DataFrame(schema=shape)
    begun = dossiers.facts.events.group_by("event").agg(begun=pl.max_horizontal("decided", "in_force").max())
    filed = objections.join(begun, on="event").with_columns(
        began_on="since", days=law.choose(CAP, pl.col("since")).cast(pl.Int64)
    )
    capped = due(filed).with_columns(until=pl.min_horizontal(pl.col("due_on") + pl.duration(days=1), "closed_on"))
    both = starts.join(capped.rename({"enterprise_id": "enterprise"}), on="enterprise")
    return both.filter(pl.col("begun") >= pl.col("day")).select(
        "enterprise", "day", filed_on="since", until="until"
    ).cast(shape)


def of_firms(over: Sequence[Age], firms: pl.Series) -> list[Age]:
    """The ages with the facts of these enterprises alone."""
    return [replace(age, facts=_only(age.facts, firms)) for age in over]


def _only(facts: Facts, firms: pl.Series) -> Facts:
    own = pl.col("enterprise").is_in(firms.implode())
    kept = (facts.firms.filter(own), facts.events.filter(own), facts.listings.filter(own))
    return Facts(*kept, facts.ties)


def as_told(today: Gradings, pending: pl.DataFrame, seen: Facts, law: Law) -> Gradings:
    """The gradings of a day as the public is told them: where a fall waits those of its eve, with the day's asks."""
    if pending.is_empty():
        return today
    asks = pending.select("enterprise", day="eve")
    then = grade(asks, _only(seen, pending["enterprise"]), law)
    own = today.gradings.select("enterprise", "ask", "day", "tier")
    former = then.gradings.drop("day", "tier").rename({"ask": "then"}).join(own, on="enterprise")
    gone = today.gradings.join(former, on="enterprise", how="semi")
    others = today.gradings.join(former, on="enterprise", how="anti")
    kept = today.findings.join(gone, on="ask", how="anti")
    moved = then.findings.rename({"ask": "then"}).join(former.select("then", "ask"), on="then").drop("then")
    return Gradings(
        pl.concat([others, former.select(today.gradings.columns)]),
        pl.concat([kept, moved.select(today.findings.columns)]),
    )


def shown_spans(lawful: pl.DataFrame, past: pl.DataFrame, dossiers: Dossiers, day: date) -> pl.DataFrame:
    """The spans from `day` on as the public is told them; `past`: lawful ones before it (Untold.past)."""
    if falls.KEY not in dossiers.law.provisions:
        return lawful
    low = lawful.filter(pl.col("grade").is_in(falls.LOW)).select("enterprise").unique()
    own = lawful.join(low, on="enterprise", how="semi")
    rows = pl.concat([past.join(low, on="enterprise", how="semi").select(*SPANS), own.select(*SPANS)])
    whole = spans(rows.select("enterprise", "grade", day="since"))
    told = falls.shown(whole, waits_of(whole, dossiers, day))
    ahead = told.filter(pl.col("until").is_null() | (pl.col("until") > day)).with_columns(
        since=pl.max_horizontal("since", pl.lit(day))
    )
    return pl.concat([lawful.join(low, on="enterprise", how="anti"), ahead]).sort("enterprise", "since")
