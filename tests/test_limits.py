"""Rate limits: a key's quota apart from the address's, in memory or in Redis, told in headers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from credit.quota import checked
from tests.serving import free_port
from tests.variants import Make, bearer, make, new_key

__all__ = ["make"]
STRANGER = "203.0.113.9"
on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def database() -> str:
    """One database is enough for what doesn't ask it."""
    return "sqlite"


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis for the time of these tests."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is missing")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with Redis.from_url(url, retry=Retry(ConstantBackoff(0.05), 100)) as client:
            client.ping()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_an_address_is_told_what_is_left_and_then_to_wait(make: Make) -> None:
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
    assert int(refused.headers["RateLimit-Reset"]) > 1_700_000_000  # the second at which it begins anew


def test_a_browser_is_refused_with_a_page(make: Make) -> None:
    client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()
    client.get("/")
    refused = client.get("/")
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert "Retry-After" in refused.headers


def test_every_address_has_its_own_quota_and_one_for_all_its_calls(make: Make) -> None:
    client = make(CREDIT_LIMIT_ADDRESS="2 per day").test_client()
    assert client.get("/api/v1/policy").status_code == 200
    assert client.get("/no/such/page").status_code == 404
    assert client.get("/api/v1/blacklist").status_code == 429
    other = client.get("/api/v1/blacklist", environ_base={"REMOTE_ADDR": STRANGER})
    assert other.status_code == 200


def test_neighbours_of_one_ipv6_network_share_a_quota(make: Make) -> None:
    client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()

    def status(address: str) -> int:
        return client.get("/api/v1/policy", environ_base={"REMOTE_ADDR": address}).status_code

    assert [status("2001:db8::1"), status("2001:db8::2"), status("2001:db8:0:1::1")] == [
        200,
        429,
        200,
    ]


@on_both
def test_a_key_has_a_quota_apart_from_the_address(make: Make) -> None:
    app = make(CREDIT_LIMIT_ADDRESS="1 per day", CREDIT_LIMIT_KEY="3 per day")
    client, key = app.test_client(), new_key(app)
    assert [client.get("/api/v1/policy").status_code for _ in range(2)] == [200, 429]
    answers = [client.get("/api/v1/policy", headers=bearer(key)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Limit"] == "3"


@on_both
def test_inventing_keys_gains_nothing(make: Make) -> None:
    client = make(CREDIT_LIMIT_ADDRESS="2 per day").test_client()
    tried = [client.get("/api/v1/policy", headers=bearer(f"qc_{n}")).status_code for n in range(3)]
    assert tried == [200, 200, 429]


def test_health_and_style_sheets_are_never_limited(make: Make) -> None:
    client = make(CREDIT_LIMIT_ADDRESS="1 per day").test_client()
    client.get("/api/v1/policy")
    for path in ("/healthz", "/readyz", "/metrics", "/static/register.css"):
        assert client.get(path, buffered=True).status_code == 200, path


def test_redis_counts_for_all_processes(make: Make, redis_url: str) -> None:
    with Redis.from_url(redis_url) as store:
        store.flushall()
    settings = {"CREDIT_LIMIT_STORE": redis_url, "CREDIT_LIMIT_ADDRESS": "2 per day"}
    one, other = make(**settings).test_client(), make(**settings).test_client()
    statuses = [door.get("/api/v1/policy").status_code for door in (one, other, one, other)]
    assert statuses == [200, 200, 429, 429]


def test_without_its_store_each_process_counts_for_itself(make: Make) -> None:
    app = make(CREDIT_LIMIT_STORE="redis://127.0.0.1:1/0", CREDIT_LIMIT_ADDRESS="1 per day")
    client = app.test_client()
    assert [client.get("/api/v1/policy").status_code for _ in range(2)] == [200, 429]


def test_only_a_trusted_proxy_may_name_the_address(make: Make) -> None:
    def statuses(proxies: str) -> list[int]:
        client = make(CREDIT_PROXIES=proxies, CREDIT_LIMIT_ADDRESS="1 per day").test_client()
        named = ({"X-Forwarded-For": f"198.51.100.{n}"} for n in (1, 2))
        return [client.get("/api/v1/policy", headers=given).status_code for given in named]

    assert statuses("0") == [200, 429]
    assert statuses("1") == [200, 200]


@pytest.mark.parametrize("text", ["", "many", "-1 per day", "6 per fortnight"])
def test_a_limit_that_is_none_is_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError, match="600 per minute"):
        checked(text)
