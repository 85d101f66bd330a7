"""The forecast: why a grade changes by itself, from the findings of one day and of the next change day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from credit.rules.forecast_words import SENTENCES, Words, filled, met

Finding = dict[str, Any]
RATED = ["AAA", "AA", "A", "B", "C", "D"]
OVER = {"expired", "repaired", "revoked", "mended", "overturned", "not_shown"}
BESIDE = {"repeat", "false-records"}  # what an event costs more; told with the event itself
CONDITIONAL = {"ceiling", "precondition", "no_data"}


@dataclass(frozen=True)
class Graded:
    """One day: its grading, and the findings as rules.sentences tells them.

    `new_law`: another policy, or another dated value of it, is in force from this day on.
    """

    day: date
    score: int | None
    grade: str | None
    findings: Sequence[Finding]
    new_law: bool = False


class Cause(NamedTuple):
    """What happens to one event or condition on a day; `points` is what the score gains or loses."""

    on: date
    event: int | None
    rule: str
    what: str
    points: int
    sentence: Words


class Turn(NamedTuple):
    """A day on which the grade changes by itself, and what led there since the last such day (today).

    `was`, `score_was`: grade and score on that last day; the points of `because` sum to the difference.
    """

    on: date
    grade: str | None
    score: int | None
    was: str | None
    score_was: int | None
    because: list[Cause]


def turns(days: Sequence[Graded]) -> list[Turn]:
    """The days on which the grade becomes another; the first of `days` is today.

    What changes only the score is told with the next change of the grade that it leads to; what
    happens on the day itself comes first.
    """
    found: list[Turn] = []
    led: list[Cause] = []
    start = days[0] if days else None
    for before, after in pairwise(days):
        led = [*causes(before, after), *led]
        if start and after.grade != before.grade:
            found.append(Turn(after.day, after.grade, after.score, start.grade, start.score, led))
            start, led = after, []
    return found


def causes(before: Graded, after: Graded) -> list[Cause]:
    """What is different on a later day: events, then what concerns the firm as a whole.

    Their points sum to what the score gains or loses.
    """
    events = sorted(_events(before, after), key=lambda part: -abs(part[3]))
    parts = [*events, *_whole(before, after), *_conditions(before, after)]
    found = [Cause(after.day, *part) for part in parts]
    if after.new_law and (found or before.grade != after.grade):
        found.append(Cause(after.day, None, "policy", "law", 0, SENTENCES["law"]))
    return found


Part = tuple[int | None, str, str, int, Words]


def _events(before: Graded, after: Graded) -> Iterator[Part]:
    """Events whose points change, or that end while they hold the grade down."""
    old, new = _by_event(before.findings), _by_event(after.findings)
    scored = before.score is not None and after.score is not None
    for event in {**old, **new}:
        was, now = old.get(event, []), new.get(event, [])
        lost, won = (sum(finding["points"] for finding in rows) for rows in (was, now))
        over = bool(_bears(was)) and (not now or any(finding["outcome"] in OVER for finding in now))
        if not over and (lost == won or not scored):
            continue
        own = _own(was if lost else now) or _own(was or now)
        what = "ended" if over else "counts-from" if not lost else "counts-no-more" if not won else "counts-otherwise"
        key = "lifted" if over and not lost else f"{what}-{'minus' if (lost or won) < 0 else 'plus'}"
        yield event, own["rule"], what, won - lost, filled(key, own, lost, won)


def _by_event(findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding["event"] is not None:
            found.setdefault(finding["event"], []).append(finding)
    return found


def _bears(findings: Sequence[Finding]) -> list[Finding]:
    """Those that have a part in the grade."""
    return [one for one in findings if one["points"] or one["outcome"] == "ceiling"]


def _own(findings: Sequence[Finding]) -> Finding:
    """The finding of the event itself, not of what it costs more or of the grade that it leaves."""
    own = [one for one in findings if one["rule"] not in BESIDE and one["outcome"] != "ceiling"]
    return (own or list(findings) or [{}])[0]


def _whole(before: Graded, after: Graded) -> Iterator[Part]:
    """Points that no event brings: clean years, and what base and bounds add or take."""
    if before.score is None or after.score is None:
        return
    for rule in ("clean-year", "base", "bounds"):
        old, new = _of_rule(rule, before.findings), _of_rule(rule, after.findings)
        lost, won = (one["points"] if one else 0 for one in (old, new))
        if lost == won:
            continue
        cut = any(one and one["because"] for one in (old, new))
        what = "counts-otherwise"
        if rule == "clean-year" and not cut:
            what = "clean-year" if won > lost else "clean-years-lost"
        key = what if what in SENTENCES else f"{what}-{rule}"
        yield None, rule, what, won - lost, filled(key, new or old or {}, lost, won)


def _conditions(before: Graded, after: Graded) -> Iterator[Part]:
    """Listings, conditions of a grade and of being graded at all that begin or cease to bind."""
    old, new = _standing(before.findings), _standing(after.findings)
    for key, gone in old.items():
        if key in new:
            continue
        rule, because = gone["rule"], gone["because"]
        if rule == "ground-listed":
            yield None, rule, "listing-ended", 0, SENTENCES["listing-ended"]
        elif gone["outcome"] == "no_data":
            yield None, rule, "rated", 0, filled("rated", gone)
        elif _reaches(after.grade, rule):
            yield None, rule, "condition-met", 0, met(gone, because)
    for key, come in new.items():
        if key in old:
            continue
        if come["outcome"] == "no_data" or come["rule"] == "ground-listed":
            yield None, come["rule"], "not-rated" if come["outcome"] == "no_data" else "listed", 0, come["sentence"]
        elif _reaches(before.grade, come["rule"]):
            yield None, come["rule"], "condition-missed", 0, come["sentence"]


def _standing(findings: Sequence[Finding]) -> dict[tuple[str, str | None], Finding]:
    """What is said of the firm as a whole and without points, by rule and condition."""
    told = (one for one in findings if one["event"] is None and one["outcome"] in CONDITIONAL)
    return {(one["rule"], one["because"]): one for one in told}


def _reaches(grade: str | None, rule: str) -> bool:
    """Whether a grade is as good as the one that the condition is for (`precondition-AA`)."""
    wanted = rule.rpartition("-")[2]
    return grade in RATED and wanted in RATED and RATED.index(str(grade)) <= RATED.index(wanted)


def _of_rule(rule: str, findings: Sequence[Finding]) -> Finding | None:
    return next((one for one in findings if one["rule"] == rule), None)
