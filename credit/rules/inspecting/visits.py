"""What a visit and a result must hold, whoever brings them: a form, the API, or a sheet from outside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from credit.errors import InvalidInput


def check_visit(inspected_on: date, made_on: date, day: date) -> None:
    """Nobody inspects before the task was given, or tomorrow. Raises InvalidInput."""
    if not made_on <= inspected_on <= day:
        told = f"Give a day from {made_on} to {day}."
        raise InvalidInput(told, zh=f"检查日期应在 {made_on} 至 {day} 之间", errors={"inspected_on": [told]})


def check_present(present: Collection[int], given: Collection[int], needed: int) -> None:
    """At least so many of those to whom the task was given, each once, and nobody else. Raises InvalidInput."""
    strangers = sorted(set(present) - set(given))
    if strangers:
        told = f"The task wasn't given to {', '.join(map(str, strangers))}: reassign it first."
        raise InvalidInput(told, zh="到场人员不在任务名单内，请先更换检查人员", errors={"inspectors": [told]})
    if len(set(present)) < needed:
        told = f"At least {needed} inspectors go together."
        raise InvalidInput(told, zh=f"检查人员不得少于 {needed} 人", errors={"inspectors": [told]})


def check_results(results: int, samples: int) -> None:
    """One result for each sample that was taken, or one for a visit without. Raises InvalidInput."""
    due = max(samples, 1)
    if results != due:
        told = f"Give {due} result(s): one for each sample, in their order."
        raise InvalidInput(told, zh=f"应录入 {due} 项结果（每个样品一项，按取样顺序）", errors={"results": [told]})
