"""Nothing that expired can be seen at any public door, though no job ran: only the reader's day moves.

The doors are those of the program's URL map: a new public one without a probe fails here. Each door is
read on days of a story on which something ends, without any write. What ended is told nowhere, what
lasts is told as after the daily run, and no cache may keep an answer past the day.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.clock import now, seconds_left
from credit.db import ChangeRow, db, transaction
from credit.log_heads import sign_head
from credit.rules.fingerprints import fingerprint
from credit.services import departments, listings, redactions, tallies, way
from credit.services.departments import Bearer
from tests.conftest import TODAY, Clock, Once, Share
from tests.makers import (
    DEPARTMENT,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    make_officers,
    violation,
)
from tests.objections.filings import PATH, objection, statement
from tests.pdf import said

GTIN, PREFIX = "9520000000028", "9520000"
ITEM = {"gtin": GTIN, "lot": "L-1", "product": "示例插座"}
EVENT_ENDS, LISTING_ENDS = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
FALL_SHOWN = TODAY + timedelta(days=6)  # decided on Friday before: shown from Saturday after
# What tells of each fact, wherever it stands, and the first day on which nothing may.
TOKENS = {
    "到期罚〔2025〕7号": EVENT_ENDS, "以旧充新的插座": EVENT_ENDS, "本企业已换供应商": EVENT_ENDS,
    "示例列〔2026〕1号": LISTING_ENDS, "列入期间的事实": LISTING_ENDS,
}  # fmt: skip
# What was removed early or masked: told on no day at all.
NEVER = ("被提前移出的事实", "13900139000")
MASKED = "以旧充新的插座。联系人张某（电话[电话号码已隐去]）"
API = "/api/v1"
# The doors that tell of facts, each with the paths that the story's facts stand behind.
PROBES: dict[str, Callable[[str, date], list[str]]] = {
    "enterprises.look_up": lambda code, day: [
        f"{API}/enterprises/{code}", f"{API}/enterprises/{code[8:17]}",
        *(f"{API}/enterprises/{code}?as_of={day - timedelta(days=ago)}" for ago in (1, 30, 200)),
    ],
    "enterprises.grades": lambda code, day: [
        f"{API}/enterprises/{code}/grades", f"{API}/enterprises/{code}/grades?as_of={day - timedelta(days=1)}",
    ],
    "enterprises.find": lambda code, _: [f"{API}/enterprises", f"{API}/enterprises?q={code}", *_graded(f"{API}/enterprises")],
    "forecast.forecast": lambda code, _: [f"{API}/enterprises/{code}/forecast"],
    "blacklist.listings": lambda *_: [f"{API}/blacklist"],
    "blacklist.beginning": lambda code, _: [f"{API}/blacklist/beginning/{fingerprint(code)[:3]}"],
    "blacklist.filter_file": lambda *_: [f"{API}/blacklist/filter"],
    "transparency.listings": lambda code, _: [f"{API}/log/listings/{code}"],
    "items.trace": lambda *_: [f"{API}/items/{GTIN}", f"{API}/items/{GTIN}?lot=L-1"],
    "departments.freshness": lambda *_: [f"{API}/statistics/departments"],
    "policy_trials.card": lambda *_: [f"{API}/policy/model-card"],
    "quality.shares": lambda *_: [f"{API}/statistics/quality?by={by}" for by in ("year", "quarter", "region", "industry", "product")],
    "quality.of_the_outline": lambda *_: [f"{API}/statistics/targets"],
    "web.statistics": lambda *_: ["/statistics"],
    "web.statistics_csv": lambda *_: ["/statistics/quality.csv?by=product"],
    "web.statistics_report": lambda *_: ["/statistics/report/2026Q3.pdf"],
    "web.home": lambda *_: ["/"],
    "web.enterprise": lambda code, day: [
        f"/enterprises/{code}", f"/enterprises/{code}?lang=en",
        *(f"/enterprises/{code}?as_of={day - timedelta(days=ago)}" for ago in (1, 30)),
    ],
    "web.record_pdf": lambda code, day: [
        f"/enterprises/{code}.pdf", f"/enterprises/{code}.pdf?lang=en", f"/enterprises/{code}.pdf?as_of={day - timedelta(days=1)}",
    ],
    "web.search": lambda code, _: [f"/enterprises?q={code}", *_graded("/enterprises")],
    "web.blacklist": lambda *_: ["/blacklist"],
    "web.blacklist_atom": lambda *_: ["/blacklist.atom"],
    "web.item": lambda *_: [f"/items/{GTIN}"],
    "web.digital_link": lambda *_: [f"/01/{GTIN}", f"/01/{GTIN}/10/L-1"],
    "web.departments": lambda *_: ["/statistics/departments"],
    "web.model_card": lambda *_: ["/rulebook/model-card"],
    "web.open_data": lambda *_: ["/open-data"],
    "web.open_data_file": lambda *_: [f"/open-data/{name}.jsonl" for name in ("enterprises", "violations", "blacklist", "grades")],
    "health.metrics": lambda *_: ["/metrics"],
    "changes.changes": lambda *_: [f"{API}/changes?after=0"],
}  # fmt: skip
# The doors that tell of no fact at all, with the reason.
STILL = {
    "api-docs.openapi_json": "describes the API", "health.healthz": "the process answers",
    "health.readyz": "the database is ready", "policy.policy": "rules", "policy.policy_versions": "rules",
    "web.desk": "a form", "receipts.verify": "checks what is sent", "screenings.screenings": "judged by the day: tests/test_screening.py",
    "screenings.screenings_file": "as the other", "receipts.receipt": "a proof, which nothing later changes", "keys.jwks": "keys", "web.verify_receipt": "a proof",
    "draws.commitments": "digests", "draws.proof": "a proof, which nothing later changes", "draws.inputs": "a proof",
    "web.screening": "a form; what it finds is judged by the day: tests/test_screening.py", "web.docs": "describes the API", "web.help_page": "explanations", "web.rulebook": "rules",
    "web.static": "style sheets", "web.log": "signed roots", "tenders.announce": "no bidder",
    **dict.fromkeys(
        ("suppliers.save", "suppliers.followed", "suppliers.change", "suppliers.forget", "web.suppliers", "web.supplier_feed"),
        "to who has its secret: tests/test_suppliers.py moves the day",
    ), "web.tender_file": "a form",
    "receipts.clear": "a buyer's own word", "receipts.take_back": "a buyer's own word", "transparency.head": "a signed root",
    "transparency.all_heads": "signed roots", "transparency.leaves": "salted hashes",
    "transparency.inclusion": "salted hashes", "transparency.consistency": "salted hashes",
}  # fmt: skip
# The feed writes what is due before it answers, metrics count the requests, a filter names its change number: not compared with a later day's.
MOVING = ("blacklist.filter_file", "changes.changes", "health.metrics", "web.open_data_file", "web.open_data")


def _graded(path: str) -> list[str]:
    return [f"{path}?grade={grade}" for grade in ("A", "B", "C", "D")]


@pytest.fixture
def story(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, once: Once, database: str, tmp_path_factory: Any
) -> list[str]:
    """Two enterprises: one whose violation and listing end by themselves, one whose fall waits."""
    place: Path = tmp_path_factory.getbasetemp() / f"expiry-{database}"
    app.config["CREDIT_ATTACHMENTS"], app.config["CREDIT_OPEN_DATA"] = str(place / "attachments"), str(place / "open")
    told: list[str] = once("expiry", lambda: _told(client, runner, place))
    return told


def _told(client: FlaskClient, runner: FlaskCliRunner, place: Path) -> list[str]:
    codes = [make_enterprise(1), make_enterprise(2)]
    client.post(f"{API}/items/prefixes", json={"prefix": PREFIX, "code": codes[0], "valid_from": "2020-01-01"},
                headers=make_key())  # fmt: skip
    decided = str(EVENT_ENDS.replace(year=EVENT_ENDS.year - 1))
    fined = make_event(violation(codes[0], document_no="到期罚〔2025〕7号", occurred_on=decided, decided_on=decided,
                                 facts="以旧充新的插座。联系人张三（电话13900139000）", item=ITEM))  # fmt: skip
    _masked(fined)
    _removed_early(codes[0])
    make_event(inspection(codes[0], item=ITEM))
    make_listing(codes[0], LISTING_ENDS.replace(year=LISTING_ENDS.year - 3), facts="列入期间的事实。")
    make_event(inspection(codes[1]))
    friday = TODAY - timedelta(days=2)
    heavy = {"penalties": ["suspended_business"], "fine": None, "occurred_on": str(friday), "decided_on": str(friday)}
    make_event(violation(codes[1], document_no="停业罚1", **heavy))
    about = {"document_no": "到期罚〔2025〕7号"}
    reply = client.post(PATH, json=statement(codes[0], fined, words="本企业已换供应商。", **about)).get_json()
    client.post(f"{PATH}/{reply['number']}/decide", json={"outcome": "accepted", "reason": "可"}, headers=make_key())
    client.post(PATH, json=objection(codes[0], fined, **about))
    sign_head("test")
    told = runner.invoke(args=["credit", "export", str(place / "open")])
    assert told.exit_code == 0, told.output
    return codes


def _masked(event: int) -> None:
    with transaction("test") as change:
        bearer = Bearer(None, departments.add(DEPARTMENT), DEPARTMENT, "test", ())
        owner, _ = redactions.redact(change, event, bearer, {"masked": MASKED, "reason": "隐去"}, TODAY)
        way.advance(change, [owner], TODAY)


def _removed_early(code: str) -> None:
    who, asked = make_officers(), {"performed": "已履行", "harm_removed": "已消除", "pledge": "承诺"}
    listing = make_listing(code, date(TODAY.year - 2, TODAY.month, 1), officers=who, facts="被提前移出的事实。")
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("apply_removal", "supervisor", asked | {"applied_on": TODAY}),
        ("accept_removal", "supervisor", {"document_no": "受1"}),
        ("grant_removal", "decider", {"document_no": "移1", "reason": "符合"}),
    )
    with transaction("test") as change:
        for name, officer, fields in steps:
            owner = listings.act(change, listing, name, who[officer], TODAY, fields)
        way.advance(change, [owner], TODAY)


def doors(app: Flask) -> set[str]:
    """The program's public doors: those that ask for no key."""
    views = app.view_functions.items()
    return {endpoint for endpoint, view in views if not getattr(view, "auth_rule", None)}


