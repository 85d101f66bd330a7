"""Suppositions checked against the dossier: what is examined again, what ends, what is on file already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl

from credit.errors import InvalidInput
from credit.rules.dossier import CEASED, LINKS
from credit.services import enterprises, events
from credit.services.supposed import Supposed
from credit.terms import Cessation, Kind, Notice, Stage

Row = dict[str, Any]
IDENTITY = ("kind", "document_no", "source_ref")


def suppose(asked: Row, enterprise_id: int, department_id: int, on_file: pl.DataFrame) -> Supposed:
    """The events and cessations of schemas.what_if, as if this department had reported them.

    `on_file`: the enterprise's events (event, decided_on, occurred_on). Raises InvalidInput that
    names the wrong one by its place.
    """
    rows: list[Row] = []
    links: list[Row] = []
    supposed = [_announced(event) for event in asked["events"]]
    for place, event in enumerate(supposed):
        with _naming("events", place):
            row, related = events.event_row(event, enterprise_id, department_id)
            number = -place - 1
            row |= {"seq": number, "event_id": number}
            _check(event, row, rows, asked["code"])
        rows.append(row)
        links += [{"event": number, "enterprise": enterprise_id, "document_no": name} for name in related]
    for place, (event, row) in enumerate(zip(supposed, rows, strict=True)):
        with _naming("events", place):
            row["of"] = _examined(event, rows, enterprise_id)
    known = {event: decided or occurred for event, decided, occurred in _begun(on_file)}
    known |= {row["event_id"]: row["decided_on"] or row["occurred_on"] for row in rows}
    ceased = [_ceased(place, one, known) for place, one in enumerate(asked["cessations"])]
    return Supposed(rows, pl.DataFrame(ceased, schema=CEASED), pl.DataFrame(links, schema=LINKS))


def _announced(event: Row) -> Row:
    """A supposed violation that says nothing of notices is supposed with all of them, on its day."""
    if event["kind"] != Kind.VIOLATION or event.get("notices") or event.get("proceedings") is not None:
        return event
    given = {str(name): event["decided_on"] for name in Notice if name != Notice.PROCEEDINGS}
    return event | {"notices": given, "proceedings": False}


def notices(asked: Row, dossier_events: pl.DataFrame) -> list[dict[str, str]]:
    """What a supposed repair lacks in law: the day from which it may be applied for, or any at all."""
    columns = ("event", "document_no", "repair_from")
    known = {event: (document, day) for event, document, day in dossier_events.select(columns).iter_rows()}
    repairs = [one for one in asked["cessations"] if one["ground"] == Cessation.REPAIRED]
    return [
        _notice(*known[one["event"]])
        for one in repairs
        if known[one["event"]][1] is None or one["on"] < known[one["event"]][1]
    ]


def _notice(document: str, day: date | None) -> dict[str, str]:
    if day is None:
        return {
            "zh": f"{document}：依规定没有可以申请的信用修复，这里只作假设。",
            "en": f"{document}: the law knows no repair of this record; here it is merely supposed.",
        }
    return {
        "zh": f"{document}：依规定最早 {day} 可以申请信用修复，这里的日期更早，只作假设。",
        "en": f"{document}: repair may be applied for from {day} on; the earlier day is merely supposed.",
    }


@contextmanager
def _naming(name: str, place: int) -> Iterator[None]:
    """What is refused inside is told with the place of the event or cessation."""
    try:
        yield
    except InvalidInput as refused:
        errors = {name: {place: refused.extra.get("errors", {})}}
        raise InvalidInput(refused.detail, zh=refused.detail_zh, errors=errors) from refused


def _check(event: Row, row: Row, others: list[Row], code: str) -> None:
    """Raises InvalidInput where the event is about another firm, or already on file or supposed."""
    number = row["enterprise_id"]
    if event["code"] != code and enterprises.find(event["code"]) != number:
        raise _wrong("code", "This event is about another enterprise.", "这条记录是另一家企业的")
    if enterprises.bearer_on(number, row["occurred_on"]) != number:
        raise _wrong("occurred_on", "On that day another firm bore this code.", "这一天该代码属于另一家企业")
    again = any(all(row[name] == other[name] for name in IDENTITY) for other in others)
    if again or events.on_file(row):
        told = "This document is on file or supposed already: choose another number."
        raise _wrong("document_no", told, "这一文书已经在册或已列入假设，请换一个文书号")


def _examined(event: Row, rows: list[Row], enterprise_id: int) -> int | None:
    """The first test that a supposed one examines again: a supposed one by its document, or one on file."""
    if event.get("stage") in (Stage.REINSPECTION, Stage.RECHECK) and not event.get("of"):
        documents = {related["document_no"] for related in event["related_to"]}
        firsts = [row for row in rows if row["stage"] == Stage.FIRST and row["document_no"] in documents]
        for first in firsts[:1]:
            if event["occurred_on"] < first["occurred_on"]:
                told = f"{event['occurred_on']} lies before the first test ({first['occurred_on']})."
                raise _wrong("occurred_on", told, "复检或复查日期早于初检日期")
            return int(first["event_id"])
    return events.examined(event, enterprise_id)


def _begun(on_file: pl.DataFrame) -> list[tuple[int, date | None, date]]:
    return on_file.select("event", "decided_on", "occurred_on").rows()


def _ceased(place: int, cessation: Row, known: dict[int, date]) -> Row:
    with _naming("cessations", place):
        begun = known.get(cessation["event"])
        if begun is None:
            raise _wrong("event", "No such event of this enterprise.", "该企业没有这条记录")
        if cessation["on"] < begun:
            raise _wrong("on", f"{cessation['on']} lies before the event ({begun}).", "日期早于记录本身")
    return {"event": cessation["event"], "ground": str(cessation["ground"]), "ceased_on": cessation["on"]}


def _wrong(field: str, told: str, zh: str) -> InvalidInput:
    return InvalidInput(told, zh=zh, errors={field: [told]})
