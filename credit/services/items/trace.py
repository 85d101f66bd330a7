"""The trace of an item: its enterprise, inspections, violations and open recalls, as far as they may be shown."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from credit.db import db
from credit.errors import BadCode
from credit.identifiers import check_gtin, gtin14
from credit.models import Event
from credit.rules.items import written
from credit.services.items import recalls
from credit.services.items.prefixes import holder
from credit.services.items.records import records_of

UNKNOWN = {
    "zh": "登记系统尚不知道该厂商识别代码属于哪家企业，已列入待核实清单。",
    "en": "The register doesn't know yet which enterprise holds this prefix; it is listed for follow-up.",
}
NOWHERE = {
    "zh": "没有可以公示的该物品记录。没有记录不代表合格或不合格。",
    "en": "There is no record of this item that may be shown. No record is neither good nor bad.",
}
MOST = 200


def trace(text: str, lot: str | None, day: date) -> dict[str, Any]:
    """What may be shown of an item on `day`, in the shape schemas.item.Trace. Raises BadCode.

    Events come out of the public records of the enterprises concerned, and from nowhere else: what
    their pages don't show, the trace doesn't. With a lot, events that name no lot stay in.
    """
    if problem := check_gtin(text):
        raise BadCode(problem.en, zh=problem.zh, reason=problem.reason)
    gtin = gtin14(text)
    held = holder(gtin, day)
    concerned = set(db.session.scalars(_reported(gtin)))
    shown = records_of(sorted(concerned | ({held.enterprise_id} if held else set())), day)
    events = {kind: _events(shown.values(), kind, gtin, lot) for kind in ("violations", "inspections")}
    called_back = [one for one in recalls.open_on(gtin, day) if not (lot and one["lots"]) or lot in one["lots"]]
    named = [event["product"] for kind in events.values() for event in kind if event.get("product")]
    told = None if held else UNKNOWN
    if held and not called_back and not any(events.values()):
        told = NOWHERE
    return {
        "gtin": gtin,
        "lot": lot,
        "product": next(iter([one["product"] for one in called_back] + named), None),
        "holder": _holder(held, shown) if held else None,
        "flag": None if held else "unknown-prefix",
        "note": told,
        "recalls": called_back,
        **events,
        "links": _links(gtin, lot),
    }


def _reported(gtin: str) -> Any:
    """The enterprises of which an event names the item, in whichever way it was written."""
    return select(Event.enterprise_id).where(Event.gtin.in_(written(gtin))).distinct().limit(MOST)


def _events(records: Any, kind: str, gtin: str, lot: str | None) -> list[dict[str, Any]]:
    forms = set(written(gtin))
    found = [
        {"code": record["code"], "name": record["name"], **event}
        for record in records
        for event in record[kind]
        if event.get("gtin") in forms and (not lot or event.get("lot") in (lot, None, ""))
    ]
    return sorted(found, key=lambda event: str(event.get("occurred_on")), reverse=True)


def _holder(held: Any, shown: dict[int, dict[str, Any]]) -> dict[str, Any]:
    record = shown[held.enterprise_id]
    return {name: record[name] for name in ("code", "name", "grade", "status")} | {
        "prefix": held.prefix, "since": held.valid_from, "until": held.valid_until,
    }  # fmt: skip


def _links(gtin: str, lot: str | None) -> dict[str, str]:
    page, link = f"/items/{gtin}", f"/01/{gtin}"
    if lot:
        page, link = f"{page}?lot={quote(lot)}", f"{link}/10/{quote(lot, safe='')}"
    return {"page": page, "digital_link": link}
