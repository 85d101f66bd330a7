"""The grade history as a small picture: where spans start and end, in per cent of the width."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from credit.terms import Grade

WINDOW = timedelta(days=3 * 365)
MARGIN, ROW, TOP, APART = 9.0, 22, 14, 10  # N stands apart: it is no rung of the ladder


class Span(NamedTuple):
    """A grade on the days [since, until), and where it stands in the picture (per cent, pixels)."""

    grade: Grade | None
    since: date
    until: date | None
    x: float
    width: float
    y: int


class Picture(NamedTuple):
    """Spans from left to right, the rows of grades with their y, and the years with their x."""

    spans: list[Span]
    rows: list[tuple[Grade, int]]
    years: list[tuple[int, float]]
    height: int


def picture(spans: list[dict[str, Any]], day: date) -> Picture:
    """The last three years up to the day. Spans: {since, until, grade}, until null while open."""
    in_order = sorted(spans, key=lambda span: _date(span["since"]))
    begun = [span for span in in_order if _date(span["since"]) <= day]
    start = max(day - WINDOW, min((_date(span["since"]) for span in begun), default=day))
    start = min(start, day - timedelta(days=90))

    def x(at: date) -> float:
        return round(MARGIN + (100 - MARGIN) * ((at - start) / (day - start)), 2)

    drawn = []
    for span in begun:
        since, until = _date(span["since"]), _date(span["until"]) if span["until"] else None
        if (until or day) <= start:
            continue
        left, right = x(max(since, start)), x(min(until or day, day))
        grade = Grade[span["grade"]] if span["grade"] else None
        drawn.append(Span(grade, since, until, left, round(right - left, 2), _y(grade)))
    years = [(year, x(date(year, 1, 1))) for year in range(start.year + 1, day.year + 1)]
    return Picture(drawn, [(grade, _y(grade)) for grade in Grade], years, _y(Grade.N) + 34)


def _y(grade: Grade | None) -> int:
    row = list(Grade).index(grade or Grade.N)
    return TOP + ROW * row + (APART if row == len(Grade) - 1 else 0)


def _date(value: Any) -> date:
    return date.fromisoformat(str(value))
