"""Denied by default: every route of the program is walked with every role and every scope that lacks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from credit.complaining import BY_LIMIT
from credit.filing import BY_DOCUMENT, BY_SECRET
from credit.rules.permissions import OF_DEPARTMENTS, OF_ROLE, SCOPES, opens, scopes_of
from credit.terms import OfficerRole
from credit.web.desk import ANY_OFFICER
from tests.desk import sign_in
from tests.makers import make_key

# What is no scope: proved by what is sent along, or by being signed in at all.
OWN_PROOF = {
    "login and password in the form", "the password, given some minutes ago", "the token of the session", ANY_OFFICER,
    BY_DOCUMENT, BY_SECRET, BY_LIMIT,
}  # fmt: skip
Call = tuple[str, str, str]


@pytest.fixture
def database() -> str:
    """Who may call doesn't depend on the database."""
    return "sqlite"


def calls(app: Flask) -> Iterator[Call]:
    """Method, path and rule of every route that somebody must be allowed to call."""
    for rule in app.url_map.iter_rules():
        needed = getattr(app.view_functions[rule.endpoint], "auth_rule", None)
        if needed is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, path_of(app, rule), needed


def path_of(app: Flask, rule: Rule) -> str:
    filled = {
        name: 1 if isinstance(converter, IntegerConverter) else "x" for name, converter in rule._converters.items()
    }
    return app.url_map.bind("localhost").build(rule.endpoint, filled)


def by_key(app: Flask) -> list[Call]:
    return [call for call in calls(app) if call[1].startswith("/api/") and opens(SCOPES, call[2])]


def at_desk(app: Flask) -> list[Call]:
    return [call for call in calls(app) if call[1].startswith("/desk") and opens(SCOPES, call[2])]


def test_every_rule_is_a_scope_or_proved_in_its_own_way(app: Flask) -> None:
    rules = {needed for _, _, needed in calls(app)}
    found = {scope for needed in rules for scope in needed.split(" or ")}
    assert {needed for needed in rules if not opens(SCOPES, needed)} == OWN_PROOF and found - set(SCOPES) == OWN_PROOF
    assert {"events:write", "enterprises:write", "supervise", "audit", "administer"} <= found
    paths = {path for _, path, needed in calls(app) if opens(SCOPES, needed)}
    assert all(path.startswith(("/api/v1/", "/desk/")) for path in paths)


def test_without_a_key_or_a_session_nothing_opens(app: Flask, client: FlaskClient) -> None:
    for method, path, _ in by_key(app):
        for headers in ({}, {"Authorization": "Bearer qc_x"}, {"Authorization": "Basic qc_x"}):
            assert client.open(path, method=method, headers=headers).status_code == 401, (method, path)
    for method, path, _ in at_desk(app):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.location) == (303, f"/desk?next={path}"), (method, path)


def test_a_key_opens_what_its_scopes_say_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    walked = 0
    for scope in SCOPES:
        headers = make_key(scopes=(scope,))
        for method, path, needed in by_key(app):
            status = client.open(path, method=method, headers=headers).status_code
            assert (status == 403) == (not opens([scope], needed)), (scope, method, path, status)
            assert status != 401
            walked += status == 403
    assert walked >= 4 * len(by_key(app)) > 20


@pytest.mark.parametrize("role", [*map(str, OfficerRole)])
def test_a_role_opens_what_its_scopes_say_and_nothing_else(client: FlaskClient, app: Flask, role: str) -> None:
    assert sign_in(client, role).status_code == 303
    for method, path, needed in at_desk(app):
        status = client.open(path, method=method).status_code
        if not opens(scopes_of(role), needed):
            assert status == 403, (role, method, path)
        elif method == "GET":
            assert status != 403, (role, path)  # forms are refused for want of their token
    linked = {path for _, path, needed in at_desk(app) if f'href="{path}"' in client.get("/desk").text}
    assert linked <= {path for _, path, needed in at_desk(app) if opens(scopes_of(role), needed)}


def test_roles_are_as_the_table_says(app: Flask) -> None:
    assert set(OF_ROLE) == set(OfficerRole) and scopes_of("king") == ()
    assert {scope for scopes in OF_ROLE.values() for scope in scopes} == set(SCOPES) > set(OF_DEPARTMENTS)
    for held, role in (("decide", "decider"), ("audit", "auditor"), ("administer", "administrator")):
        assert [str(one) for one in OfficerRole if held in scopes_of(one)] == [role]
