"""The administrators' page: departments, officers and keys, what is told once, and harm only after a tick."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credit.clock import now
from credit.db import db, transaction
from credit.services import audit, departments, keys, officers
from credit.terms import OfficerRole
from tests.desk import Login, claim, make_login, send, sign_in
from tests.makers import DEPARTMENT, make_key

PAGE = "/desk/people"


@pytest.fixture
def administrator(client: FlaskClient) -> Login:
    """Signed in."""
    made = make_login("administrator")
    assert sign_in(client, made).status_code == 303
    return made


@pytest.fixture
def officer(app: Flask) -> Login:
    return make_login()


def secret(page: TestResponse) -> str:
    found = re.search(r'id="secret">([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def state(officer: Login) -> str:
    db.session.rollback()
    return next(row["state"] for row in officers.every(now()) if row["id"] == officer.id)


def test_the_page_names_everybody_and_no_secret(client: FlaskClient, administrator: Login, officer: Login) -> None:
    key = make_key()["Authorization"].removeprefix("Bearer ")
    for lang, words in (("zh", ("人员与密钥", "监管", "可登录", "从未")), ("en", ("People and keys", "supervisor", "never"))):
        page = client.get(f"{PAGE}?lang={lang}").text
        assert all(word in page for word in (DEPARTMENT, officer.login, administrator.login, *words))
        for hidden in (key, keys.digest(key), "argon2", str(administrator.secret)):
            assert hidden not in page
    assert 'href="/desk/people"' in client.get("/desk").text


class TestAdding:
    def test_a_department(self, client: FlaskClient, administrator: Login) -> None:
        added = send(client, PAGE, do="department", name="示例县市场监督管理局", region="340700")
        assert added.status_code == 200 and "部门已添加" in added.text
        assert departments.every()[-1]["region"] == "340700"
        told = audit.entries(limit=1).items[0]
        assert (told["act"], told["actor"]) == ("department", f"officer:{administrator.id}")
        assert told["on_behalf"].startswith("department:") and told["about"]["department"] > 0

    def test_an_officer_whose_first_password_is_told_once(
        self, app: Flask, client: FlaskClient, administrator: Login
    ) -> None:
        home = departments.find(DEPARTMENT)
        added = send(client, PAGE, do="officer", officer="王五", login="wang.wu", department=home, role="supervisor")
        password = secret(added)
        assert added.headers["Cache-Control"] == "no-store" and password not in client.get(PAGE).text
        assert claim(app.test_client(), "wang.wu", password).location == "/desk/password"

    def test_a_key_that_is_told_once_with_its_end(self, client: FlaskClient, administrator: Login) -> None:
        home = departments.find(DEPARTMENT)
        sent = {"do": "key", "key-department": home, "label": "接口", "days": "30", "scopes": ["events:write", "audit"]}
        added = send(client, PAGE, **sent)
        found = keys.bearer_of(secret(added))
        assert found is not None and found.scopes == ("events:write", "audit")
        assert "2026年12月22日" in added.text and secret(added) not in client.get(PAGE).text

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"do": "department", "name": " "}, "name"),
            ({"do": "department", "name": "局", "region": "34"}, "region"),
            ({"do": "officer", "officer": "王五", "login": "x", "department": "1", "role": "auditor"}, "login"),
            ({"do": "officer", "officer": "王五", "login": "wang.wu", "department": "", "role": "auditor"}, "department"),
            ({"do": "officer", "officer": "王五", "login": "wang.wu", "department": "1", "role": "king"}, "role"),
            ({"do": "officer", "officer": "", "login": "wang.wu", "department": "1", "role": "auditor"}, "officer"),
            ({"do": "key", "key-department": "1", "days": "many", "scopes": ["audit"]}, "days"),
            ({"do": "key", "key-department": "1", "days": "0", "scopes": ["audit"]}, "days"),
            ({"do": "key", "key-department": "1", "days": "9", "scopes": []}, "scopes"),
            ({"do": "key", "key-department": "", "days": "9", "scopes": ["audit"]}, "key-department"),
            ({"do": "nonsense"}, "do"),
        ],
    )
    def test_what_is_wrong_stands_on_top_with_a_link_to_its_field_and_what_was_typed_stays(
        self, client: FlaskClient, administrator: Login, sent: dict[str, str | list[str]], field: str
    ) -> None:
        before = (len(departments.every()), len(officers.every(now())), len(keys.every(now())))
        refused = send(client, PAGE, **sent)
        assert refused.status_code == 422 and f'href="#{field}"' in refused.text and f'id="{field}"' in refused.text
        if sent.get("login"):
            assert f'value="{sent["login"]}"' in refused.text
        assert before == (len(departments.every()), len(officers.every(now())), len(keys.every(now())))


class TestDepartment:
    def test_its_jurisdiction_is_shown_changed_and_taken_away(self, client: FlaskClient, administrator: Login) -> None:
        number = departments.find(DEPARTMENT)
        page = f"{PAGE}/departments/{number}"
        done = send(client, page, region="340799", regions="3407，3408", kinds=["award"], categories=["brand"])
        assert done.status_code == 303 and "管辖范围已更改" in client.get(done.location).text
        shown = departments.every()[0]
        assert (shown["regions"], shown["kinds"], shown["categories"]) == (["3407", "3408"], ["award"], ["brand"])
        assert 'value="3407 3408"' in client.get(page).text
        wrong = send(client, page, regions="3407 铜陵")
        assert wrong.status_code == 422 and 'value="3407 铜陵"' in wrong.text and 'href="#regions"' in wrong.text
        send(client, page)
        assert departments.every()[0]["regions"] is None
        assert client.get(f"{PAGE}/departments/999").status_code == 404


class TestOfficer:
    @pytest.mark.parametrize(
        ("do", "becomes"), [("disable", "disabled"), ("password", "first-password"), ("role", "ready")]
    )
    def test_nothing_that_harms_is_done_without_the_tick(
        self, client: FlaskClient, administrator: Login, officer: Login, do: str, becomes: str
    ) -> None:
        page = f"{PAGE}/officers/{officer.id}"
        refused = send(client, page, do=do, role="auditor")
        assert refused.status_code == 422 and state(officer) == "ready"
        assert f'href="#sure-{do}"' in refused.text and f'id="sure-{do}"' in refused.text and "请勾选确认" in refused.text
        assert send(client, page, do=do, role="auditor", sure="yes").status_code in (200, 303)
        assert state(officer) == becomes

    def test_out_and_in_again(self, app: Flask, client: FlaskClient, administrator: Login, officer: Login) -> None:
        other, page = app.test_client(), f"{PAGE}/officers/{officer.id}"
        sign_in(other, officer)
        out = send(client, page, do="disable", sure="yes")
        assert "所有登录已退出" in client.get(out.location).text
        assert other.get("/desk/what-if").status_code == 303 and claim(other, officer.login).status_code == 422
        send(client, page, do="enable")
        assert claim(other, officer.login).status_code == 303

    def test_a_new_first_password_is_told_once_and_the_old_one_is_void(
        self, app: Flask, client: FlaskClient, administrator: Login, officer: Login
    ) -> None:
        page, other = f"{PAGE}/officers/{officer.id}", app.test_client()
        password = secret(send(client, page, do="password", sure="yes"))
        assert password not in client.get(page).text
        assert claim(other, officer.login).status_code == 422
        assert claim(other, officer.login, password).location == "/desk/password"
        assert password not in str(audit.entries(limit=5).items)

    def test_a_login_is_opened_for_whom_had_none(self, client: FlaskClient, administrator: Login) -> None:
        with transaction("test"):
            number = officers.add(departments.find(DEPARTMENT), "赵六", OfficerRole.REPORTER)
        page = f"{PAGE}/officers/{number}"
        assert 'href="#login"' in send(client, page, do="password", sure="yes", login="").text
        assert "zhao.liu" in send(client, page, do="password", sure="yes", login="zhao.liu").text

    def test_a_lost_second_factor_is_cleared(self, client: FlaskClient, administrator: Login) -> None:
        other = make_login("decider")
        assert "动态码遗失" in client.get(f"{PAGE}/officers/{other.id}").text
        send(client, f"{PAGE}/officers/{other.id}", do="second-factor", sure="yes")
        assert "动态码遗失" not in client.get(f"{PAGE}/officers/{other.id}").text

    def test_nobody_changes_the_own_access(self, client: FlaskClient, administrator: Login) -> None:
        page = f"{PAGE}/officers/{administrator.id}"
        assert 'value="disable"' not in client.get(page).text
        assert send(client, page, do="disable", sure="yes").status_code == 422
        assert state(administrator) == "ready" and client.get(PAGE).status_code == 200
        assert client.get(f"{PAGE}/officers/999").status_code == 404


class TestKey:
    @pytest.fixture
    def key(self, administrator: Login) -> tuple[str, str]:
        """The key, and its page."""
        made = make_key()["Authorization"].removeprefix("Bearer ")
        return made, f"{PAGE}/keys/{keys.every(now())[0]['id']}"

    def test_it_is_rotated_and_the_new_one_told_once(self, client: FlaskClient, key: tuple[str, str]) -> None:
        old, page = key
        assert send(client, page, do="rotate", grace="24").status_code == 422
        assert send(client, page, do="rotate", grace="9999", sure="yes").status_code == 422
        renewed = secret(send(client, page, do="rotate", grace="24", sure="yes"))
        assert keys.bearer_of(renewed) and keys.bearer_of(old) and renewed not in client.get(PAGE).text

    def test_it_is_revoked_at_once_after_the_tick(self, client: FlaskClient, key: tuple[str, str]) -> None:
        old, page = key
        assert send(client, page, do="revoke").status_code == 422 and keys.bearer_of(old)
        done = send(client, page, do="revoke", sure="yes")
        assert keys.bearer_of(old) is None and "立即失效" in client.get(done.location).text
        assert "该密钥已撤销" in client.get(page).text
        assert send(client, page, do="rotate", grace="0", sure="yes").status_code == 422
        assert client.get(f"{PAGE}/keys/999").status_code == 404
