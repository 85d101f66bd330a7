"""The form of a what-if: its few fields, and what was typed as the documents that the API takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import orjson
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from credit.terms import (
    Award,
    Category,
    InspectionType,
    Kind,
    Level,
    Penalty,
    Result,
    Severity,
    Term,
)
from schemas.event import load_event
from schemas.what_if import MOST

Event = dict[str, Any]
Words = tuple[str, str]


class Field(NamedTuple):
    """One field of a supposed event: `kind` is choice, day, money, text or tick.

    `usual` is its value at first (a day is then the day that is graded); `none` what an empty
    choice says.
    """

    name: str
    kind: str
    label: Words
    terms: type[Term] | None = None
    usual: str = ""
    none: Words | None = None


FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.VIOLATION: (
        Field("category", "choice", ("违法类别", "About"), Category),
        Field("penalty", "choice", ("处罚种类", "Penalty"), Penalty, Penalty.FINE),
        Field("fine", "money", ("罚款（元）", "Fine in yuan"), usual="60000"),
        Field("severity", "choice", ("严重程度", "Severity"), Severity, none=("按规则判定", "as the rules say")),
        Field("decided_on", "day", ("决定日期", "Decided on"), usual="on"),
    ),
    Kind.INSPECTION: (
        Field("result", "choice", ("结果", "Result"), Result, Result.FAIL),
        Field("type", "choice", ("检查类型", "Type"), InspectionType, InspectionType.SUPERVISED_SAMPLING),
        Field("product", "text", ("产品", "Product")),
        Field("occurred_on", "day", ("检查日期", "Inspected on"), usual="on"),
        Field("safety_item", "tick", ("涉及安全项目", "A safety item failed")),
        Field("final", "tick", ("结论已终局（没有异议）", "Final: nobody objected"), usual="yes"),
    ),
    Kind.AWARD: (
        Field("category", "choice", ("荣誉类别", "Award"), Award),
        Field("level", "choice", ("级别", "Level"), Level, Level.PROVINCIAL, ("无级别", "none")),
        Field("valid_from", "day", ("有效期自", "Valid from"), usual="on"),
        Field("valid_until", "day", ("有效期至（可不填）", "Valid until (may be empty)")),
    ),
}  # fmt: skip
NAMES = {Kind.VIOLATION: "假设处罚", Kind.INSPECTION: "假设检查", Kind.AWARD: "假设荣誉"}
# How a record on file may end, by the rule of its finding.
FAILURE = ("mended", "overturned", "repaired", "revoked")
ENDS = {"violation": ("repaired", "revoked"), "sampling-failed": FAILURE, "inspection-refused": FAILURE[2:]}
SECOND_LOOKS = {"mended": "recheck", "overturned": "reinspection"}


@dataclass
class Typed:
    """What the supervisor supposes: events added so far, and how and when records on file end."""

    code: str
    on: str
    events: list[Event] = field(default_factory=list)
    ends: dict[int, tuple[str, str]] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As the API takes it: second looks follow the added events."""
        looks = [_second_look(event, how, on) for event, (how, on) in self.looks().items()]
        ends = [{"event": event, "ground": how, "on": on} for event, (how, on) in self.cessations().items()]
        asked = {"code": self.code, "events": [*self.events, *looks], "cessations": ends}
        return asked | ({"on": self.on} if self.on else {})

    def looks(self) -> dict[int, tuple[str, str]]:
        """The failures that a second look ends."""
        return {event: end for event, end in self.ends.items() if end[0] in SECOND_LOOKS}

    def cessations(self) -> dict[int, tuple[str, str]]:
        """The records that end by repair or revocation."""
        return {event: end for event, end in self.ends.items() if end[0] not in SECOND_LOOKS}


def typed(form: MultiDict[str, str], day: date, last: date) -> Typed:
    """What stands in the form, up to `last`; the event that is just being added is not among it."""
    on = form.get("on", "").strip()
    try:
        events = [orjson.loads(text) for text in form.getlist("event")[: 2 * MOST]]
        loaded(Typed("?", on, events), last)
    except (ValueError, TypeError, ValidationError) as error:
        raise BadRequest("The list of supposed events is damaged: open the page again.") from error
    if re.fullmatch("[0-9]{1,4}", form.get("remove", "")):
        del events[int(form["remove"]) : int(form["remove"]) + 1]
    ends = {}
    for name, how in form.items():
        if how and (found := re.fullmatch(r"end-([0-9]{1,18})", name)):
            ends[int(found[1])] = (how, form.get(f"end-on-{found[1]}", "").strip() or on or str(day))
    return Typed(form.get("code", ""), on, events, ends)


def loaded(given: Typed, day: date) -> list[tuple[Event, Event]]:
    """Each added event as it was typed, and with its words of the vocabulary."""
    return [(event, load_event({"code": given.code, **event}, day)) for event in given.events]


def added(kind: Kind, form: MultiDict[str, str], number: int) -> Event:
    """The event of the small form of this kind, as a department would report it."""
    given = {one.name: form.get(f"{kind}-{one.name}", "").strip() for one in FIELDS[kind]}
    event: Event = {"kind": str(kind), "document_no": f"{NAMES[kind]}{number}"}
    if kind == Kind.VIOLATION:
        fined = given["penalty"] == Penalty.FINE
        event |= {"penalties": [given["penalty"]], "fine": given["fine"] if fined else None}
        event |= {"occurred_on": given["decided_on"], "severity": given["severity"] or None}
        return event | {name: given[name] for name in ("category", "decided_on")}
    if kind == Kind.INSPECTION:
        event |= {"role": "producer", "producer_confirmed": True, "item": {"product": given["product"]}}
        event |= {"safety_item": bool(given["safety_item"])}
        event |= {"final_on": given["occurred_on"] if given["final"] else None}
        return event | {name: given[name] for name in ("result", "type", "occurred_on")}
    event |= {"level": given["level"] or None, "valid_until": given["valid_until"] or None}
    return event | {name: given[name] for name in ("category", "valid_from")}


def _second_look(event: int, how: str, on: str) -> Event:
    return {
        "kind": "inspection", "document_no": f"假设复查{event}", "stage": SECOND_LOOKS[how], "of": event,
        "result": "pass", "occurred_on": on, "role": "producer", "producer_confirmed": True,
    }  # fmt: skip


def ways_to_end(rule: str) -> tuple[str, ...]:
    """How a record with this rule may be supposed to end."""
    return next((ways for start, ways in ENDS.items() if rule.startswith(start)), ("revoked",))
