"""Charts of a back-test: where bars, whiskers and shades stand. Templates draw them and say the words.

Places along a chart are per cent of its width, so that a chart fits a phone without script; places
down it are pixels. Every chart's numbers stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any, NamedTuple

Row = dict[str, Any]
Place = Callable[[float], float]
RATED = 6  # AAA to D come first in a matrix
SHADES = (0.0, 0.05, 0.2, 0.5, 0.8)  # a share above the n-th bound has shade n + 1
BARS = 12
HALF = 50.0  # moves grow from the middle; beside the longest there is room for its number
PHONE, LETTER = 300, 8.5  # pixels: the narrowest chart, and the widest figure of a number in it
LINE, GAP = 20, 16
HEAD, FOOT = 4, 26


class Cell(NamedTuple):
    """A count of a matrix: its shade 0 to 5 by its share of the row, and the move that it means."""

    firms: int
    shade: int
    move: str


class Bar(NamedTuple):
    """Moves of one row: down to the left of the middle, up to the right. `row` is the row itself."""

    row: Row
    y: int
    up: float
    down: float


class Whisker(NamedTuple):
    """A value between its bounds; x, left and right are None where there is none to draw."""

    policy: str
    label: str
    told: Row
    y: int
    x: float | None
    left: float | None
    right: float | None


class Chart(NamedTuple):
    """What is drawn, how high that is, ticks with their x, and the x of a line to compare with."""

    drawn: list[Any]
    height: int
    ticks: list[tuple[float, float]]
    reference: float | None = None


class Charts(NamedTuple):
    """The charts of a report: the matrix's rows, moves by column, AUC and rates by population."""

    matrix: list[tuple[str | None, list[Cell], int]]
    moves: dict[str, Chart]
    auc: dict[str, Chart]
    rates: dict[str, Chart]


def charts(report: Row) -> Charts:
    """All charts of a report of rules.backtest.backtest_report."""
    populations = {name: report["prediction"][name] for name in ("observed", "all")}
    return Charts(
        matrix(report["grades"], report["matrix"]),
        {column: moves(rows) for column, rows in report["moved_by"].items()},
        {name: intervals(found) for name, found in populations.items()},
        {name: rates(found["calibration"]) for name, found in populations.items()},
    )


def matrix(
    grades: list[str | None], counts: list[list[int]]
) -> list[tuple[str | None, list[Cell], int]]:
    """Each old grade with its cells, one for each new grade, and how many firms had it."""
    rows = []
    for old, row in enumerate(counts):
        whole = sum(row)
        cells = [Cell(firms, shade(firms, whole), _move(old, new)) for new, firms in enumerate(row)]
        rows.append((grades[old], cells, whole))
    return rows


def shade(part: int, whole: int) -> int:
    """0 for nothing, up to 5 for nearly all."""
    return sum(part > bound * whole for bound in SHADES) if whole else 0


def _move(old: int, new: int) -> str:
    if old == new:
        return "same"
    if old >= RATED or new >= RATED:
        return "apart"
    return "up" if new < old else "down"


def moves(rows: list[Row]) -> Chart:
    """The rows that move most, the longest bar as long as there is room for."""
    moved = [row for row in rows if row["up"] or row["down"]][:BARS]
    longest = max((max(row["up"], row["down"]) for row in moved), default=1)
    far = reach(longest)
    drawn = [
        Bar(
            row,
            HEAD + number * (2 * LINE + GAP),
            round(far * row["up"] / longest, 2),
            round(far * row["down"] / longest, 2),
        )
        for number, row in enumerate(moved)
    ]
    return Chart(drawn, HEAD + len(drawn) * (2 * LINE + GAP), [], HALF)


def reach(longest: int) -> float:
    """How far the longest bar goes from the middle: what an arrow, a space and its number leave on a phone."""
    room = 100 * LETTER * (len(f"{longest:,}") + 3) / PHONE
    return round(HALF - room, 2)


def intervals(found: Row) -> Chart:
    """AUC by grade and by score, old above new, on an axis that holds all of them and 0.5."""
    told = [
        (mark, policy, found[mark]["auc"][policy])
        for mark in ("grade", "score")
        for policy in ("old", "new")
    ]
    known = [one[name] for _, _, one in told for name in ("value", "low", "high")]
    numbers = [number for number in known if number is not None]
    low = floor(min([*numbers, 0.5]) * 10) / 10
    high = max(ceil(max([*numbers, 0.5]) * 10) / 10, low + 0.1)
    at = _axis(low, high, 2, 98)
    drawn = [
        _whisker(policy, mark, one, "value", number * (2 * LINE + GAP) + HEAD, at)
        for number, (mark, policy, one) in enumerate(told)
    ]
    steps = round((high - low) * 10)
    ticks = [(round(low + step / 10, 1), at(low + step / 10)) for step in range(steps + 1)]
    return Chart(drawn, HEAD + len(drawn) * (2 * LINE + GAP) + FOOT, ticks, at(0.5))


def rates(calibration: dict[str, list[Row]]) -> Chart:
    """The share with an outcome on each grade, old above new, on an axis from 0."""
    highest = max((row["high"] or 0.0 for rows in calibration.values() for row in rows), default=0)
    top = next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if highest <= step), 1.0)
    at = _axis(0, top, 12, 82)
    drawn = []
    for number, pair in enumerate(zip(calibration["old"], calibration["new"], strict=True)):
        y = HEAD + number * (2 * LINE + GAP)
        for below, (policy, row) in enumerate(zip(("old", "new"), pair, strict=True)):
            drawn.append(_whisker(policy, row["grade"], row, "rate", y + below * LINE, at))
    height = HEAD + len(calibration["old"]) * (2 * LINE + GAP) + FOOT
    return Chart(drawn, height, [(0.0, at(0)), (top / 2, at(top / 2)), (top, at(top))], at(0))


def _whisker(policy: str, label: str, told: Row, value: str, y: int, at: Place) -> Whisker:
    places = [None if told[name] is None else at(told[name]) for name in (value, "low", "high")]
    return Whisker(policy, label, told, y, *places)


def _axis(low: float, high: float, left: float, right: float) -> Place:
    """Where a number stands between `left` and `right`, which stand for low and high."""
    return lambda number: round(left + (right - left) * (number - low) / (high - low), 2)
