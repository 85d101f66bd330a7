"""Findings without points: what holds a grade down, and why there is none."""

from __future__ import annotations

import polars as pl

from credit.rules.law import Law
from credit.rules.outcomes import RANKS

# The number that a missing condition is told with.
NEEDED = {
    "pass_on_file": "windows.on-file",
    "registered_months": "preconditions.registered-months",
    "clean_years": "preconditions.clean-years",
}


def reasons(graded: pl.DataFrame, rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Grounds of D, ceilings and preconditions that bind, why there is no grade.

    `graded` holds one row an ask with what set its grade, `rows` what became of each fact.
    """
    ordinary = graded.filter(pl.col("reason") == "")
    grounded = graded.filter(pl.col("reason") == "ground")
    parts = [
        _listed(grounded, law),
        _grounds(grounded, rows),
        _ceilings(ordinary, rows),
        *(_unmet(ordinary, grade, law) for grade in ("AAA", "AA", "A")),
        _unrated(graded, law),
    ]
    return pl.concat(parts, how="diagonal")


def _listed(grounded: pl.DataFrame, law: Law) -> pl.DataFrame:
    """On the serious list; `number`: months from listing until removal may be applied for."""
    since = pl.col("listed_since")
    early = [
        law.choose(f"lists.{name}", since, lambda terms: pl.lit(terms["earliest_removal_months"]))
        for name in law.under("lists")
    ]
    return grounded.filter("listed").select(
        "ask",
        rule=pl.lit("ground-listed"),
        outcome=pl.lit("ceiling"),
        until="listed_until",
        number=pl.min_horizontal(early).cast(pl.String) if early else None,
    )


def _grounds(grounded: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Facts that by themselves mean grade D."""
    facts = rows.filter(pl.col("live"), pl.col("ground").is_not_null())
    return facts.join(grounded.select("ask"), on="ask").select(
        "ask", "event", "until", "decided",
        rule=pl.lit("ground-") + pl.col("ground"),
        outcome=pl.lit("ceiling"),
    )  # fmt: skip


def _ceilings(ordinary: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Bad records that hold the grade under the score's band; `number`: the grade they leave."""
    facts = rows.filter(pl.col("outcome") == "counted", pl.col("ceiling").is_not_null())
    held = facts.join(ordinary.select("ask", "band"), on="ask")
    return held.filter(pl.col("ceiling") > pl.col("band")).select(
        "ask", "event", "until", "decided",
        rule=pl.lit("ceiling-") + pl.col("rule"),
        outcome=pl.lit("ceiling"),
        number=pl.col("ceiling").replace_strict(dict(enumerate(RANKS)), return_dtype=pl.String),
    )  # fmt: skip


def _unmet(ordinary: pl.DataFrame, grade: str, law: Law) -> pl.DataFrame:
    """Each condition of the grade that isn't met though score and ceilings would allow the grade."""
    key, day = f"preconditions.{grade}", pl.col("day")
    short = ordinary.filter(~pl.col(f"meets_{grade}"), pl.col("reached") <= RANKS.index(grade))
    ever = dict.fromkeys(word for dated in law.provisions[key].values for word in dated.value)

    def asked(word: str) -> pl.Expr:
        return law.choose(key, day, lambda words: pl.lit(word in words))

    missing = [
        short.filter(~pl.col(word), asked(word)).select(
            "ask",
            rule=pl.lit(f"precondition-{grade}"),
            outcome=pl.lit("precondition"),
            because=pl.lit(f"precondition-{word}"),
            number=law.choose(NEEDED[word], day).cast(pl.String) if word in NEEDED else None,
        )
        for word in ever
    ]
    return pl.concat(missing, how="diagonal_relaxed")


def _unrated(graded: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Why no grade is given; `number`: the months that it turns on."""
    day = pl.col("day")
    months = (
        pl.when(pl.col("reason") == "no-data")
        .then(law.choose("windows.on-file", day))
        .otherwise(law.choose("rated.registered-months", day))
    )
    return graded.filter(~pl.col("reason").is_in(["", "ground"])).select(
        "ask", rule="reason", outcome=pl.lit("no_data"), number=months.cast(pl.String)
    )
