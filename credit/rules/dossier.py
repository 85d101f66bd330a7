"""The dossier (质量诚信档案): classified events joined with what ended, confirmed or mended them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

FAILED = ["sampling-failed", "sampling-failed-safety"]
FIRMS: dict[Any, Any] = {
    "enterprise": pl.Int64, "since": pl.Date, "until": pl.Date, "registered_on": pl.Date,
    "individual": pl.Boolean, "wants_grade": pl.Boolean, "status": pl.String,
}  # fmt: skip
EVENTS: dict[Any, Any] = {
    "enterprise": pl.Int64, "event": pl.Int64, "kind": pl.String, "rule": pl.String,
    "category": pl.String, "product": pl.String, "campaign": pl.String, "decided": pl.Date,
    "in_force": pl.Date, "until": pl.Date, "ended": pl.String, "shown_until": pl.Date,
    "public": pl.Boolean, "case": pl.Int64, "criminal": pl.Boolean, "on_file": pl.Boolean,
    "peer": pl.UInt32,
}  # fmt: skip
LISTINGS: dict[Any, Any] = {
    "enterprise": pl.Int64,
    "listing": pl.Int64,
    "since": pl.Date,
    "until": pl.Date,
}
CEASED: dict[Any, Any] = {"event": pl.Int64, "ground": pl.String, "ceased_on": pl.Date}
LINKS: dict[Any, Any] = {"event": pl.Int64, "enterprise": pl.Int64, "document_no": pl.String}


@dataclass(frozen=True)
class Facts:
    """What grading reads, in the shapes FIRMS, EVENTS and LISTINGS; days are [since, until)."""

    firms: pl.DataFrame
    events: pl.DataFrame
    listings: pl.DataFrame


def dossier(
    classified: pl.DataFrame, cessations: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Facts in the shape EVENTS.

    `classified`: event rows with their classification (current versions); `cessations` in the
    shape CEASED; `links` in the shape LINKS (this event rests on the facts of that document).
    """
    found = classified.with_columns(
        event=pl.col("event_id"),
        enterprise=pl.col("enterprise_id"),
        decided=pl.coalesce("decided_on", "occurred_on", "in_force_on"),
        in_force=pl.col("in_force_on"),
        product=pl.coalesce(pl.col("gtin").replace("", None), "product", pl.lit("")),
        campaign=pl.col("campaign").fill_null(""),
        criminal=pl.col("criminal").fill_null(False),
        ended=pl.lit("expired"),
        case=pl.col("event_id"),
        on_file=(pl.col("rule").is_in(["final-pass", "pass-unscored"]))
        | ((pl.col("rule") == "recheck") & (pl.col("result") == "pass")),
    )
    found = _re_inspected(found)
    found = _end_early(found, cessations)
    found = _mended(found)
    found = _with_cases(found, links)
    return found.with_columns(peer=_peer()).select(*EVENTS).cast(EVENTS)


def _peer() -> pl.Expr:
    """One number for the passes of one enterprise, product and year, of which one counts."""
    same = pl.struct("enterprise", "product", pl.col("decided").dt.year())
    return pl.when(pl.col("rule") == "final-pass").then(same.rank("dense"))


def _end_early(found: pl.DataFrame, cessations: pl.DataFrame) -> pl.DataFrame:
    """A repair, revocation, mask or withdrawal ends counting and showing on its day."""
    if cessations.is_empty():
        return found
    words = {
        "repaired": "repaired",
        "revoked": "revoked",
        "withdrawn": "revoked",
        "masked": "not_shown",
    }
    first = (
        cessations.sort("ceased_on")
        .unique("event", keep="first", maintain_order=True)
        .with_columns(pl.col("ground").replace_strict(words))
    )
    earlier = (pl.col("ceased_on") < pl.col("until")) & (pl.col("ended") != "overturned")
    return (
        found.join(first, on="event", how="left")
        .with_columns(
            until=pl.min_horizontal("until", "ceased_on"),
            shown_until=pl.min_horizontal("shown_until", "ceased_on"),
            ended=pl.when(earlier.fill_null(pl.col("ceased_on").is_not_null()))
            .then("ground")
            .otherwise("ended"),
        )
        .drop("ground", "ceased_on")
    )


