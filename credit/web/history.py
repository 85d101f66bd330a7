"""The grade over time as a small picture: where spans start and end, in per cent of the width."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from credit.terms import Grade

WINDOW = timedelta(days=3 * 365)
YEAR, HALF_YEAR = timedelta(days=365), timedelta(days=183)
MARGIN, ROW, TOP, APART = 9.0, 22, 14, 10  # N stands apart: it is no rung of the ladder


class Span(NamedTuple):
    """A grade on the days [since, until), and where it stands in the picture (per cent, pixels).

    `ahead`: it is foretold; nothing but time has to pass.
    """

    grade: Grade | None
    since: date
    until: date | None
    x: float
    width: float
    y: int
    ahead: bool = False


class Picture(NamedTuple):
    """Spans from left to right, the rows of grades with their y, and the years with their x.

    `today`: the x of the day between past and forecast; None without a forecast.
    """

    spans: list[Span]
    rows: list[tuple[Grade, int]]
    years: list[tuple[int, float]]
    height: int
    today: float | None = None


def picture(
    spans: list[dict[str, Any]], day: date, ahead: dict[str, Any] | None = None
) -> Picture:
    """The last three years up to the day, and what is foretold for the time after it.

    `spans`: {since, until, grade}, until null while open; `ahead`: services.forecast.ahead.
    """
    in_order = sorted(spans, key=lambda span: _date(span["since"]))
    begun = [span for span in in_order if _date(span["since"]) <= day]
    start = max(day - WINDOW, min((_date(span["since"]) for span in begun), default=day))
    start = min(start, day - timedelta(days=90))
    end = _end(ahead, day) if ahead else day

    def x(at: date) -> float:
        return round(MARGIN + (100 - MARGIN) * ((at - start) / (end - start)), 2)

    def drawn(given: dict[str, Any], first: date, last: date, foretold: bool) -> Span:
        since, until = _date(given["since"]), _date(given["until"]) if given["until"] else None
        left, right = x(max(since, first)), x(min(until or last, last))
        grade = Grade[given["grade"]] if given["grade"] else None
        return Span(grade, since, until, left, round(right - left, 2), _y(grade), foretold)

    seen = [span for span in begun if (_date(span["until"]) if span["until"] else day) > start]
    found = [drawn(span, start, day, False) for span in seen]
    if ahead:
        found += [drawn(span, day, end, True) for span in _foretold(ahead, day)]
    years = [(year, x(date(year, 1, 1))) for year in range(start.year + 1, end.year + 1)]
    rows = [(grade, _y(grade)) for grade in Grade]
    return Picture(found, rows, years, _y(Grade.N) + 34, x(day) if ahead else None)


def _end(ahead: dict[str, Any], day: date) -> date:
    """A year ahead, or half a year beyond the last change that is foretold."""
    turns = [_date(turn["on"]) + HALF_YEAR for turn in ahead["items"]]
    return min(max([day + YEAR, *turns]), _date(ahead["until"]))


def _foretold(ahead: dict[str, Any], day: date) -> list[dict[str, Any]]:
    """The spans from the day on, as if they had begun."""
    turns = [{"on": day, "grade": ahead["grade"]}, *ahead["items"]]
    ends = [turn["on"] for turn in turns[1:]] + [None]
    return [
        {"since": turn["on"], "until": end, "grade": turn["grade"]}
        for turn, end in zip(turns, ends, strict=True)
    ]


def _y(grade: Grade | None) -> int:
    row = list(Grade).index(grade or Grade.N)
    return TOP + ROW * row + (APART if row == len(Grade) - 1 else 0)


def _date(value: Any) -> date:
    return date.fromisoformat(str(value))
