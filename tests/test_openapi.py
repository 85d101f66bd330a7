"""The API's own description: whole, valid, and kept by every answer that schemathesis can provoke."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks
from sqlalchemy import func, select

from credit.api.batches import TYPES
from credit.clock import now
from credit.db import aside, db, transaction
from credit.log_heads import sign_head
from credit.models import (
    Batch,
    Demand,
    Event,
    Filing,
    FilingAct,
    ListingAct,
    LogHead,
    Recall,
    Receipt,
    Watch,
    Webhook,
)
from credit.policy import load_policy
from credit.proof import check, proved
from credit.rules.fingerprints import fingerprint
from credit.rules.permissions import SCOPES
from credit.services import departments, enterprises, webhooks
from credit.services.complaints import cases as complaint_cases
from credit.services.departments import Bearer
from credit.services.objections import acts, cases
from credit.services.objections.subjects import Subject
from credit.services.screening import clearances
from credit.services.suppliers import lists
from credit.terms import FilingKind
from schemas.complaint import ComplaintIn
from tests import draw_cases, inspection_cases, repair_cases, warning_cases
from tests.api_calls import CALLS, STAFF, WITHOUT_KEY
from tests.complaints.sent import complaint
from tests.conftest import LONG, TODAY
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_enterprise,
    make_events,
    make_key,
    make_listing,
    make_person,
    violation,
)
from tests.objections.filings import CONTACT, objection

SPEC = "/api/v1/openapi.json"
GTIN = "9520000000028"
SPOKEN = "证人张三称，以次充好。"
EXAMPLES = {"sqlite": 25, "postgresql": 8} if LONG else {"sqlite": 12, "postgresql": 4}
QUIETLY = settings(
    deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@schemathesis.serializer(*TYPES)
def as_sent(_context: Any, value: Any) -> bytes:
    """A file goes as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    """The document as anybody gets it."""
    answer = client.get(SPEC)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def refs(value: Any) -> Iterator[str]:
    """Every $ref within a document."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for part in value.values():
            yield from refs(part)
    elif isinstance(value, list):
        for part in value:
            yield from refs(part)


class TestDocument:
    def test_it_names_every_call_with_its_answers(self, spec: dict[str, Any]) -> None:
        assert spec["openapi"].startswith("3.1.")
        calls = {
            f"{method.upper()} {path}": call
            for path, methods in spec["paths"].items()
            for method, call in methods.items()
            if method in ("get", "put", "post", "delete", "patch")
        }
        assert set(calls) == CALLS
        for name, call in calls.items():
            assert call["summary"], name
            assert {"default", "200"} <= set(call["responses"]), name
            needed = {} not in call.get("security", [{}])
            assert needed == ((not name.startswith("GET") or name in STAFF) and name not in WITHOUT_KEY), name  # to staff some calls tell more

    def test_every_reference_leads_somewhere(self, spec: dict[str, Any]) -> None:
        found = set(refs(spec))
        assert found
        for ref in found:
            place = spec
            for step in ref.removeprefix("#/").split("/"):
                place = place[step]

    def test_every_shape_is_a_json_schema(self, spec: dict[str, Any]) -> None:
        for name, shape in spec["components"]["schemas"].items():
            jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema"} | shape)
            assert shape["type"] == "object", name

    def test_bounds_are_numbers(self, spec: dict[str, Any]) -> None:
        fine = spec["components"]["schemas"]["ViolationIn"]["properties"]["fine"]
        assert (fine["minimum"], fine["maximum"]) == (0, 10**13)
        assert json.loads(json.dumps(spec, allow_nan=False)) == spec

    def test_each_kind_of_event_has_its_own_shape(self, spec: dict[str, Any]) -> None:
        body = spec["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        whole = jsonschema_rs.validator_for(body | {"components": spec["components"]})
        for event in (violation("x"), inspection("x"), award("x")):
            assert whole.is_valid(event)
            assert not whole.is_valid(event | {"kind": "rumour"})
            assert not whole.is_valid(event | {"colour": "red"})

    def test_problems_are_documented_as_they_are_sent(self, spec: dict[str, Any]) -> None:
        assert spec["components"]["schemas"]["Problem"]["additionalProperties"] is not False
        for path, methods in spec["paths"].items():
            for method, call in methods.items():
                for status, answer in call.get("responses", {}).items() if isinstance(call, dict) else ():
                    if "$ref" in answer:
                        answer = spec["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                    if status not in ("200", "201", "202", "304"):
                        assert set(answer["content"]) == {"application/problem+json"}, (path, method, status)


def firm() -> str:
    """An enterprise with something of everything on its record."""
    code = make_enterprise(1, name="铜都云岭酒业有限公司", short_name="云岭酒业", industry="C1512")
    failed = {"result": "fail", "role": "seller", "failed_items": [{"item": "酒精度", "limit": "≥40", "value": "38"}]}
    make_events(violation(code, document_no="罚1", facts=SPOKEN), inspection(code, document_no="抽1", **failed), award(code))
    make_listing(code)
    make_listing(code, until="notify")
    sign_head("test")
    sign_head("test")
    return code


@pytest.mark.slow
def test_no_answer_breaks_and_none_leaves_its_shape(app: Flask, database: str) -> None:
    code, headers, person = firm(), make_key(scopes=SCOPES), make_person()
    described = schemathesis.openapi.from_wsgi(SPEC, app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert {operation.label for operation in operations} == CALLS
    for operation in operations:
        own = "/draws" in operation.label or "/inspection-tasks" in operation.label or "/warnings" in operation.label or ("/listings" in operation.label and "former" not in operation.label)
        sent = person if own else headers
        statuses = _provoked(operation, code, sent, EXAMPLES[database])
        assert statuses & {200, 201}, (operation.label, statuses)


def _provoked(operation: APIOperation, code: str, headers: dict[str, str], examples: int) -> set[int]:
    """Send right and wrong cases of one call, each answer checked; the statuses that came back."""
    statuses: set[int] = set()
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = st.one_of(operation.as_strategy(mode) for mode in modes)

    @seed(2026)
    @settings(QUIETLY, max_examples=examples)
    @given(case=cases, grafts=st.integers(0, 5))
    def holds(case: Case, grafts: int) -> None:
        if grafts < 5:
            _about(case, code, grafts)
        answer = case.call(headers=headers)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    holds()
    return statuses


def _about(case: Case, code: str, grafts: int) -> None:
    """Let the case come further: about a known enterprise, a good document with some fields of the case."""
    if isinstance(case.path_parameters, dict) and "code" in case.path_parameters:
        case.path_parameters["code"] = code
    if isinstance(case.path_parameters, dict) and "kind" in case.path_parameters:
        case.path_parameters["kind"] = "notice"
    if isinstance(case.path_parameters, dict) and "event_id" in case.path_parameters:
        case.path_parameters |= _known_fact(case.path_parameters)
    elif isinstance(case.path_parameters, dict):
        if "/complaints/" in case.path:
            _known_complaint(case)
        if "/objections/" in case.path:
            _known_case(case, code)
        if "prefix" in case.path_parameters:
            case.path_parameters["prefix"] = fingerprint(code)[:4]
        if "/supplier-lists/" in case.path:
            _held_list(case, code)
        if "/clearances" in case.path:
            _held_check(case, code)
        elif "/repairs/" in case.path and "number" in case.path_parameters:
            repair_cases.known(case)
        if "/draws/" in case.path:
            draw_cases.known(case)
        if "/warnings/" in case.path:
            warning_cases.known(case)
        if "/inspection-tasks/" in case.path:
            inspection_cases.known(case, code)
        case.path_parameters |= _known_number(case.path) | ({"gtin": GTIN} if "gtin" in case.path_parameters else {})
    if case.path == "/api/v1/events/batch":
        row = award(code, document_no=f"批{grafts}")
        case.media_type, case.body = "application/x-ndjson", json.dumps(row).encode()
    if case.path == "/api/v1/screenings/file":
        case.query, case.media_type, case.body = {}, "multipart/form-data", {"file": f"企业名称\n{code}\n".encode()}
    why = {"reason": "核对", "document": {"no": "更1", "day": ago(1)}}
    withdrawn = {"reason": "other", "explanation": "误报", "revoked_on": ago(1)}
    good = {
        **{f"/api/v1/events/{{event_id}}/{act}": sent for act, sent in {
            "corrections": violation(code, document_no="罚1", fine="70000.00", facts=SPOKEN) | why, "withdrawal": withdrawn,
            "redaction": {"masked": "证人张某称，以次充好。"}, "restoration": why, "demands": {"wrong": "金额不符", "document_no": "核1"},
            "demands/{number}/refusal": {"reason": "核对无误"}}.items()},
        "/api/v1/listings": {"code": code, "list": "samr-44", "ground": "art-7", "facts": "以次充好。"},
        "/api/v1/listings/cases": {"code": code, "case_no": "立1", "category": "counterfeit", "penalties": ["closure"],
                                   "facts": "以次充好。"},
        "/api/v1/listings/{number}/acts": {"act": "state", "document": {"statement": "不知情", "stated_on": ago(0)}},
        "/api/v1/events": award(code), "/api/v1/enterprises/{code}": {"name": "铜都云岭酒业有限公司"},
        "/api/v1/items/prefixes": {"prefix": GTIN[:7], "code": code, "valid_from": ago(900)},
        "/api/v1/recalls": recall(code), "/api/v1/recalls/{number}/closure": {"closed_on": ago(0)},
        "/api/v1/complaints": complaint(kind="report", phone=""),
        "/api/v1/complaints/{number}/opening": {"reason": "核实"},
        "/api/v1/complaints/{number}/acts": {"act": "accept", "reason": "受理"},
        "/api/v1/objections": objection(code, None, document_no="示例列〔2026〕1号", words=f"理由{grafts}"),
        "/api/v1/objections/{number}/ask": {"department": "示例农业农村局", "reason": "请核实"},
        "/api/v1/objections/{number}/answer": {"reason": "无误"},
        "/api/v1/objections/{number}/resume": {"reason": "已核实"},
        "/api/v1/objections/{number}/decide": {"outcome": "rejected", "reason": "与决定书一致"},
        "/api/v1/screenings": {"subjects": [{"code": code}, {"name": "铜都云岭酒业有限公司"}]},
        "/api/v1/supplier-lists": {"name": "名单", "codes": [code]},
        "/api/v1/supplier-lists/{number}": {"name": "名单", "codes": [code]},
        "/api/v1/watches": {"code": code, "reason": "多次投诉"}, "/api/v1/watches/{number}/end": {"reason": "已整改"},
        "/api/v1/draws": draw_cases.plan(grafts), "/api/v1/draws/{number}/acts": {"act": "approve"},
        "/api/v1/draws/inspectors": {"name": "检查一"},
        "/api/v1/draws/inspectors/{number}/recusals": {"code": code, "reason": "亲属"},
        "/api/v1/webhooks": {"url": f"https://example.org/{grafts}"}, "/api/v1/webhooks/{number}/replay": {"after": 0},
        "/api/v1/policy/backtest": {"draft": load_policy().digest},
        "/api/v1/policy/what-if": {"code": code, "events": [award(code, document_no="假设")]},
    }  # fmt: skip
    if isinstance(case.query, dict) and not grafts:
        case.query = {}
    if isinstance(case.query, dict) and case.path.startswith("/api/v1/log/"):
        first, second = db.session.scalars(select(LogHead.size).order_by(LogHead.id))
        known = {"inclusion": {"number": 0}, "consistency": {"first": first, "second": second}}
        case.query = known.get(case.path.rpartition("/")[2], case.query)
    if isinstance(case.query, dict) and case.path == "/api/v1/repairs/archive":
        case.query["code"] = code
    good["/api/v1/warnings/{number}/acts"] = {"act": "take", "note": "核实"}
    if isinstance(case.body, dict) and case.path.startswith("/api/v1/inspection-tasks"):
        good |= inspection_cases.bodies(case, code)
    if isinstance(case.body, dict) and case.path.startswith("/api/v1/repairs"):
        good[case.path] = repair_cases.bodies(case.path)
    if isinstance(case.body, dict) and case.path in good:
        makers = {"violation": violation, "inspection": inspection}
        kind = case.body.get("kind")
        made = case.path == "/api/v1/events" and isinstance(kind, str) and kind in makers
        whole = makers[kind](code) if made else good[case.path]
        fields = [name for name in case.body if name not in ("kind", "code")][:grafts]
        case.body = whole | {name: case.body[name] for name in fields}


def _held_list(case: Case, code: str) -> None:
    """A saved list with its secret."""
    given = {"name": "名单", "kind": "government-procurement", "codes": [code], "url": None}
    with aside() as connection:
        made = lists.add(connection, given, TODAY, now().astimezone(UTC))
    case.headers = {**(case.headers or {}), "List-Secret": made.secret}
    assert isinstance(case.path_parameters, dict)
    case.path_parameters["number"] = made.id


def _held_check(case: Case, code: str) -> None:
    """A check whose bidder is alike to a firm by its name alone, with its secret, and a clearance of it."""
    told = check([{"name": "铜都云岭酒业有限责任公司"}], {"kind": "government-procurement"}, None)
    made = proved(told, {"kind": "government-procurement"})
    said = {"bidder": {"name": "铜都云岭酒业有限责任公司"}, "code": code, "by": "王某", "reason": "另一家"}
    case.headers = {**(case.headers or {}), "Receipt-Secret": made["receipt"]["secret"]}
    assert isinstance(case.path_parameters, dict)
    case.path_parameters["number"] = made["id"]
    if case.method == "DELETE":
        with aside() as connection:
            case.path_parameters["clearance"] = clearances.add(
                connection, made["id"], said, made["results"], now().astimezone(UTC)
            )
    elif isinstance(case.body, dict):
        case.body = said


def _known_complaint(case: Case) -> None:
    """A case of the department that has just come in, with its secret."""
    given = ComplaintIn().load(complaint(kind="report", phone="", department=DEPARTMENT))
    with transaction("test") as change:
        departments.add(DEPARTMENT)
        kept = complaint_cases.receive(change, given, [], [], TODAY)
    assert isinstance(case.path_parameters, dict)
    case.path_parameters["number"] = kept.number
    if case.method == "GET" or case.path.endswith("/withdrawal"):
        case.headers = {**(case.headers or {}), "Complaint-Secret": kept.secret}


def _known_case(case: Case, code: str) -> None:
    """An undecided case with its secret: the department's own, or another's about which it is asked."""
    with transaction("test") as change:
        own, other = departments.add(DEPARTMENT), departments.add("示例农业农村局")
        whose, asked = (other, own) if case.path.endswith("/answer") else (own, other)
        event = 10**6 + (db.session.scalar(select(func.max(Filing.seq))) or 0)
        subject = Subject(enterprises.find(code), code, event, None, "罚1", whose)
        given = {"kind": FilingKind.OBJECTION, "words": "有误", "contact": CONTACT}
        filed = cases.file(change, subject, given, [], [], TODAY)
        if asked == own:
            acts.ask(change, filed.number, Bearer(1, whose, "", "", ()), {"department": DEPARTMENT, "reason": "?"}, TODAY)
        if case.path.endswith("/resume"):
            (seq,) = change.take()
            told = {"acted_on": TODAY, "outcome": "unverifiable", "reason": "", "document_no": ""}
            db.session.add(FilingAct(seq=seq, filing=filed.number, act="decide", department_id=own, **told))
    assert isinstance(case.path_parameters, dict)
    case.path_parameters["number"] = filed.number
    if case.method == "GET":
        case.headers = {**(case.headers or {}), "Objection-Secret": filed.secret}


def recall(code: str) -> dict[str, Any]:
    """A recall of an item, as a department sends it."""
    told = {"document_no": "召1", "product": "白酒", "hazard": "甲醇超标。", "opened_on": ago(30)}
    return told | {"code": code, "gtin": GTIN, "lots": ["L-1"]}


def _known_number(path: str) -> dict[str, int | str]:
    """The latest of what a path numbers: a recall, a batch, a receipt, a receiver that is still served."""
    latest: dict[str, Any] = {
        "/api/v1/receipts/": select(func.max(Receipt.id)),
        "/api/v1/recalls/": select(func.max(Recall.recall_id)),
        "/api/v1/events/batch/": select(func.max(Batch.id)),
        "/api/v1/listings/": select(func.max(ListingAct.listing_id)).where(ListingAct.state.in_(["notified", "stated"])),
        "/api/v1/watches/": select(func.max(Watch.seq)),
        "/api/v1/webhooks/": select(func.max(Webhook.id)).where(Webhook.removed_at.is_(None)),
    }
    for start, statement in latest.items():
        if path.startswith(start) and "/clearances" not in path:
            number = db.session.scalar(statement)
            db.session.rollback()
            return {"number": number or (_receiver() if "webhooks" in path else 1)}
    return {}


def _receiver() -> int:
    with transaction("test") as change:
        return webhooks.add(departments.add("局"), "https://example.org/", None, TODAY, change.recorded_at)


def _known_fact(asked: dict[str, Any]) -> dict[str, int]:
    """The violation on file, and the demand about it that was made last."""
    event = db.session.scalar(select(Event.event_id).where(Event.kind == "violation").order_by(Event.seq))
    number = db.session.scalar(select(func.max(Demand.seq))) or 1
    db.session.rollback()
    found = {"event_id": event or 1, "number": number}
    return {name: found[name] for name in asked if name in found}
