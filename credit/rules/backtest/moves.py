"""Back-test, who moves: the grades of a draft policy beside those of the policy in force."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.terms import Grade

RATED = [str(grade) for grade in Grade if grade != Grade.N]
ORDER: list[str | None] = [*RATED, str(Grade.N), None]
MOVES = ["up", "down", "same", "gained", "lost", "other"]
GRADE = pl.Enum([*RATED, str(Grade.N)])
KEY = ["enterprise", "day"]
# Narrow, for a million enterprises have twenty half-years each.
BESIDE: dict[Any, Any] = {
    "enterprise": pl.UInt32, "day": pl.Date, "old": GRADE, "new": GRADE,
    "old_score": pl.Int16, "new_score": pl.Int16,
}  # fmt: skip


def beside(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Two gradings (grading.GRADED) of the same asks side by side, in the shape BESIDE.

    Raises ValueError unless both grade the same asks, each once.
    """
    pairs = old.select(*KEY, old="grade", old_score="score").join(
        new.select(*KEY, new="grade", new_score="score"), on=KEY
    )
    if not old.height == new.height == pairs.height:
        raise ValueError(f"{old.height} and {new.height} gradings, {pairs.height} in common")
    return pairs.select(*BESIDE).cast(BESIDE)


def with_moves(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (old, new) with `steps` and `move`.

    `steps` counts grades upwards (C to A is 2, A to C is -2), null unless both rate. `move` is one
    of MOVES: `gained` and `lost` tell of a grade AAA to D where the other policy has none.
    """
    was, is_now = rank("old").is_not_null(), rank("new").is_not_null()
    move = (
        pl.when(pl.col("steps") > 0).then(pl.lit("up"))
        .when(pl.col("steps") < 0).then(pl.lit("down"))
        .when(pl.col("old").eq_missing(pl.col("new"))).then(pl.lit("same"))
        .when(is_now & ~was).then(pl.lit("gained"))
        .when(was & ~is_now).then(pl.lit("lost"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    return pairs.with_columns(steps=rank("old") - rank("new")).with_columns(move=move)


def rank(column: str) -> pl.Expr:
    """0 for AAA to 5 for D, null for N and for no grade."""
    place = pl.col(column).cast(GRADE).to_physical().cast(pl.Int8)
    return pl.when(place < len(RATED)).then(place)


def matrix(pairs: pl.DataFrame) -> list[list[int]]:
    """How many went from which grade to which: a row for each old one in ORDER, a column for each new."""
    sizes = pairs.group_by("old", "new").agg(firms=pl.len().cast(pl.Int64))
    found = {(old, new): firms for old, new, firms in sizes.iter_rows()}
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
    held = attributes.select(pl.col("enterprise").cast(pl.UInt32), value=column).drop_nulls().unique()
    found = pairs.join(held, on="enterprise", how="left").with_columns(firms=1)
    return _totals(found, "value").sort(
        pl.col("firms") - pl.col("same"), "firms", "value",
        descending=[True, True, False], nulls_last=True,
    )  # fmt: skip


def by_day(pairs: pl.DataFrame) -> pl.DataFrame:
    """How many go which way on each day; `pairs` may be many, and without their moves."""
    grouped = pairs.lazy().group_by("day", "old", "new").agg(firms=pl.len())
    sizes = grouped.collect(engine="streaming")  # a tenth of the memory
    return _totals(with_moves(sizes), "day")


def _totals(sizes: pl.DataFrame, column: str) -> pl.DataFrame:
    firms = pl.col("firms")
    totals = [firms.filter(pl.col("move") == move).sum().cast(pl.Int64).alias(move) for move in MOVES]
    return sizes.group_by(column).agg(firms.sum().cast(pl.Int64), *totals).sort(column)
