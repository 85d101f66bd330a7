"""Back-test, who moves: the grades of a draft policy beside those of the policy in force."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.terms import Grade

RATED = [str(grade) for grade in Grade if grade != Grade.N]
ORDER: list[str | None] = [*RATED, str(Grade.N), None]
MOVES = ["up", "down", "same", "gained", "lost", "other"]
PAIRS: dict[Any, Any] = {
    "enterprise": pl.Int64, "day": pl.Date, "old": pl.String, "new": pl.String,
    "old_score": pl.Int32, "new_score": pl.Int32, "steps": pl.Int8, "move": pl.String,
}  # fmt: skip


def compared(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Two gradings (grading.GRADED) of the same asks side by side, in the shape PAIRS.

    `steps` counts grades upwards (C to A is 2, A to C is -2), null unless both rate. `move` is one
    of MOVES: `gained` and `lost` tell of a grade AAA to D where the other policy has none. Raises
    ValueError unless both grade the same asks, each once.
    """
    key = ["enterprise", "day"]
    pairs = old.select(*key, old="grade", old_score="score").join(
        new.select(*key, new="grade", new_score="score"), on=key
    )
    if not old.height == new.height == pairs.height:
        raise ValueError(f"{old.height} and {new.height} gradings, {pairs.height} in common")
    was, is_now = pl.col("old").is_in(RATED), pl.col("new").is_in(RATED)
    was, is_now = was.fill_null(False), is_now.fill_null(False)
    move = (
        pl.when(pl.col("steps") > 0).then(pl.lit("up"))
        .when(pl.col("steps") < 0).then(pl.lit("down"))
        .when(pl.col("old").eq_missing(pl.col("new"))).then(pl.lit("same"))
        .when(is_now & ~was).then(pl.lit("gained"))
        .when(was & ~is_now).then(pl.lit("lost"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    stepped = pairs.with_columns(steps=rank("old") - rank("new"))
    return stepped.with_columns(move=move).select(*PAIRS).cast(PAIRS)


def rank(column: str) -> pl.Expr:
    """0 for AAA to 5 for D, null for N and for no grade."""
    ranks = {grade: place for place, grade in enumerate(RATED)}
    return pl.col(column).replace_strict(ranks, default=None, return_dtype=pl.Int8)


def transitions(pairs: pl.DataFrame) -> pl.DataFrame:
    """How many went from which grade to which: old, new, firms; null is no grade (closed)."""
    return pairs.group_by("old", "new").agg(firms=pl.len().cast(pl.Int64)).sort("old", "new")


def matrix(pairs: pl.DataFrame) -> list[list[int]]:
    """The transitions as counts: a row for each old grade in ORDER, a column for each new one."""
    found = {(old, new): firms for old, new, firms in transitions(pairs).iter_rows()}
    return [[found.get((old, new), 0) for new in ORDER] for old in ORDER]


def movers(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs whose grade differs, largest moves first; N and no grade, without steps, come last."""
    points = (pl.col("new_score") - pl.col("old_score")).abs()
    return pairs.filter(pl.col("move") != "same").sort(
        pl.col("steps").abs(), points, "enterprise", "day",
        descending=[True, True, False, False], nulls_last=True,
    )  # fmt: skip


def moved_by(pairs: pl.DataFrame, attributes: pl.DataFrame, column: str) -> pl.DataFrame:
    """Moves by a column of `attributes` (enterprise, column): value, firms, one column each of MOVES.

    An enterprise with several values (departments that reported about it) counts once under each;
    one without is counted under null. Most moves first.
    """
    held = attributes.select("enterprise", value=column).drop_nulls().unique()
    return counted(pairs.join(held, on="enterprise", how="left"), "value").sort(
        pl.col("firms") - pl.col("same"), "firms", "value",
        descending=[True, True, False], nulls_last=True,
    )  # fmt: skip


def counted(pairs: pl.DataFrame, column: str) -> pl.DataFrame:
    """How many rows of each value of a column make which move."""
    totals = [(pl.col("move") == move).sum().cast(pl.Int64).alias(move) for move in MOVES]
    return pairs.group_by(column).agg(pl.len().cast(pl.Int64).alias("firms"), *totals).sort(column)