def test_every_public_door_has_a_probe_or_a_reason(app: Flask) -> None:
    assert doors(app) == set(PROBES) | set(STILL)


def read(client: FlaskClient, codes: list[str], day: date, *without: str) -> dict[str, str]:
    """What every door says on a day, by path; no cache may keep any of it beyond the day."""
    tallies.forget()  # a count of a large register is kept for a while, by design: not the matter here
    found = {}
    for endpoint in (name for name in PROBES if name not in without):
        for path in dict.fromkeys(path for code in codes for path in PROBES[endpoint](code, day)):
            with client.get(path) as answer:
                assert answer.status_code in (200, 302, 303, 307, 308, 404), (path, answer.text)
                age = answer.cache_control.max_age
                left = seconds_left(day, now()) + 2
                assert age is None or answer.cache_control.no_cache or age <= left, path
                found[path] = said(answer) + str(answer.headers.get("ETag", ""))
    return found


def last_seq() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0)


def moved(client: FlaskClient, clock: Clock, codes: list[str], day: date) -> dict[str, str]:
    """Every door on another day, the register untouched."""
    clock.day, before = day, last_seq()
    found = read(client, codes, day, "changes.changes")
    assert last_seq() == before
    return found | read(client, codes, day, *(name for name in PROBES if name != "changes.changes"))


