"""What is wrong in the form of a what-if, said at the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.web.language import t
from credit.web.what_if_form import Typed

DAY = "请填写日期，不晚于评价日", "Give a day, not after the day that is graded."
NEEDS = {
    "on": ("请填写从今天到 36 个月内的日期", "Give a day from today to 36 months ahead."),
    "occurred_on": DAY,
    "decided_on": DAY,
    "valid_from": ("请填写日期，不晚于评价日之后一年", "Give a day, at most a year after the day that is graded."),
    "valid_until": ("须晚于有效期的第一天，可以不填", "Give a later day than the first one, or none."),
    "fine": ("请填写罚款金额，最多两位小数", "Give the amount in yuan, with at most two decimals."),
    "level": ("质量奖和标准须选择级别", "A prize or a standard needs its level."),
    "product": ("不超过 256 个字，不含控制字符", "At most 256 characters, no control characters."),
    "document_no": ("这一文书已经在册或已列入假设", "This document is on file or supposed already."),
    "event": ("该企业没有这条记录", "This enterprise has no such record."),
    "of": ("没有找到可以复检或复查的初检", "There is no first test to examine again."),
    "events": ("最多假设 20 条", "At most 20 can be supposed."),
    "cessations": ("最多假设 20 条", "At most 20 can be supposed."),
}
# Where a field of the document stands in the small form.
STANDS_AT = {"occurred_on": "decided_on", "penalties": "penalty", "final_on": "occurred_on", "item": "product"}
Messages = dict[str, Any]


def wrong_at(messages: Messages, given: Typed, adding: str | None) -> dict[str, str]:
    """Sentences by the id of the field. `adding`: the kind of the last event, which is being added."""
    return dict(_placed(messages, given, adding))


def _placed(messages: Messages, given: Typed, adding: str | None) -> Iterator[tuple[str, str]]:
    for name, told in messages.items():
        if not isinstance(told, dict):
            yield (name if name == "on" else "events"), _said(name, told)
            continue
        for place, errors in told.items():
            yield from _entry(name, int(place), errors, given, adding)


def _entry(
    name: str, place: int, errors: Messages, given: Typed, adding: str | None
) -> Iterator[tuple[str, str]]:
    """What is wrong with one event or cessation of the body that the form made."""
    looks, ends = list(given.looks()), list(given.cessations())
    if name == "cessations":
        yield f"end-on-{ends[place]}", _first(errors)
    elif place >= len(given.events):
        yield f"end-on-{looks[place - len(given.events)]}", _first(errors)
    elif adding and place == len(given.events) - 1:
        names = {"inspection": {"final_on", "item"}, "violation": {"occurred_on", "penalties"}}.get(adding, set())
        for field, told in errors.items():
            at = STANDS_AT[field] if field in names else field
            yield f"{adding}-{at}", _said(at, told)
    else:
        yield f"event-{place}", _first(errors)


def _first(errors: Messages) -> str:
    field, told = next(iter(errors.items()), ("", ""))
    return _said(field, told)


def _said(field: str, told: Any) -> str:
    if field in NEEDS:
        return t(*NEEDS[field])
    reason = told[0] if isinstance(told, list) and told else ""
    return t("请检查这一项。", f"Check this. {reason}".strip())
