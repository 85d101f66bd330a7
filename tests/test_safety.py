"""Safe from the start: headers, sizes, secret key, logs, /readyz and /metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit import create_app
from credit.db import db
from credit.safety import refuse_weak_secret
from tests.conftest import QUIET
from tests.variants import Make, bearer, make, new_key

STRANGER = "203.0.113.9"
CODE = "91340799MA00000000"
STRONG = "n3Xq8vT1zLw5Kp0RbYc7HdUe2MgJs9Fa"
__all__ = ["make"]
on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def database() -> str:
    """One database is enough for what doesn't ask it."""
    return "sqlite"


def every_get(app: Flask) -> Iterator[str]:
    """A path for each route that can be read."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield re.sub(
                r"<(?:path:)?(\w+)>", lambda hole: CODE if hole[1] == "code" else "x", rule.rule
            )


class TestHeaders:
    def test_every_answer_carries_the_policy_of_its_contents(self, client: FlaskClient) -> None:
        for path in [*every_get(client.application), "/no/such/page"]:
            headers = client.get(path, buffered=True).headers
            policy = headers.getlist("Content-Security-Policy")
            assert len(policy) == 1, path
            assert "default-src 'self'" in policy[0]
            assert "frame-ancestors 'none'" in policy[0]
            assert "unsafe" not in policy[0]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
            assert "camera=()" in headers["Permissions-Policy"]
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_no_page_has_script_or_style_in_its_text(self, client: FlaskClient) -> None:
        for path in [*every_get(client.application), "/no/such/page"]:
            answer = client.get(path, buffered=True)
            if answer.mimetype == "text/html":
                assert not re.search(
                    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text
                ), path

    def test_https_is_kept_and_only_told_over_https(self, client: FlaskClient) -> None:
        assert "Strict-Transport-Security" not in client.get("/healthz").headers
        answer = client.get("/healthz", base_url="https://register.test")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")

    def test_public_data_may_be_read_from_any_origin(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/enterprises")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers

    def test_preflight_allows_reading_and_nothing_else(self, client: FlaskClient) -> None:
        asks = {"Origin": "https://elsewhere.test", "Access-Control-Request-Method": "GET"}
        answer = client.options("/api/v1/enterprises", headers=asks)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "Authorization" not in answer.headers["Access-Control-Allow-Headers"]

    def test_neither_writing_nor_pages_are_open_to_other_origins(self, client: FlaskClient) -> None:
        for answer in (client.post("/api/v1/events", json={}), client.get("/")):
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_body_that_is_too_large_is_refused(make: Make) -> None:
    app = make(CREDIT_MAX_BODY="1000")
    answer = app.test_client().post(
        "/api/v1/events", data=b"x" * 1001, headers=bearer(new_key(app))
    )
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["code"] == "too-large"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (STRONG[:31], "31 characters"),
        ("ChangeMe-" + STRONG, "changeme"),
        ("secret" * 8, "secret"),
        ("0123" * 10, "4 different"),
    ],
)
def test_production_refuses_a_weak_secret_key(key: str, reason: str) -> None:
    with pytest.raises(RuntimeError, match=reason) as refused:
        create_app({**QUIET, "CREDIT_ENV": "production", "SECRET_KEY": key})
    assert key not in str(refused.value)


def test_a_strong_secret_key_is_accepted_and_elsewhere_any() -> None:
    refuse_weak_secret(STRONG)
    assert create_app({**QUIET, "SECRET_KEY": "dev"}).config["SECRET_KEY"] == "dev"


class TestLogs:
    @pytest.mark.parametrize("given", ["trace-42.a_b", "0af7651916cd43dd8448eb211c80319c"])
    def test_a_safe_request_id_is_kept(self, client: FlaskClient, given: str) -> None:
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] == given

    @pytest.mark.parametrize("given", ["", "a b", "<script>", "x" * 65, CODE, "13800000000"])
    def test_an_unsafe_request_id_is_replaced(self, client: FlaskClient, given: str) -> None:
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])

    def test_a_line_tells_the_route_and_nothing_personal(
        self, make: Make, capfd: pytest.CaptureFixture[str]
    ) -> None:
        client = make(CREDIT_LOG_LEVEL="INFO").test_client()
        answer = client.get(
            f"/api/v1/enterprises/{CODE}?as_of=2026-05-01&name=张三",
            headers={**bearer("qc_private"), "User-Agent": "private"},
            environ_base={"REMOTE_ADDR": STRANGER},
        )
        written = capfd.readouterr().err
        line = orjson.loads(written)
        assert line.pop("ms") > 0
        assert line.pop("at").endswith("Z")
        assert line == {
            "event": "request",
            "level": "info",
            "method": "GET",
            "route": "/api/v1/enterprises/<code>",
            "status": answer.status_code,
            "request": answer.headers["X-Request-ID"],
        }
        for private in (CODE, STRANGER, "as_of", "2026-05-01", "张三", "private"):
            assert private not in written

    def test_of_an_error_the_place_is_told_but_not_its_words(
        self, make: Make, capfd: pytest.CaptureFixture[str]
    ) -> None:
        app = make(CREDIT_ENV="production", SECRET_KEY=STRONG)

        def fails(code: str) -> str:
            raise ValueError(f"{code} of 张三")

        app.add_url_rule("/fails/<code>", view_func=fails)
        answer = app.test_client().get(f"/fails/{CODE}")
        assert answer.status_code == 500
        written = capfd.readouterr().err
        failure, line = (orjson.loads(one) for one in written.splitlines())
        assert failure["error"] == "ValueError"
        assert failure["where"][-1].endswith(" fails")
        assert failure["request"] == line["request"] == answer.headers["X-Request-ID"]
        assert CODE not in written
        assert "张三" not in written
        assert "张三" not in answer.text


class TestHealth:
    @on_both
    def test_a_migrated_register_is_ready(self, client: FlaskClient) -> None:
        assert client.get("/healthz").json == {"status": "alive"}
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"

    @on_both
    def test_an_empty_database_is_not_ready_and_the_answer_says_what_to_do(
        self, empty_database_url: str
    ) -> None:
        client = create_app({**QUIET, "DATABASE_URL": empty_database_url}).test_client()
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["code"] == "not-ready"
        assert "credit set-up" in answer.json["detail"]

    @on_both
    def test_an_older_database_is_not_ready(self, app: Flask, client: FlaskClient) -> None:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "0000" in answer.text

    def test_metrics_count_by_route_and_hold_no_code(self, client: FlaskClient) -> None:
        client.get(f"/api/v1/enterprises/{CODE}")
        client.open("/", method=CODE)
        told = client.get("/metrics").text
        assert 'route="/api/v1/enterprises/<code>"' in told
        assert "credit_request_seconds_bucket" in told
        assert CODE not in told

    @pytest.mark.parametrize(
        ("address", "headers", "status"),
        [
            ("127.0.0.1", {}, 200),
            ("::1", {}, 200),
            (STRANGER, {}, 401),
            ("127.0.0.1", {"X-Forwarded-For": STRANGER}, 401),
            (STRANGER, bearer("measure"), 200),
            (STRANGER, bearer("guess"), 401),
            (STRANGER, bearer("钥匙"), 401),
        ],
    )
    def test_metrics_are_closed_to_strangers(
        self, make: Make, address: str, headers: dict[str, str], status: int
    ) -> None:
        client = make(CREDIT_METRICS_KEY="measure").test_client()
        given = {name: text.encode().decode("latin-1") for name, text in headers.items()}
        answer = client.get("/metrics", headers=given, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == status

    def test_without_a_key_in_the_settings_no_key_opens_metrics(self, make: Make) -> None:
        client = make(CREDIT_METRICS_KEY="").test_client()
        answer = client.get("/metrics", headers=bearer(""), environ_base={"REMOTE_ADDR": STRANGER})
        assert answer.status_code == 401