def plain(text: str) -> str:
    """An answer without its numbers, instants and tokens of forms."""
    text = re.sub(r'"(seq|data_as_of|graded_on)":\s*"?[^,"}]*"?', "", text)
    text = re.sub(rf"(?<![A-Za-z])({'|'.join(month_name[1:])})(?![A-Za-z])", "", text)
    text = re.sub(r"[0-9a-f]{16,}(-[0-9]+)*|nonce-[^\"' ]+", "", text)
    return re.sub(r"[0-9][0-9:.TZ,-]*", "", text)


def test_everything_of_the_story_is_told_before_it_ends(client: FlaskClient, clock: Clock, story: list[str]) -> None:
    told = read(client, story, TODAY)
    for token in TOKENS:
        assert sum(token in text for text in told.values()) >= 4, token
    assert '"objection":{"since"' in told[f"{API}/enterprises/{story[0]}"]


def test_what_ended_is_told_at_no_door(client: FlaskClient, clock: Clock, story: list[str], share: Share) -> None:
    record = f"{API}/enterprises/{story[0]}"
    before = client.get(record).headers["ETag"]
    now_told = read(client, story, TODAY)
    assert not [(never, path) for never in NEVER for path, text in now_told.items() if never in text]
    assert "电话号码已隐去" in now_told[record]
    for day in share([EVENT_ENDS, LISTING_ENDS, LISTING_ENDS + timedelta(days=400)]):
        told = moved(client, clock, story, day)
        for token, end in TOKENS.items():
            shown = [path for path, text in told.items() if token in text]
            assert not shown if end <= day else shown, (day, token, shown)
        assert not [(never, path) for never in NEVER for path, text in told.items() if never in text]
        assert before not in told[record]


def test_every_door_tells_without_a_job_what_it_tells_after_it(
    client: FlaskClient, clock: Clock, story: list[str], share: Share
) -> None:
    for day in share([FALL_SHOWN - timedelta(days=1), FALL_SHOWN, EVENT_ENDS, LISTING_ENDS]):
        clock.day = day
        alone = read(client, story, day, *MOVING)
        with transaction("daily") as change:
            way.daily(change, day)
        after = read(client, story, day, *MOVING)
        assert [path for path in alone if plain(alone[path]) != plain(after[path])] == [], day


def test_a_fall_is_shown_on_its_day_at_every_door(client: FlaskClient, clock: Clock, story: list[str]) -> None:
    def grades() -> Any:
        told: Any = read(client, story[1:], clock.day)
        code = story[1]
        return [
            told[f"{API}/enterprises/{code}"].count('"grade_pending":null'),
            '"grade":"C"' in told[f"{API}/enterprises/{code}"], code in told[f"{API}/enterprises?grade=C"],
            code in told["/enterprises?grade=C"], '"grade":"C"' in told[f"{API}/enterprises/{code}/grades"],
            "新等级待公布" not in told[f"/enterprises/{code}"],
        ]  # fmt: skip

    clock.day = FALL_SHOWN - timedelta(days=1)
    assert grades() == [0, False, False, False, False, False]
    clock.day = FALL_SHOWN
    assert grades() == [1, True, True, True, True, True]