def _second_looks(found: pl.DataFrame, stage: str, results: list[str]) -> pl.DataFrame:
    """The first second look of that stage and result at each event, by the event looked at (`of`)."""
    looks = found.filter(
        pl.col("of").is_not_null(), pl.col("stage") == stage, pl.col("result").is_in(results)
    )
    passes_first = pl.col("result") == "pass"
    return looks.sort(~passes_first, "occurred_on", "event").unique(
        "of", keep="first", maintain_order=True
    )


def _re_inspected(found: pl.DataFrame) -> pl.DataFrame:
    """A re-inspection confirms a failure from its own day, or overturns it from the start."""
    second = _second_looks(found, "reinspection", ["pass", "fail"])
    if second.is_empty():
        return found
    verdict = second.select(
        event="of",
        verdict="result",
        second_in_force="in_force",
        second_until="until",
        second_shown="shown_until",
    )
    failed = pl.col("rule").is_in(FAILED)
    upheld, overturned = (
        failed & (pl.col("verdict") == "fail"),
        failed & (pl.col("verdict") == "pass"),
    )
    return found.join(verdict, on="event", how="left").with_columns(
        in_force=pl.when(upheld).then("second_in_force").otherwise("in_force"),
        until=pl.when(upheld)
        .then("second_until")
        .when(overturned)
        .then("in_force")
        .otherwise("until"),
        shown_until=pl.when(upheld)
        .then("second_shown")
        .when(overturned)
        .then("in_force")
        .otherwise("shown_until"),
        ended=pl.when(overturned).then(pl.lit("overturned")).otherwise("ended"),
    )


def _mended(found: pl.DataFrame) -> pl.DataFrame:
    """A passed re-check ends what a failure counts for, not its publication."""
    mends = _second_looks(found, "recheck", ["pass"])
    if mends.is_empty():
        return found
    mend = pl.col("rule").is_in(FAILED) & (pl.col("mended_on") < pl.col("until")).fill_null(False)
    return found.join(
        mends.select(event="of", mended_on="occurred_on"), on="event", how="left"
    ).with_columns(
        until=pl.when(mend).then("mended_on").otherwise("until"),
        ended=pl.when(mend).then(pl.lit("mended")).otherwise("ended"),
    )


def _with_cases(found: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Events about the same facts share a case; a failure is shown no longer than its penalty."""
    if links.is_empty():
        return found
    named = found.select("enterprise", "document_no", other="event")
    pairs = links.join(named, on=["enterprise", "document_no"]).select("event", "other")
    pairs = pl.concat([pairs, pairs.select(event="other", other="event")])
    case = found.select("event", "case")
    while True:
        nearest = (
            pairs.join(case, left_on="other", right_on="event")
            .group_by("event")
            .agg(near=pl.col("case").min())
        )
        step = case.join(nearest, on="event", how="left", maintain_order="left").select(
            "event", case=pl.min_horizontal("case", "near")
        )
        if step.equals(case):
            break
        case = step
    found = found.drop("case").join(case, on="event")
    penalty = (
        found.filter(pl.col("kind") == "violation", pl.col("public"))
        .sort("until", "event")
        .group_by("case", maintain_order=True)
        .agg(penalty_until=pl.col("until").last(), penalty_ended=pl.col("ended").last())
    )
    failed = pl.col("rule").is_in([*FAILED, "inspection-refused"])
    sooner = failed & (pl.col("penalty_until") < pl.col("until")).fill_null(False)
    return found.join(penalty, on="case", how="left").with_columns(
        ended=pl.when(sooner).then("penalty_ended").otherwise("ended"),
        until=pl.when(sooner).then("penalty_until").otherwise("until"),
        shown_until=pl.when(failed)
        .then(pl.min_horizontal("shown_until", "penalty_until"))
        .otherwise("shown_until"),
    )
