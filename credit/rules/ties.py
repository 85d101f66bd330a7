"""Ties (关联) between events: second looks at failures, and links between records about the same facts.

What a tie does depends on the day: a second look that was withdrawn proves nothing from that day on,
and a record that may not be shown links nobody. So an event has one row for each span of days on
which its ties make the same of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from credit.rules import cases

FAILED = ["sampling-failed", "sampling-failed-safety"]
SECOND_LOOKS = ("reinspection", "recheck")
SPAN = ["event", "holds_from"]
MADE = ("in_force", "until", "ended", "shown_until", "case")


@dataclass(frozen=True)
class Ties:
    """`own`: the tied events by themselves, with `ground` and `ceased_on`; `looks`: second looks
    (`of`, the event looked at); `pairs`: `event` and `other` about the same facts, both ways.
    """

    own: pl.DataFrame
    looks: pl.DataFrame
    pairs: pl.DataFrame

    def only(self, events: pl.DataFrame, day: date) -> Ties:
        """The ties of these events (column `event`) alone, without second looks that ended by `day`."""
        kept = events.select("event").unique()
        stands = (pl.col("ceased_on") > day).fill_null(True)
        return Ties(
            self.own.join(kept, on="event", how="semi", maintain_order="left"),
            self.looks.filter(stands).join(kept, left_on="of", right_on="event", how="semi", maintain_order="left"),
            self.pairs.join(kept, on="event", how="semi").join(kept, left_on="other", right_on="event", how="semi"),
        )


def among(own: pl.DataFrame, links: pl.DataFrame) -> Ties | None:
    """The ties among these events, None where there are none. `links` in the shape dossier.LINKS."""
    pairs, looks = cases.pairs(own, links), _second_looks(own)
    if pairs.is_empty() and looks.is_empty():
        return None
    tied = pl.concat([pairs.select("event"), looks.select(event="of")]).unique()
    return Ties(own.join(tied, on="event", how="semi", maintain_order="left"), looks, pairs)


def laid(tied: Ties) -> pl.DataFrame:
    """The rows of the tied events: what their ties make of them, and on which days."""
    rows = _looked_at_again(tied.own, tied.looks)
    if tied.pairs.is_empty():
        return rows
    return _joined(cases.of_same_facts(rows, tied.pairs))


def end_early(rows: pl.DataFrame) -> pl.DataFrame:
    """A repair, revocation, mask or withdrawal ends counting and showing on its day."""
    earlier = (pl.col("ceased_on") < pl.col("until")) & (pl.col("ended") != "overturned")
    return rows.with_columns(
        until=pl.min_horizontal("until", "ceased_on"),
        shown_until=pl.min_horizontal("shown_until", "ceased_on"),
        ended=pl.when(earlier.fill_null(pl.col("ceased_on").is_not_null()))
        .then("ground")
        .otherwise("ended"),
    )


def _second_looks(own: pl.DataFrame) -> pl.DataFrame:
    """Re-inspections and passed re-checks with the failures that they look at (`of`)."""
    chosen = pl.col("stage").is_in(SECOND_LOOKS) & (
        (pl.col("result") == "pass") | ((pl.col("stage") == "reinspection") & (pl.col("result") == "fail"))
    )
    looks = own.filter(pl.col("of").is_not_null(), chosen).select(
        "of", "stage", "ceased_on", look="event", verdict="result", looked_on="occurred_on",
        second_in_force="in_force", second_until="until", second_shown="shown_until",
    )  # fmt: skip
    failed = own.filter(pl.col("rule").is_in(FAILED)).select(of="event")
    return looks.join(failed, on="of", how="semi", maintain_order="left")


def _looked_at_again(own: pl.DataFrame, looks: pl.DataFrame) -> pl.DataFrame:
    """Failures as their second looks leave them, on the days on which these stand; others as they are."""
    if looks.is_empty():
        return end_early(own)
    spans = _spans(looks)
    rows = own.drop("holds_from", "holds_until").join(spans, on="event", how="left", maintain_order="left")
    first = {stage: _first(looks.filter(pl.col("stage") == stage), spans) for stage in SECOND_LOOKS}
    return _mended(end_early(_re_inspected(rows, first["reinspection"])), first["recheck"])


def _spans(looks: pl.DataFrame) -> pl.DataFrame:
    """The spans of days between the ends of second looks: event, holds_from, holds_until."""
    ends = looks.select(event="of", holds_from="ceased_on")
    begins = ends.with_columns(holds_from=pl.lit(None, dtype=pl.Date))
    starts = pl.concat([begins, ends.drop_nulls()]).unique().sort(SPAN, nulls_last=False)
    return starts.with_columns(holds_until=pl.col("holds_from").shift(-1).over("event"))


def _first(looks: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """The first second look that stands in each span; a passed one comes before a failed one."""
    stands = pl.col("ceased_on").is_null() | pl.col("holds_from").is_null() | (
        pl.col("holds_from") < pl.col("ceased_on")
    )
    standing = spans.join(looks, left_on="event", right_on="of").filter(stands)
    ordered = standing.sort(pl.col("verdict") != "pass", "looked_on", "look")
    return ordered.unique(SPAN, keep="first", maintain_order=True)


def _re_inspected(rows: pl.DataFrame, looks: pl.DataFrame) -> pl.DataFrame:
    """A re-inspection confirms a failure from its own day, or overturns it from the start."""
    verdict = looks.select(*SPAN, "verdict", "second_in_force", "second_until", "second_shown")
    upheld, overturned = pl.col("verdict") == "fail", pl.col("verdict") == "pass"

    def then(second: str, own: str) -> pl.Expr:
        return pl.when(upheld).then(second).when(overturned).then("in_force").otherwise(own)

    return rows.join(verdict, on=SPAN, how="left", nulls_equal=True, maintain_order="left").with_columns(
        in_force=pl.when(upheld).then("second_in_force").otherwise("in_force"),
        until=then("second_until", "until"),
        shown_until=then("second_shown", "shown_until"),
        ended=pl.when(overturned).then(pl.lit("overturned")).otherwise("ended"),
    )


def _mended(rows: pl.DataFrame, looks: pl.DataFrame) -> pl.DataFrame:
    """A passed re-check ends what a failure counts for, not its publication."""
    mends = looks.select(*SPAN, mended_on="looked_on")
    mend = (pl.col("mended_on") < pl.col("until")).fill_null(False)
    return rows.join(mends, on=SPAN, how="left", nulls_equal=True, maintain_order="left").with_columns(
        until=pl.when(mend).then("mended_on").otherwise("until"),
        ended=pl.when(mend).then(pl.lit("mended")).otherwise("ended"),
    )


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Spans that follow one another with nothing changed are one."""
    ordered = rows.sort(*SPAN, nulls_last=False)
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in ("event", *MADE))
    runs = ordered.with_columns(run=(~same).fill_null(True).cum_sum())
    last = runs.group_by("run").agg(pl.col("holds_until").last())
    first = runs.unique("run", keep="first", maintain_order=True).drop("holds_until")
    return first.join(last, on="run", maintain_order="left")
