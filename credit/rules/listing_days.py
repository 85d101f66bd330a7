"""Which day counts for an act on a listing: none is back-dated, none comes before its days have run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from credit.errors import InvalidInput, WrongState
from credit.rules.working_days import add_working_days

Terms = Mapping[str, Any]


class Done(NamedTuple):
    """An act on file: its name, its day, the fields of its document."""

    act: str
    on: date
    fields: Mapping[str, Any]


def check_days(name: str, day: date, fields: Mapping[str, Any], done: Sequence[Done], terms: Terms) -> None:
    """Raises WrongState where the act comes too early, InvalidInput where a day of its document can't be."""
    if done and day < done[-1].on:
        raise WrongState(
            f"The act before was on {done[-1].on}; this one can't be on {day}.", zh=f"不能早于上一办理日{done[-1].on}"
        )
    if name in CHECKS:
        CHECKS[name](day, fields, done, terms)


def last_day_to_answer(served_on: date, terms: Terms) -> tuple[date, bool]:
    """Until when a hearing may be asked for after a notice (行政处罚法 art. 64), and whether that is provisional."""
    return add_working_days(served_on, terms["objection_days"])


def day_in(fields: Mapping[str, Any], name: str) -> date:
    """A day of a document. Raises InvalidInput where it is none."""
    given: object = fields[name]
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError as problem:
        raise _wrong(name, "Not a day: write it as 2026-11-30.", "日期应写作 2026-11-30") from problem


def latest(done: Sequence[Done], *acts: str) -> Done:
    """The last of these acts."""
    found: Done = next(one for one in reversed(done) if one.act in acts)
    return found


def _served(day: date, fields: Mapping[str, Any], done: Sequence[Done], _terms: Terms) -> None:
    served = day_in(fields, "served_on")
    if not done[0].on <= served <= day:
        raise _wrong("served_on", f"It lies between {done[0].on} and {day}.", f"应在{done[0].on}至{day}之间")


def _stated(day: date, fields: Mapping[str, Any], done: Sequence[Done], _terms: Terms) -> None:
    served = day_in(latest(done, "notify").fields, "served_on")
    if not served <= day_in(fields, "stated_on") <= day:
        raise _wrong("stated_on", f"It lies between {served} and {day}.", f"应在{served}至{day}之间")


def _asked(day: date, fields: Mapping[str, Any], done: Sequence[Done], terms: Terms) -> None:
    served = day_in(latest(done, "notify").fields, "served_on")
    last = min(day, last_day_to_answer(served, terms)[0])
    if not served <= day_in(fields, "asked_on") <= last:
        raise _wrong("asked_on", f"It lies between {served} and {last}.", f"应在{served}至{last}之间")


def _heard(day: date, fields: Mapping[str, Any], done: Sequence[Done], terms: Terms) -> None:
    asked = day_in(latest(done, "ask_hearing").fields, "asked_on")
    announced, held = day_in(fields, "announced_on"), day_in(fields, "held_on")
    if not asked <= announced <= day:
        raise _wrong("announced_on", f"It lies between {asked} and {day}.", f"应在{asked}至{day}之间")
    first, _ = add_working_days(announced, terms.get("hearing_notice_days", 0))
    if not first <= held <= day:
        raise _wrong("held_on", f"It lies between {first} and {day}.", f"应在{first}至{day}之间")


def _lapsed(day: date, _fields: Mapping[str, Any], done: Sequence[Done], terms: Terms) -> None:
    last, _ = last_day_to_answer(day_in(latest(done, "notify").fields, "served_on"), terms)
    if day <= last:
        raise WrongState(f"A hearing may be asked for until {last}.", zh=f"{last}前仍可申请听证", until=str(last))


def _applied(day: date, fields: Mapping[str, Any], done: Sequence[Done], _terms: Terms) -> None:
    published, applied = latest(done, "publish"), day_in(fields, "applied_on")
    if not published.on <= applied <= day:
        raise _wrong("applied_on", f"It lies between {published.on} and {day}.", f"应在{published.on}至{day}之间")
    earliest = day_in(published.fields, "earliest_removal")
    if applied < earliest:
        raise WrongState(
            f"Early removal may be applied for from {earliest} on.",
            zh=f"{earliest}起方可申请提前移出",
            until=str(earliest),
        )


def _ended(day: date, _fields: Mapping[str, Any], done: Sequence[Done], _terms: Terms) -> None:
    ends_on = day_in(latest(done, "publish").fields, "ends_on")
    if day < ends_on:
        raise WrongState(f"The term runs until {ends_on}.", zh=f"公示期至{ends_on}", until=str(ends_on))


CHECKS = {
    "notify": _served, "state": _stated, "ask_hearing": _asked, "hear": _heard, "lapse": _lapsed,
    "apply_removal": _applied, "expire": _ended,
}  # fmt: skip


def _wrong(field: str, en: str, zh: str) -> InvalidInput:
    return InvalidInput(f"{field}: {en}", zh=f"{field}：{zh}", errors={field: [en]})
