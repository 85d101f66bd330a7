"""What the policy makes of reported events: severity, finality, publication window.

Set-wise: a column of events in, a column of classifications out, whether one or a million.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules.law import Law
from credit.rules.notices import all_told, open_from
from credit.terms import Penalty

DAY = pl.Date()
CLASSIFIED: dict[Any, Any] = {
    "seq": pl.Int64, "rule": pl.String, "severity": pl.String, "public": pl.Boolean,
    "in_force_on": pl.Date, "until": pl.Date, "shown_until": pl.Date, "repair_from": pl.Date,
}  # fmt: skip
# The day on which an objected failure is final as long as nobody knows one: far, but dates can be added to it.
UNDECIDED = date(2999, 12, 31)
NOWHERE = pl.lit(None, dtype=pl.Date)


def classify(events: pl.DataFrame, law: Law) -> pl.DataFrame:
    """One row for each event version, in the shape CLASSIFIED.

    `events` has the columns of the event table. Days are [in_force_on, until) for counting and
    [in_force_on, shown_until) for showing; null is open. `public` is false for what may never
    be shown and so counts for nothing.
    """
    kinds = {"violation": _violations, "inspection": _inspections, "award": _awards}
    parts = [
        kinds[str(kind)](part, law)
        for (kind,), part in events.group_by("kind", maintain_order=True)
    ]
    if not parts:
        return pl.DataFrame(schema=CLASSIFIED)
    return pl.concat([part.select(*CLASSIFIED).cast(CLASSIFIED) for part in parts])


def after(start: pl.Expr, months: pl.Expr | int) -> pl.Expr:
    """The same day of the month some months later, or the month's last day where it has none."""
    if isinstance(months, int):
        return start.dt.offset_by(f"{months}mo")
    return start.dt.offset_by(months.cast(pl.String) + "mo")


def _has(column: str, words: list[str]) -> pl.Expr:
    return (
        pl.col(column).list.set_intersection(pl.lit(words, dtype=pl.List(pl.String))).list.len() > 0
    )


def _only(column: str, words: list[str]) -> pl.Expr:
    return (
        pl.col(column).list.set_difference(pl.lit(words, dtype=pl.List(pl.String))).list.len() == 0
    )


def _violations(events: pl.DataFrame, law: Law) -> pl.DataFrame:
    day = pl.col("decided_on")
    fine = pl.col("fine").cast(pl.Float64).fill_null(0)
    individual = pl.col("code").str.starts_with("92")
    small = (
        pl.when(individual)
        .then(fine < law.choose("severity.small-fine-individual", day))
        .otherwise(fine < law.choose("severity.small-fine", day))
    )
    serious = (
        pl.col("criminal").fill_null(False)
        | law.choose("severity.serious-kinds", day, lambda kinds: _has("penalties", kinds))
        | (fine >= law.choose("severity.serious-fine", day))
    )
    light = law.choose("severity.light-kinds", day, lambda kinds: _only("penalties", kinds))
    no_heavier = law.choose(
        "severity.light-kinds", day, lambda kinds: _only("penalties", [*kinds, Penalty.FINE])
    )
    small_fine = no_heavier & _has("penalties", [Penalty.FINE]) & small
    minor = (pl.col("procedure") == "simple") | light | small_fine
    found = (
        pl.when(serious)
        .then(pl.lit("serious"))
        .when(minor)
        .then(pl.lit("minor"))
        .otherwise(pl.lit("general"))
    )
    alone = law.choose("severity.unpublished-kinds", day, lambda kinds: _only("penalties", kinds))
    published = pl.when(law.choose("publication.start", day) == "decision_day").then(day)
    return (
        events.with_columns(
            severity=pl.coalesce(pl.col("severity").cast(pl.String), found),
            in_force_on=open_from(law, day),
            _start=published.otherwise(pl.coalesce("published_on", "decided_on")),
        )
        .with_columns(
            _end=_milder_end(law, "publication.months", day),
            repair_from=_milder_end(law, "publication.repair-months", day),
            public=(
                (pl.col("severity") != "minor") | (pl.col("publication_basis").fill_null("") != "")
            )
            & ~alone
            & (pl.col("procedure") != "simple")
            & all_told(law, day),
            rule=pl.lit("violation-") + pl.col("severity"),
        )
        .with_columns(
            until=pl.max_horizontal("_end", "restricted_until"),
            repair_from=pl.max_horizontal("repair_from", "restricted_until"),
        )
        .with_columns(
            shown_until=pl.col("until"),
            repair_from=pl.when(
                (pl.col("severity") != "minor") & (pl.col("repair_from") < pl.col("until"))
            ).then("repair_from"),
        )
    )


