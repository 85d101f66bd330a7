"""What the register knows of an enterprise over time: who it is, was, and when it was learnt."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from credit.db import db, transaction
from credit.errors import BadCode, InvalidInput
from credit.models import Enterprise, EnterpriseVersion
from credit.services import enterprise_versions, enterprises, way
from schemas.enterprise import EnterpriseIn
from seed.codes import fictional_code
from tests.conftest import TODAY
from tests.register_files import FIRST, SECOND

pytestmark = pytest.mark.usefixtures("app")


def put(code: str = FIRST, name: str = "铜陵甲酿造有限公司", **known: Any) -> tuple[int, bool]:
    """Record what is known, today, and publish it."""
    given = EnterpriseIn(day=TODAY).load({"code": code, "name": name, **known})
    with transaction("test") as change:
        enterprise_id, changed = enterprises.put(change, given, TODAY)
        way.advance(change, [enterprise_id], TODAY)
    return enterprise_id, changed


def told(enterprise_id: int) -> list[tuple[str, str, str]]:
    """The history as it is known now: first day, name, status."""
    history = enterprise_versions.versions(enterprise_id)
    return [(version.valid_from.isoformat(), version.name, version.status) for version in history]


def test_an_enterprise_is_known_from_the_day_of_its_registration() -> None:
    known, changed = put(registered_on="2010-05-01")
    assert changed
    assert told(known) == [("2010-05-01", "铜陵甲酿造有限公司", "living")]


def test_the_same_again_takes_no_number() -> None:
    known, _ = put(registered_on="2010-05-01")
    assert put(registered_on="2010-05-01") == (known, False)
    assert put(FIRST.lower()) == (known, False)
    assert len(enterprise_versions.versions(known)) == 1


def test_what_is_left_out_stays() -> None:
    known, _ = put(
        registered_on="2010-05-01",
        region="340799",
        industry="C1511",
        quality_officer=True,
        short_name="甲酿",
    )
    put(name="铜陵乙酿造有限公司")
    last = enterprise_versions.latest(known)
    assert (last.region, last.industry, last.quality_officer, last.short_name) == (
        "340799",
        "C1511",
        True,
        "甲酿",
    )


def test_an_industry_has_one_spelling_however_a_department_sends_it(client: FlaskClient) -> None:
    known, _ = put(industry="C1512", registered_on="2010-05-01")
    for sent in ("1512", "c1512", "Ｃ１５１２", "１５１２", " C1512 "):
        assert put(industry=sent, registered_on="2010-05-01") == (known, False), sent
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert (found["industry"], found["industry_name"]) == ("C1512", "酒、饮料和精制茶制造业")


def test_an_industry_that_can_be_none_is_refused_with_what_is_wrong() -> None:
    wrong = {
        "H1512": "section C", "A62": "section H", "98": "no division 98", "T00": "no division 00",
        "C": "2 to 4 digits", "C1": "2 to 4 digits", "U15": "2 to 4 digits", "": "2 to 4 digits",
        "C15.1": "2 to 4 digits", "C151": None, "15": None,
    }  # fmt: skip
    for sent, told_of in wrong.items():
        errors = EnterpriseIn(day=TODAY).validate(
            {"code": FIRST, "name": "铜陵甲", "industry": sent}
        )
        assert set(errors) == ({"industry"} if told_of else set()), sent
        assert told_of is None or told_of in errors["industry"][0], (sent, errors)


def test_the_kind_is_what_is_told_or_what_code_parent_and_name_say() -> None:
    cases: list[tuple[str, str, dict[str, Any], str]] = [
        (fictional_code(11), "铜陵甲酿造有限公司", {}, "enterprise"),
        (fictional_code(12), "铜陵甲酿造有限公司第一分公司", {}, "branch"),
        (fictional_code(13), "铜陵甲酿造有限公司销售部", {"parent_code": SECOND}, "branch"),
        (fictional_code(14), "铜陵甲酿造有限公司", {"kind": "个体工商户"}, "individual"),
        (fictional_code(15, "92"), "铜陵甲小吃店", {}, "individual"),
    ]
    for code, name, known, kind in cases:
        found, _ = put(code, name, **known)
        assert enterprise_versions.latest(found).kind == kind, name


def test_a_branch_names_its_parent_in_one_spelling(client: FlaskClient) -> None:
    put(FIRST, "铜陵甲酿造有限公司销售部", parent_code=SECOND.lower())
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert (found["parent"], found["kind"]) == (SECOND, "branch")


def test_a_parent_that_can_be_none_is_refused_by_its_field() -> None:
    for parent in (FIRST, SECOND[:17], SECOND[:17] + "I"):
        with pytest.raises(InvalidInput) as refused:
            put(parent_code=parent)
        assert set(refused.value.extra["errors"]) == {"parent_code"}
    assert db.session.scalars(select(Enterprise.id)).all() == []


def test_a_failing_code_is_refused_unless_it_was_accepted() -> None:
    failing = FIRST[:17] + ("0" if FIRST[17] != "0" else "1")
    put(FIRST)
    with pytest.raises(BadCode) as refused:
        put(failing)
    assert refused.value.extra["suggestions"] == [FIRST]
    with transaction("test") as change:
        given = {"code": failing, "name": "铜陵真有限公司", "accepted_because": "见营业执照原件"}
        known, _ = enterprises.put(change, given, TODAY)
    assert put(failing, "铜陵真实有限公司") == (known, True)
    assert enterprise_versions.latest(known).accepted_because == "见营业执照原件"


def test_a_change_of_status_holds_from_the_day_that_is_told(client: FlaskClient) -> None:
    known, _ = put(registered_on="2010-05-01")
    put(registered_on="2010-05-01", status="注销", valid_from="2026-09-01")
    assert told(known) == [
        ("2010-05-01", "铜陵甲酿造有限公司", "living"), ("2026-09-01", "铜陵甲酿造有限公司", "deregistered"),
    ]  # fmt: skip
    assert client.get(f"/api/v1/enterprises/{FIRST}").get_json()["status"] == "deregistered"
    assert (
        client.get(f"/api/v1/enterprises/{FIRST}?as_of=2026-08-31").get_json()["status"] == "living"
    )


def test_a_past_name_learnt_late_doesnt_overwrite_the_present_one(client: FlaskClient) -> None:
    known, _ = put(name="铜陵甲酿造有限公司", registered_on="2010-05-01")
    put(name="铜陵丙酿造有限公司", valid_from="2024-03-01")
    put(name="铜陵乙酿造有限公司", valid_from="2018-07-01")
    assert [(day, name) for day, name, _ in told(known)] == [
        ("2010-05-01", "铜陵甲酿造有限公司"), ("2018-07-01", "铜陵乙酿造有限公司"),
        ("2024-03-01", "铜陵丙酿造有限公司"),
    ]  # fmt: skip
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert found["name"] == "铜陵丙酿造有限公司"
    assert found["former_names"] == [
        {"name": "铜陵甲酿造有限公司", "until": "2018-07-01"}, {"name": "铜陵乙酿造有限公司", "until": "2024-03-01"},
    ]  # fmt: skip
    for name in "甲乙丙":
        assert client.get("/api/v1/enterprises", query_string={"q": f"{name}酿造"}).get_json()[
            "items"
        ]


def test_a_name_from_before_the_register_knew_the_enterprise_is_a_former_name(
    client: FlaskClient,
) -> None:
    known, _ = put(name="铜陵乙酿造有限公司")
    put(name="铜陵甲酿造有限公司", valid_from="2015-01-01")
    assert told(known)[-1][1] == "铜陵乙酿造有限公司"
    assert client.get(f"/api/v1/enterprises/{FIRST}").get_json()["former_names"] == [
        {"name": "铜陵甲酿造有限公司", "until": TODAY.isoformat()}
    ]


def test_the_same_facts_since_an_earlier_day_are_news_once() -> None:
    known, _ = put()
    assert put(valid_from="2015-01-01") == (known, True)
    assert put(valid_from="2015-01-01") == (known, False)
    assert [day for day, *_ in told(known)] == ["2015-01-01", TODAY.isoformat()]


def test_a_fact_learnt_late_is_carried_into_what_later_versions_only_took_over() -> None:
    known, _ = put(name="铜陵甲酿造有限公司", registered_on="2010-05-01")
    put(name="铜陵乙酿造有限公司", valid_from="2024-03-01")
    first_learnt = [version.seq for version in enterprise_versions.versions(known)]
    put(name="铜陵甲酿造有限公司", status="revoked", region="340799", valid_from="2020-01-01")
    assert told(known) == [
        ("2010-05-01", "铜陵甲酿造有限公司", "living"), ("2020-01-01", "铜陵甲酿造有限公司", "revoked"),
        ("2024-03-01", "铜陵乙酿造有限公司", "revoked"),
    ]  # fmt: skip
    assert enterprise_versions.latest(known).region == "340799"
    assert enterprise_versions.latest(known).replaces == first_learnt[1]
    assert not db.session.get_one(Enterprise, known).living


def test_a_later_change_of_the_same_thing_stands() -> None:
    known, _ = put(registered_on="2010-05-01")
    put(status="revoked", valid_from="2024-03-01")
    put(status="deregistered", valid_from="2025-03-01")
    put(status="living", region="340799", valid_from="2023-01-01")
    assert [status for *_, status in told(known)] == ["living", "living", "revoked", "deregistered"]
    assert {version.region for version in enterprise_versions.versions(known)[1:]} == {"340799"}


def test_a_correction_of_a_day_replaces_what_was_said_of_that_day() -> None:
    known, _ = put(name="铜陵甲酿造有限公司", registered_on="2010-05-01")
    put(name="铜陵已酿造有限公司", valid_from="2024-03-01")
    put(name="铜陵乙酿造有限公司", valid_from="2024-03-01")
    assert [name for _, name, _ in told(known)] == ["铜陵甲酿造有限公司", "铜陵乙酿造有限公司"]
    every = db.session.scalars(select(EnterpriseVersion).order_by(EnterpriseVersion.seq)).all()
    assert [version.replaces for version in every] == [None, None, every[1].seq]


def test_nothing_that_was_ever_known_is_rewritten() -> None:
    put(registered_on="2010-05-01")
    put(name="铜陵乙酿造有限公司", valid_from="2024-03-01")

    def every() -> list[tuple[Any, ...]]:
        columns = EnterpriseVersion.__table__.columns
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(columns.seq))]

    before = every()
    put(name="铜陵丙酿造有限公司", status="revoked", valid_from="2020-03-01")
    assert every()[:2] == before


def test_a_code_belongs_to_one_living_enterprise() -> None:
    put()
    db.session.add(Enterprise(code=FIRST, org_code=FIRST[8:17], living=True))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    db.session.add(Enterprise(code=FIRST, org_code=FIRST[8:17], living=False))
    db.session.flush()
    db.session.rollback()


def test_a_code_given_out_again_after_the_end_is_another_enterprise(client: FlaskClient) -> None:
    old, _ = put(registered_on="2010-05-01")
    put(status="deregistered", valid_from="2024-03-01")
    new, _ = put(name="铜陵新生有限公司", registered_on="2025-01-01", status="living")
    assert new != old
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert (found["name"], found["former_names"], found["status"]) == (
        "铜陵新生有限公司",
        [],
        "living",
    )
    assert client.get(f"/api/v1/enterprises/{FIRST[8:17]}").get_json()["name"] == "铜陵新生有限公司"


def test_what_is_learnt_of_an_enterprise_after_its_end_doesnt_move_its_end() -> None:
    old, _ = put(registered_on="2010-05-01")
    put(status="deregistered", valid_from="2024-03-01")
    put(legacy_id="3407017")
    new, _ = put(name="铜陵新生有限公司", registered_on="2025-01-01", status="living")
    assert new != old


def test_a_deregistration_that_was_annulled_revives_the_same_enterprise() -> None:
    old, _ = put(registered_on="2010-05-01")
    put(status="deregistered", valid_from="2026-03-01")
    assert put(status="living", registered_on="2010-05-01") == (old, True)
    assert db.session.get_one(Enterprise, old).living


def test_an_organization_code_shared_by_living_enterprises_is_answered_with_the_choices(
    client: FlaskClient,
) -> None:
    other = next(
        code for letter in "123456789" for last in "0123456789ABCDEFGHJKLMNPQRTUWXY"
        if not enterprises.identifiers.check_code(code := "93" + FIRST[2:7] + letter + FIRST[8:17] + last)
    )  # fmt: skip
    put(FIRST)
    put(other, "铜陵同码合作社")
    answer = client.get(f"/api/v1/enterprises/{FIRST[8:17]}")
    assert answer.status_code == 300
    assert {choice["code"] for choice in answer.get_json()["choices"]} == {FIRST, other}
    put(other, "铜陵同码合作社", status="deregistered")
    assert client.get(f"/api/v1/enterprises/{FIRST[8:17]}").get_json()["code"] == FIRST


def test_a_thousand_letters_more_dont_make_a_code(app: Flask) -> None:
    for text in ("", " ", "无", FIRST + "0", FIRST * 60, "💥" * 18, "\x00" * 18):
        with pytest.raises(BadCode):
            enterprises.find(text)
    assert app.config["TESTING"]
    assert enterprises.suggestions([fictional_code(5)[:17]]) == {fictional_code(5)[:17]: []}
