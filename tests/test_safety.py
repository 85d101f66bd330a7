"""Safe from the start: headers, limits, sizes, secret key, logs, /readyz and /metrics."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from credit import create_app
from credit.db import db, transaction
from credit.safety import refuse_weak_secret
from credit.services import departments
from tests.conftest import QUIET
from tests.serving import free_port

STRANGER = "203.0.113.9"
CODE = "91340799MA00000000"
STRONG = "n3Xq8vT1zLw5Kp0RbYc7HdUe2MgJs9Fa"
Make = Callable[..., Flask]
on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def database() -> str:
    """One database is enough for what doesn't ask it."""
    return "sqlite"


@pytest.fixture
def make(database_url: str) -> Iterator[Make]:
    """Makes an application with other settings on the same register."""
    made: list[Flask] = []

    def with_settings(**settings: Any) -> Flask:
        made.append(create_app({**QUIET, "DATABASE_URL": database_url, **settings}))
        return made[-1]

    yield with_settings
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis for the time of these tests."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is missing")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with Redis.from_url(url, retry=Retry(ConstantBackoff(0.05), 100)) as client:
            client.ping()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def new_key(app: Flask) -> str:
    """A key of a new department."""
    with app.app_context(), transaction("key", "test") as change:
        department = departments.add("示范市市场监督管理局")
        return departments.new_key(department, "test", list(departments.SCOPES), change.recorded_at)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def every_get(app: Flask) -> Iterator[str]:
    """A path for each route that can be read."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield re.sub(r"<(?:path:)?(\w+)>", lambda hole: CODE if hole[1] == "code" else "x", rule.rule)


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
                assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text), path

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


class TestLimits:
    def test_an_address_is_told_what_is_left_and_then_to_wait(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="2 per day").test_client()
        left = [client.get("/api/v1/policy").headers["RateLimit-Remaining"] for _ in range(2)]
        assert left == ["1", "0"]
        refused = client.get("/api/v1/policy")
        assert refused.status_code == 429
        assert refused.mimetype == "application/problem+json"
        assert refused.json is not None
        assert refused.json["code"] == "too-many-requests"
        assert 1 <= int(refused.headers["Retry-After"]) <= 86400
        assert refused.headers["RateLimit-Limit"] == "2"
        assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]

    def test_a_browser_is_refused_with_a_page(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()
        client.get("/")
        refused = client.get("/")
        assert (refused.status_code, refused.mimetype) == (429, "text/html")
        assert "Retry-After" in refused.headers

    def test_every_address_has_its_own_quota_and_one_for_all_its_calls(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="2 per day").test_client()
        assert client.get("/api/v1/policy").status_code == 200
        assert client.get("/no/such/page").status_code == 404
        assert client.get("/api/v1/blacklist").status_code == 429
        other = client.get("/api/v1/blacklist", environ_base={"REMOTE_ADDR": STRANGER})
        assert other.status_code == 200

    def test_neighbours_of_one_ipv6_network_share_a_quota(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()

        def status(address: str) -> int:
            return client.get("/api/v1/policy", environ_base={"REMOTE_ADDR": address}).status_code

        assert [status("2001:db8::1"), status("2001:db8::2"), status("2001:db8:0:1::1")] == [200, 429, 200]

    @on_both
    def test_a_key_has_a_quota_apart_from_the_address(self, make: Make) -> None:
        app = make(CREDIT_LIMIT_ADDRESS="1 per day", CREDIT_LIMIT_KEY="3 per day")
        client, key = app.test_client(), new_key(app)
        assert [client.get("/api/v1/policy").status_code for _ in range(2)] == [200, 429]
        answers = [client.get("/api/v1/policy", headers=bearer(key)) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["RateLimit-Limit"] == "3"

    @on_both
    def test_inventing_keys_gains_nothing(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="2 per day").test_client()
        tried = [client.get("/api/v1/policy", headers=bearer(f"qc_{n}")).status_code for n in range(3)]
        assert tried == [200, 200, 429]

    def test_health_and_style_sheets_are_never_limited(self, make: Make) -> None:
        client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()
        client.get("/api/v1/policy")
        for path in ("/healthz", "/readyz", "/metrics", "/static/register.css"):
            assert client.get(path, buffered=True).status_code == 200, path

    def test_redis_counts_for_all_processes(self, make: Make, redis_url: str) -> None:
        with Redis.from_url(redis_url) as store:
            store.flushall()
        settings = {"CREDIT_LIMIT_STORE": redis_url, "CREDIT_LIMIT_ADDRESS": "2 per day"}
        one, other = make(**settings).test_client(), make(**settings).test_client()
        statuses = [door.get("/api/v1/policy").status_code for door in (one, other, one, other)]
        assert statuses == [200, 200, 429, 429]

    def test_without_its_store_each_process_counts_for_itself(self, make: Make) -> None:
        app = make(CREDIT_LIMIT_STORE="redis://127.0.0.1:1/0", CREDIT_LIMIT_ADDRESS="1 per day")
        client = app.test_client()
        assert [client.get("/api/v1/policy").status_code for _ in range(2)] == [200, 429]

    def test_only_a_trusted_proxy_may_name_the_address(self, make: Make) -> None:
        def statuses(proxies: str) -> list[int]:
            client = make(CREDIT_PROXIES=proxies, CREDIT_LIMIT_ADDRESS="1 per day").test_client()
            named = ({"X-Forwarded-For": f"198.51.100.{n}"} for n in (1, 2))
            return [client.get("/api/v1/policy", headers=given).status_code for given in named]

        assert statuses("0") == [200, 429]
        assert statuses("1") == [200, 200]


def test_a_body_that_is_too_large_is_refused(make: Make) -> None:
    app = make(CREDIT_MAX_BODY="1000")
    answer = app.test_client().post("/api/v1/events", data=b"x" * 1001, headers=bearer(new_key(app)))
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