def _milder_end(law: Law, key: str, day: pl.Expr) -> pl.Expr:
    """The end of a period counted from `_start`: the event's own law, or a later milder one.

    A later law shortens a period only from its own first day on (行政处罚法 art. 37 by analogy).
    """
    values = law.provisions[key].values
    ends = []
    for number, dated in enumerate(values):
        months = pl.col("severity").replace_strict(dated.value, default=None, return_dtype=pl.Int32)
        end = after(pl.col("_start"), months)
        later = pl.when((day < dated.start) & (end < dated.start)).then(pl.lit(dated.start))
        own = later.otherwise(end)
        over = values[number + 1].start if number + 1 < len(values) else None
        ends.append(own if over is None else pl.when(day < over).then(own).otherwise(NOWHERE))
    return pl.min_horizontal(ends)


def _inspections(events: pl.DataFrame, law: Law) -> pl.DataFrame:
    day = pl.col("occurred_on")
    objection = law.choose("finality.objection-days", day).cast(pl.String) + "d"
    failed = pl.col("result") == "fail"
    first = pl.col("stage") == "first"
    scored = law.choose("passes.scored", day, lambda types: pl.col("type").is_in(types))
    filed = law.choose("passes.filed", day, lambda types: pl.col("type").is_in(types))
    safety = pl.col("safety_item").fill_null(False)
    rule = (
        pl.when(pl.col("stage") == "reinspection").then(pl.lit("reinspection"))
        .when(pl.col("stage") == "recheck").then(pl.lit("recheck"))
        .when(pl.col("result") == "invalid").then(pl.lit("sample-invalid"))
        .when(pl.col("result") == "refused").then(pl.lit("inspection-refused"))
        .when(failed & safety).then(pl.lit("sampling-failed-safety"))
        .when(failed).then(pl.lit("sampling-failed"))
        .when(scored).then(pl.lit("final-pass"))
        .when(filed).then(pl.lit("pass-unscored"))
        .otherwise(pl.lit("pass-requested"))
    )  # fmt: skip
    producer = pl.col("role") == "producer"
    confirmed = pl.col("producer_confirmed")
    counterfeit = producer & pl.when(failed).then(~confirmed.fill_null(False)).otherwise(
        ~confirmed.fill_null(True)
    )
    negative = failed | (pl.col("result") == "refused")
    window = law.choose("windows.final-pass", day)
    return (
        events.with_columns(
            rule=rule,
            public=~counterfeit.fill_null(False) & (pl.col("result") != "invalid"),
            severity=pl.when(negative).then(pl.lit("general")),
            in_force_on=pl.when(failed & first)
            .then(pl.coalesce("final_on", _not_before_the_answer(day.dt.offset_by(objection))))
            .otherwise(day),
        )
        .with_columns(_start=pl.col("in_force_on"))
        .with_columns(
            shown_until=_milder_end(law, "publication.months", pl.col("in_force_on")),
            repair_from=_milder_end(law, "publication.repair-months", pl.col("in_force_on")),
        )
        .with_columns(
            until=pl.when(pl.col("rule") == "final-pass")
            .then(after(day, window))
            .when(negative)
            .then("shown_until"),
        )
    )


def _not_before_the_answer(end: pl.Expr) -> pl.Expr:
    """A failure that was objected to isn't final before its re-inspection, or before it is said to be."""
    return pl.when(pl.col("objected_on").is_null()).then(end).otherwise(pl.lit(UNDECIDED))


def _awards(events: pl.DataFrame, law: Law) -> pl.DataFrame:
    start = pl.col("valid_from")
    category, level = pl.col("category"), pl.col("level").cast(pl.String).fill_null("")
    rule = (
        pl.when(category == "quality_prize").then(pl.lit("quality-prize-") + level)
        .when(category == "standard").then(pl.lit("standard-") + level)
        .otherwise(category.str.replace("_", "-"))
    )  # fmt: skip
    known = list(law.under("points"))
    window = after(start, law.choose("windows.award", start))
    pledge = after(start, law.choose("windows.pledge", start))
    until = (
        pl.when(category == "standard").then(after(start, law.choose("windows.standard", start)))
        .when(category == "pledge").then(pl.min_horizontal("valid_until", pledge))
        .otherwise(pl.coalesce("valid_until", window))
    )  # fmt: skip
    return events.with_columns(
        rule=pl.when(rule.is_in(known)).then(rule).otherwise(pl.lit("award-unscored")),
        severity=pl.lit(None, dtype=pl.String),
        public=pl.lit(True),
        in_force_on=start,
        until=until,
        shown_until=NOWHERE,
        repair_from=NOWHERE,
    )
