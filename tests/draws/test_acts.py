"""The way of a draw: plan, approval by another, commitment, draw, and what anybody can check afterwards."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from credit.db import db, transaction
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.log_heads import sign_head
from credit.models import LogLeaf
from credit.rules.draws import commitment as rules
from credit.rules.draws.refusals import (
    AllRecused,
    BadSeed,
    DrawnAlready,
    RegisterChanged,
    TellsTooMuch,
    TooFewInspectors,
    UnknownDraw,
)
from credit.rules.verification import checks
from credit.services import departments, officers, signing
from credit.services.departments import Bearer
from credit.services.draws import acts, directory, proofs, told
from credit.services.transparency import proof as log_proof
from credit.terms import OfficerRole
from schemas.draw import PlanIn
from tests.conftest import TODAY, Once
from tests.draws.registers import PLAN, make_tiers
from tests.makers import DEPARTMENT, make_event, violation

AFTER = date(2027, 1, 1)
MIXED = {"1": 17, "2": 25, "3": 25, "4": 100}


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def person(department: str = DEPARTMENT) -> Bearer:
    """A new supervisor who acts."""
    with transaction("test"):
        number = departments.add(department)
        officer = officers.add(number, "监管某", OfficerRole.SUPERVISOR)
    return Bearer(None, number, department, "test", ("supervise",), officer)


def do(act: str, number: int, who: Bearer, day: date = TODAY, **fields: Any) -> None:
    """One act in a transaction of its own."""
    with transaction("test") as change:
        getattr(acts, act)(change, number, who, day, **fields)


def plan(who: Bearer, people: int = 3, **changed: Any) -> int:
    """A plan on file with so many inspectors; its number."""
    given = {name: value for name, value in (PLAN | {"shares": MIXED} | changed).items() if name != "inspectors"}
    with transaction("test") as change:
        for number in range(people):
            directory.add(change, who, {"name": f"检查{number}", "regions": [], "qualifications": []})
        return acts.make(change, who, PlanIn().load(given), TODAY)[0]


def led(until: str, people: int = 3, **changed: Any) -> tuple[int, Bearer]:
    """A draw led to an act; and who leads it."""
    who = person()
    number = plan(who, people, **changed)
    for act in ("approve", "commit", "draw", "reveal"):
        day = AFTER if act == "reveal" else TODAY
        do(act, number, person() if act == "approve" else who, day)
        if act == until:
            break
    return number, who


def test_the_budget_is_shown_before_another_person_approves(codes: Any) -> None:
    who = person()
    number = plan(who, each=3)
    outlook = told.one(number, TODAY)["outlook"]
    assert (outlook["budget"], outlook["candidates"], outlook["inspectors"]) == (11, 21, 3)
    assert outlook["months"] == [{"month": m, "inspections": n} for m, n in ((9, 4), (10, 4), (11, 3))]
    assert {one["stratum"]: one["quota"] for one in outlook["strata"]} == {"1-I": 1, "2-I": 2, "3-I": 6, "4-I": 2}
    assert outlook["tasks_each"] == 11
    with pytest.raises(NotAllowed):
        do("approve", number, who)
    with pytest.raises(NotAllowed):
        do("approve", number, person("示例农业农村局"))
    with pytest.raises(WrongState) as early:
        do("commit", number, who)
    assert early.value.extra == {"state": "planned", "allowed": ["approve"]}
    do("approve", number, person())
    assert told.one(number, TODAY)["state"] == "approved"


def test_a_plan_s_id_is_taken_once_and_a_department_s_key_is_nobody(codes: Any) -> None:
    who = person()
    assert plan(who) == plan(who)
    with pytest.raises(InvalidInput):
        plan(who, size=3)
    with pytest.raises(NotAllowed), transaction("test") as change:
        acts.make(change, who._replace(officer_id=None), {"id": "x"}, TODAY)


def test_before_the_end_the_public_sees_the_commitment_alone(codes: Any) -> None:
    number, who = led("approve")
    with pytest.raises(UnknownDraw):
        proofs.proof(number)
    assert proofs.page(None, 50).items == []
    do("commit", number, who)
    committed = proofs.proof(number)
    assert committed == proofs.page(None, 50).items[0] | dict.fromkeys(("statement", "seed", "drawn", "inputs", "log"))
    do("draw", number, who)
    assert proofs.proof(number) == committed
    with pytest.raises(WrongState):
        do("reveal", number, who, date(2026, 12, 31))
    with pytest.raises(UnknownDraw):
        proofs.inputs(number)


def test_after_the_end_anybody_draws_the_same_list(codes: dict[str, list[str]]) -> None:
    """With hashlib alone, from what is public."""
    number, _ = led("reveal")
    proof, body = proofs.proof(number), proofs.inputs(number)
    statement, seed = proof["statement"], proof["seed"]
    whole = orjson.dumps(statement, option=orjson.OPT_SORT_KEYS)
    assert hashlib.sha256(whole).hexdigest() == proof["commitment"]
    assert hashlib.sha256(seed.encode()).hexdigest() == statement["seed_digest"]
    rows = [line.split(",") for line in body.decode().splitlines()[1:]]
    head = "".join(f"{name},{quota}\n" for name, quota in sorted(statement["quotas"].items()))
    text = head + "".join(f"{key},{stratum}\n" for key, stratum in sorted(rows))
    assert hashlib.sha256(text.encode()).hexdigest() == statement["inputs_digest"]
    tickets = {k: hashlib.sha256(f"{seed}\n{statement['plan']}\nenterprise\n{k}".encode()).digest()[:8] for k, _ in rows}
    mine = [
        key
        for name, quota in statement["quotas"].items()
        for key in sorted((k for k, stratum in rows if stratum == name), key=lambda k: (tickets[k], k))[:quota]
    ]
    assert proof["drawn"] == sorted(mine, key=lambda k: (tickets[k], k))
    assert rules.again(proofs.read_inputs(body), statement["quotas"], seed, statement["plan"]) == proof["drawn"]
    assert [one["pseudonym"] for one in told.one(number, AFTER)["drawn"]] == proof["drawn"]


def test_nothing_public_names_a_firm_or_a_tier(codes: dict[str, list[str]]) -> None:
    number, _ = led("reveal")
    said = orjson.dumps(proofs.proof(number), default=str).decode() + proofs.inputs(number).decode()
    assert not any(code in said for some in codes.values() for code in some)
    assert not any(word in said for word in ('"tier"', "3-I", "4-I", "salt"))
    drawn = told.one(number, AFTER)["drawn"]
    assert {one["tier"] for one in drawn} == set("1234")


def test_a_draw_of_one_tier_publishes_no_inputs(codes: Any) -> None:
    number, _ = led("reveal", shares={"1": 0, "2": 0, "3": 0, "4": 100})
    proof = proofs.proof(number)
    assert proof["seed"] and proof["statement"] is proof["drawn"] is proof["inputs"] is None
    with pytest.raises(TellsTooMuch):
        proofs.inputs(number)


def test_a_changed_register_is_named_and_a_new_commitment_mends_it(codes: dict[str, list[str]]) -> None:
    number, who = led("commit")
    before = proofs.proof(number)["commitment"]
    make_event(violation(codes["2"][0], penalties=["suspended_business"], fine="3000000.00"))
    with pytest.raises(RegisterChanged) as changed:
        do("draw", number, who)
    assert changed.value.extra["committed_seq"] < changed.value.extra["seq"]
    assert told.one(number, TODAY)["state"] == "committed"
    do("commit", number, who)
    assert proofs.proof(number)["commitment"] != before
    assert len(proofs.page(None, 50).items) == 1
    do("draw", number, who)


def test_what_changes_no_candidate_changes_nothing(codes: dict[str, list[str]]) -> None:
    number, who = led("commit")
    make_event(violation(codes["4"][0], document_no="示例罚〔2026〕2号"))
    do("draw", number, who)


def test_a_plan_is_drawn_once(codes: Any) -> None:
    number, who = led("draw")
    for act in ("draw", "commit"):
        with pytest.raises(DrawnAlready):
            do(act, number, who)
    with pytest.raises(WrongState):
        do("approve", number, person())


def test_a_public_text_as_seed(codes: Any) -> None:
    number, who = led("approve")
    do("commit", number, who, seed_source="2026-12-01 双色球第2026140期")
    assert proofs.proof(number)["seed_source"] == "2026-12-01 双色球第2026140期"
    for seed in (None, " "):
        with pytest.raises(BadSeed):
            do("draw", number, who, seed=seed)
    do("draw", number, who, seed="01 05 09 12 20 33 + 07")
    do("reveal", number, who, AFTER)
    assert proofs.proof(number)["seed"] == "01 05 09 12 20 33 + 07"
    other, who = led("commit", id="2026-2")
    with pytest.raises(BadSeed):
        do("draw", other, who, seed="mine")


def test_too_few_people_and_recusal_of_all_change_nothing(codes: dict[str, list[str]]) -> None:
    number, who = led("approve", people=1)
    with pytest.raises(TooFewInspectors):
        do("commit", number, who)
    with transaction("test") as change:
        other = directory.add(change, who, {"name": "检查", "regions": [], "qualifications": []})
    do("commit", number, who)
    with transaction("test") as change:
        directory.recuse(change, other, who, {"code": codes["4"][0], "reason": "亲属"}, TODAY)
    with pytest.raises(AllRecused):
        do("draw", number, who)
    assert told.one(number, TODAY)["state"] == "committed"


def test_loads_go_on_from_draw_to_draw_and_who_left_is_not_drawn(codes: Any) -> None:
    first, who = led("draw", people=3)
    inspectors = directory.page(None, 50, TODAY).items
    assert sorted(one["tasks"] for one in inspectors) == [7, 7, 8]
    with transaction("test") as change:
        directory.leave(change, inspectors[0]["number"], who, TODAY)
    second, _ = led("draw", people=0, id="2026-2")
    teams = [one["inspectors"] for one in told.one(second, TODAY)["drawn"]]
    assert all(inspectors[0]["number"] not in [one["number"] for one in team] for team in teams)
    assert told.one(first, TODAY)["drawn"] != told.one(second, TODAY)["drawn"]


def test_a_firm_is_drawn_four_times_a_year_at_most(codes: dict[str, list[str]]) -> None:
    strict = {"1": 0, "2": 0, "3": 0, "4": 100}
    for number in range(4):
        led("draw", people=2, id=f"2026-{number}", shares=strict)
    fifth = plan(person(), id="2026-5", shares=strict)
    assert told.one(fifth, TODAY)["outlook"]["left_out"] == [{"why": "yearly-cap", "enterprises": 2}]
    assert told.one(fifth, TODAY + timedelta(days=60))["outlook"]["left_out"] == []


def test_the_draw_tells_how_fair_it_was(codes: Any) -> None:
    number, _ = led("draw")
    fields = told.one(number, TODAY)["acts"][-1]["fields"]
    assert fields["fair"] is True and all(one["kept"] for one in fields["strata"])
    assert sum(one["drawn"] for one in fields["regions"]) == fields["drawn"] == 11


def test_a_commitment_enters_the_transparency_log_each_time_that_it_is_made(codes: Any) -> None:
    number, who = led("commit")
    first = proofs.proof(number)
    do("commit", number, who)
    sign_head("test")
    told = proofs.proof(number)
    assert first["log"] is None and told["log"]["content"]["commitment"] == told["commitment"] != first["commitment"]
    assert [one.word for one in checks(told["log"], signing.key_set())] == ["logged"]
    kinds = list(db.session.scalars(select(LogLeaf.kind).where(LogLeaf.kind == "draw")))
    assert len(kinds) == 2 and log_proof.verify().faults == []
