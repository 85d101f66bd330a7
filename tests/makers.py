"""Makers with keywords: an enterprise, a department's key, documents to report, a published listing.

Everything is fictional (division 340799) and goes through the services, as the doors do.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from credit.db import db, transaction
from credit.models import Event
from credit.policy import load_policy
from credit.rules.permissions import OF_DEPARTMENTS, scopes_of
from credit.services import (
    departments,
    enterprises,
    events,
    keys,
    listings,
    officers,
    seeding,
    way,
)
from credit.terms import Cessation, OfficerRole
from schemas.enterprise import EnterpriseIn
from schemas.event import load_event
from seed.codes import fictional_code
from tests.conftest import TODAY

FIRST_NUMBER = 5001
DEPARTMENT = "示例市场监督管理局"
DECISION = {
    "document_no": "示例列〔2026〕1号", "facts": "以不合格产品冒充合格产品。", "basis": "令第44号第七条",
    "measures": "重点监管", "removal_conditions": "满一年", "remedies": "行政复议",
    "penalty_document_no": "示例罚〔2026〕9号",
}  # fmt: skip
WORKSHEET = {
    "intent": "明知不合格仍销售", "frequency": "首次", "duration": "三个月", "penalty_kind": "罚款、停产停业",
    "amount": "80万元", "value": "40万元", "harm": "无人身伤害", "loss": "消费者退货", "effect": "多地媒体报道",
}  # fmt: skip


def ago(days: int) -> str:
    """The day so many days before TODAY, as JSON has it."""
    return (TODAY - timedelta(days=days)).isoformat()


def code_of(number: int = 1, kind: str = "91") -> str:
    """The code of the fictional enterprise with this number."""
    return fictional_code(FIRST_NUMBER + number, kind)


def make_enterprise(number: int = 1, day: date = TODAY, kind: str = "91", **known: Any) -> str:
    """An enterprise on file, graded and published. Returns its code."""
    code = code_of(number, kind)
    given = {"code": code, "name": f"铜都示例{number}有限公司", "region": "340799", "registered_on": "2015-05-05"}
    with transaction("test") as change:
        loaded = EnterpriseIn(day=day).load(given | known)
        enterprise_id, _ = enterprises.put(change, loaded, day)
        way.advance(change, [enterprise_id], day)
    return code


def make_department(name: str = DEPARTMENT) -> int:
    """A department's id."""
    with transaction("test"):
        return departments.add(name)


def make_key(department: str = DEPARTMENT, scopes: tuple[str, ...] = OF_DEPARTMENTS) -> dict[str, str]:
    """Headers with a new key of a department."""
    with transaction("test") as change:
        number = departments.add(department)
        key = keys.new(change, number, "test", list(scopes), days=3650).key  # tests move the day by years
    return {"Authorization": f"Bearer {key}"}


def make_person(role: OfficerRole = OfficerRole.SUPERVISOR, department: str = DEPARTMENT) -> dict[str, str]:
    """Headers with the own key of a new officer of a department."""
    with transaction("test") as change:
        number = departments.add(department)
        officer = officers.add(number, f"{role.zh}某", role)
        key = keys.new(change, number, "own", list(scopes_of(role)), days=3650, officer_id=officer).key
    return {"Authorization": f"Bearer {key}"}


def violation(code: str, **fields: Any) -> dict[str, Any]:
    """A general violation (fine of 60,000 yuan) decided two months ago, as a department sends it.

    With every notice on the day of its decision, unless the fields say otherwise.
    """
    given = {
        "kind": "violation", "code": code, "document_no": "示例罚〔2026〕1号", "occurred_on": ago(90),
        "decided_on": ago(60), "category": "product_quality", "penalties": ["fine"], "fine": "60000.00",
    } | fields  # fmt: skip
    return {"notices": notices(given["decided_on"]), "proceedings": False} | given


def notices(day: Any) -> dict[str, Any]:
    """Every notice of a decision, on one day."""
    return dict.fromkeys(("served_on", "publication_notice_on", "repair_notice_on"), day)


def inspection(code: str, **fields: Any) -> dict[str, Any]:
    """A passed supervised sampling ten months ago."""
    return {
        "kind": "inspection", "code": code, "document_no": "示例抽〔2026〕1号", "occurred_on": ago(300),
        "result": "pass", "role": "producer", "item": {"product": "粳米"},
    } | fields  # fmt: skip


def award(code: str, **fields: Any) -> dict[str, Any]:
    """A quality pledge given half a year ago."""
    return {
        "kind": "award", "code": code, "document_no": "示例诺〔2026〕1号", "category": "pledge", "valid_from": ago(180),
    } | fields  # fmt: skip


def make_events(*sent: dict[str, Any], department: str = DEPARTMENT, day: date = TODAY) -> list[int]:
    """Events on file, their enterprises graded and published. Returns their ids."""
    with transaction("test") as change:
        reporter, law = departments.add(department), load_policy()
        kept = [events.record(change, reporter, load_event(one, day), law) for one in sent]
        way.advance(change, [enterprise_id for _, enterprise_id, _ in kept], day)
    return [event_id for event_id, *_ in kept]


def make_event(sent: dict[str, Any], department: str = DEPARTMENT, day: date = TODAY) -> int:
    """An event on file, its enterprise graded and published. Returns its id."""
    return make_events(sent, department=department, day=day)[0]


def make_cessation(
    code: str, document_no: str, on: date, ground: Cessation = Cessation.REPAIRED, day: date = TODAY
) -> None:
    """End what the events of a document count for."""
    with transaction("test") as change:
        seeding.cease(change, code, document_no, ground, on, "示例修复〔2026〕1号")
        way.advance(change, [enterprises.find(code)], day)


def make_officers(department: str = DEPARTMENT) -> dict[str, int]:
    """A supervisor and two deciders of a department."""
    roles = {"supervisor": OfficerRole.SUPERVISOR, "decider": OfficerRole.DECIDER, "confirmer": OfficerRole.DECIDER}
    with transaction("test"):
        number = departments.add(department)
        return {name: officers.add(number, name, role) for name, role in roles.items()}


def notice(day: date) -> dict[str, Any]:
    """A notice that was served on a day."""
    said = {"document_no": "示例告〔2026〕1号", "facts": DECISION["facts"], "basis": DECISION["basis"]}
    return said | {"served_on": day.isoformat()}


def make_listing(
    code: str,
    on: date = TODAY,
    until: str = "publish",
    officers: dict[str, int] | None = None,
    facts: str = DECISION["facts"],
    event: int | None = None,
) -> int:
    """A listing led to the act `until`, every act on one day; it rests on `event`. Returns its id."""
    who = officers or make_officers()
    given = {"code": code, "list": "samr-44", "ground": "art-7", "facts": facts, "event_id": event}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("assess", "supervisor", WORKSHEET), ("notify", "supervisor", notice(on)),
        ("waive", "supervisor", {"document_no": "示例弃〔2026〕1号"}), ("decide", "decider", DECISION),
        ("confirm", "confirmer", {}), ("publish", "supervisor", {}),
    ]  # fmt: skip
    wanted = [name for name, *_ in steps].index(until) + 1 if until != "propose" else 0
    with transaction("test") as change:
        opened = db.session.scalar(select(Event.decided_on).where(Event.event_id == event)) if event else None
        listing = listings.propose(change, who["supervisor"], given, min(opened or on, on))
        for name, officer, fields in steps[:wanted]:
            listings.act(change, listing, name, who[officer], on, fields)
        way.advance(change, [enterprises.find(code)], on)
    return listing
