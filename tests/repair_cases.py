"""Applications for repair in whichever state a call asks for, for the tests of the API's description."""

from __future__ import annotations

from typing import Any

from schemathesis import Case
from sqlalchemy import func, select

from credit.db import db, transaction
from credit.models import Event, FilingAct, Mask
from credit.services import corrections, event_versions
from credit.services.objections import cases
from credit.services.objections.subjects import Subject
from credit.terms import Cessation, FilingKind
from tests.conftest import TODAY
from tests.makers import ago, code_of, make_enterprise, make_event
from tests.objections.filings import CONTACT, attached
from tests.test_repairs import application, fine

FIRM = 77


def bodies(path: str) -> dict[str, Any] | None:
    """A good body of a call under /repairs."""
    ruling = {"code": code_of(FIRM), "court": "示例中级人民法院", "document_no": "裁1", "ruled_on": ago(3)}
    return {
        "/api/v1/repairs": _fresh_application() if path == "/api/v1/repairs" else {},
        "/api/v1/repairs/{number}/accept": {"document_no": "受理1"},
        "/api/v1/repairs/{number}/reject": {"document_no": "不受理1", "reason": "凭证不清"},
        "/api/v1/repairs/{number}/decide": {"outcome": "granted", "document_no": "修1", "reason": "符合条件"},
        "/api/v1/repairs/{number}/revoke": {"document_no": "撤1", "reason": "凭证系伪造"},
        "/api/v1/repairs/masks": ruling,
        "/api/v1/repairs/masks/{number}/end": {"how": "failed", "document_no": "裁2", "reason": "不能执行"},
    }.get(path)


def _fresh_application() -> dict[str, Any]:
    event = fresh_event()
    number = event_versions.current(event).document_no
    return application(code_of(FIRM), event, document_no=number, attachments=[attached()])


def fresh_event() -> int:
    """A violation whose shortest publication is over, of the firm that all of these are about."""
    if db.session.scalar(select(func.count()).select_from(Event).where(Event.code == code_of(FIRM))) == 0:
        make_enterprise(FIRM)
    last = db.session.scalar(select(func.max(Event.seq)))
    return make_event(fine(code_of(FIRM), document_no=f"示例罚〔2026〕{last}号"))


def known(case: Case) -> None:
    """Name a mask that is on, or an application in the state that the call asks for, with its secret."""
    assert isinstance(case.path_parameters, dict)
    if "/masks/" in case.path:
        case.path_parameters["number"] = db.session.scalar(select(func.max(Mask.seq))) or 1
        return
    found = event_versions.current(fresh_event())
    subject = Subject(found.enterprise_id, found.code, found.event_id, None, found.document_no, found.department_id)
    given = {"kind": FilingKind.REPAIR, "words": "已履行", "contact": CONTACT, "performed_on": TODAY}
    with transaction("test") as change:
        filed = cases.file(change, subject, given, [], [], TODAY)
        if case.path.endswith(("/decide", "/revoke")):
            _act(change, filed.number, found.department_id, "accept", None)
        if case.path.endswith("/revoke"):
            corrections.cease(change, found.event_id, Cessation.REPAIRED, TODAY, "修1")
            _act(change, filed.number, found.department_id, "decide", "granted")
    case.path_parameters["number"] = filed.number
    if case.method == "GET":
        case.headers = {**(case.headers or {}), "Repair-Secret": filed.secret}


def _act(change: Any, filing: int, department: int, act: str, outcome: str | None) -> None:
    (seq,) = change.take()
    told = {"acted_on": TODAY, "outcome": outcome, "reason": "", "document_no": "修1"}
    db.session.add(FilingAct(seq=seq, filing=filing, act=act, department_id=department, **told))
    db.session.flush()
