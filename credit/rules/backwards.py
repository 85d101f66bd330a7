"""Law doesn't bite backwards (法不溯及既往): what a version of the policy says of the days before its force.

A value that the day of the event chooses judges every event of the past again under a new version.
So for the days before a version takes force it must say what the version that it replaces says. A
later and milder value reaches old records by itself, from its own first day on; that way the text
shows it, where the least of all versions would hide a text that nobody may apply.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from credit.rules.law import EVENT_DAY, Law, Provision

NOTHING = object()


class Backwards(NamedTuple):
    """A key that says something else of days before the force, what is wrong, and the mend."""

    key: str
    zh: str
    en: str


def backwards(old: Law, new: Law, force_on: date) -> Iterator[Backwards]:
    """The keys whose events before `force_on` a new version would judge otherwise than the old one."""
    for key, was in old.provisions.items():
        found = new.provisions.get(key)
        if was.law_of != EVENT_DAY and (found is None or found.law_of != EVENT_DAY):
            continue
        if found is None:
            yield Backwards(
                key,
                f"草案缺少该项，而 {force_on} 以前的事件和列入适用它；"
                "请保留该项及其原值，需要变更的另写一个带日期的新值",
                f"the draft lacks it, and events and listings of before {force_on} go by it; keep the key with "
                "its values, and write what changes as a new dated value",
            )
        elif found.law_of != EVENT_DAY:
            yield Backwards(
                key,
                f"原以事件日期选择适用的值，草案改为评价日期，会溯及 {force_on} 以前的事件；请保留 law_of: event_day",
                f"the event's day chose the value and the draft says otherwise, for events of before {force_on} "
                "too; keep law_of: event_day",
            )
        elif (day := _first_difference(was, found, force_on)) is not None:
            since = "" if day == date.min else f" from {day} on"
            yield Backwards(
                key,
                f"草案对 {force_on} 以前的事件改了值{'' if day == date.min else f'（自 {day} 起）'}；"
                f"请保留原值，另写一个自 {force_on} 或以后起的新值",
                f"the draft changes the value{since} for events of before {force_on}; keep what stands there, and "
                f"write a new dated value from {force_on} or later",
            )


def _first_difference(old: Provision, new: Provision, force_on: date) -> date | None:
    """The first day before `force_on` on which the two say something else."""
    turns = {date.min, *(dated.start for one in (old, new) for dated in one.values)}
    days = sorted(turn for turn in turns if turn < force_on)
    return next((day for day in days if _on(old, day) != _on(new, day)), None)


def _on(provision: Provision, day: date) -> Any:
    """The value that judges events of a day; before a list begins there is no such list."""
    held = [dated.value for dated in provision.values if dated.start <= day]
    if held:
        return held[-1]
    return NOTHING if provision.key.startswith("lists.") else provision.values[0].value
