"""Webhooks: signed, in order for each enterprise, at least once; nobody's failure holds up anybody else."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from credit.background import deliver
from credit.db import transaction
from credit.services import feed, webhooks
from credit.services.webhook_delivery import LONGEST_PAUSE, Served, pause, serve
from credit.services.webhook_sending import is_public, outcome_of, post, signed
from tests.conftest import TODAY
from tests.makers import (
    award,
    make_department,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
)
from tests.public_answers import API, get
from tests.receivers import Receiver, receiver

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TRIES = 3


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def make_webhook(url: str, after: int | None = 0) -> int:
    """A registered receiver."""
    department = make_department()
    with transaction("test"):
        return webhooks.add(department, url, after, TODAY, NOW)


class Sending:
    """Turns of one receiver at moments that the test chooses."""

    def __init__(self, there: Receiver, after: int | None = 0) -> None:
        self.number, self.there, self.now = make_webhook(there.url, after), there, NOW
        there.secret = webhooks.secret_of(self.number)

    def turn(self, most: int = 50, keep: bool = True) -> Served:
        def send(item: feed.Item) -> Any:
            headers = signed(self.there.secret, f"msg_{self.number}_{item.seq}", self.now, item.body)
            return post(self.there.url, headers, item.body, local=True)

        done = serve(self.number, TODAY, self.now, send, most, TRIES)
        if keep:
            with transaction("test"):
                done.keep()
        return done

    def later(self, seconds: float) -> Sending:
        self.now += timedelta(seconds=seconds)
        return self


class TestDelivery:
    def test_a_receiver_is_sent_what_the_feed_tells_signed_and_in_order(
        self, client: FlaskClient, there: Receiver
    ) -> None:
        code = make_enterprise(1)
        make_enterprise(2)
        make_listing(code)
        sending = Sending(there)
        done = sending.turn()
        assert there.taken == get(client, "/changes")["items"]
        assert (done.sent, done.refused, done.more) == (3, 0, False)
        assert sending.turn().sent == 0
        make_event(award(code))
        sending.turn()
        assert there.taken[-1] == get(client, "/changes")["items"][-1]

    def test_whoever_doesnt_ask_for_the_past_is_told_from_now_on(self, app: Flask, there: Receiver) -> None:
        make_enterprise(1)
        sending = Sending(there, after=None)
        make_enterprise(2)
        assert sending.turn().sent == 1

    def test_a_turn_that_is_lost_is_sent_again_under_the_same_id(self, app: Flask, there: Receiver) -> None:
        """As when the consumer is killed after sending and before noting it."""
        for number in (1, 2, 3):
            make_enterprise(number)
        sending = Sending(there)
        sending.turn(most=2, keep=False)
        assert sending.turn(most=2).more
        sending.turn()
        first = there.messages[:2]
        assert there.messages[2:4] == first
        assert [item["seq"] for item in there.taken[2:]] == sorted(there.holds().values())

    def test_a_change_that_is_refused_holds_up_its_own_enterprise_alone(self, app: Flask, there: Receiver) -> None:
        bad, good = make_enterprise(1), make_enterprise(2)
        there.answer = lambda item: 400 if item.get("code") == bad else 204
        sending = Sending(there)
        sending.turn()
        make_listing(bad)
        make_event(award(good))
        sending.turn()
        assert {item["code"] for item in there.taken} == {good}
        assert len(there.taken) == 2
        there.answer = lambda item: 204
        sending.later(20).turn()
        told = [(item["type"], item["code"]) for item in there.taken[2:]]
        assert told == [("enterprise", bad), ("listing", bad)], "its record before its listing"

    def test_one_who_doesnt_answer_is_tried_again_later_and_later(self, app: Flask, there: Receiver) -> None:
        make_enterprise(1)
        make_enterprise(2)
        there.answer = lambda item: 503
        sending = Sending(there)
        sending.turn()
        assert len(there.tried) == 1, "the second is not even tried"
        sending.later(14).turn()
        assert len(there.tried) == 1
        sending.later(2).turn()
        assert len(there.tried) == 2
        there.answer = lambda item: 204
        sending.later(44).turn()
        assert there.taken == []
        sending.later(2).turn()
        assert len(there.taken) == 2
        assert webhooks.receivers(sending.number)[0]["failures"] == 0

    def test_pauses_grow_to_six_hours(self) -> None:
        seconds = [pause(failures).total_seconds() for failures in (1, 2, 3, 4, 9, 500)]
        assert seconds == [15, 45, 135, 405, *[LONGEST_PAUSE.total_seconds()] * 2]

    def test_what_was_tried_often_enough_is_dead_and_the_rest_goes_on(
        self, client: FlaskClient, there: Receiver, runner: FlaskCliRunner
    ) -> None:
        bad, good = make_enterprise(1), make_enterprise(2)
        there.answer = lambda item: 422 if item["code"] == bad else 204
        sending = Sending(there)
        for _ in range(TRIES):
            sending.turn()
            sending.later(1000)
        assert len(there.tried) == TRIES + 1
        sending.turn()
        assert len(there.tried) == TRIES + 1, "given up"
        (letter,) = webhooks.dead(sending.number)
        bad_id = get(client, "/changes")["items"][0]["id"]
        assert letter == {"seq": there.tried[0]["seq"], "id": bad_id, "tries": TRIES, "reason": "status 422"}
        listed = runner.invoke(args=["credit", "webhook", "dead", str(sending.number)])
        assert listed.output == f"{letter['seq']}  {bad_id}  tries 3  status 422\n"
        there.answer = lambda item: 204
        make_event(award(bad))
        sending.turn()
        assert [item["code"] for item in there.taken] == [good, bad], "later changes of it are sent"

    def test_a_replay_sends_everything_again_from_any_number(
        self, app: Flask, there: Receiver, runner: FlaskCliRunner
    ) -> None:
        codes = [make_enterprise(number) for number in (1, 2, 3)]
        there.answer = lambda item: 400 if item["code"] == codes[1] else 204
        sending = Sending(there)
        for _ in range(TRIES):
            sending.turn()
            sending.later(1000)
        there.answer, after = (lambda item: 204), there.tried[0]["seq"]
        told = runner.invoke(args=["credit", "webhook", "replay", str(sending.number), "--after", str(after)])
        assert told.exit_code == 0, told.output
        there.taken.clear()
        sending.turn()
        assert [item["code"] for item in there.taken] == codes[1:]
        assert webhooks.dead(sending.number) == []

    def test_a_replay_meanwhile_wins_over_the_turn_that_goes_on(self, app: Flask, there: Receiver) -> None:
        make_enterprise(1)
        sending = Sending(there)
        sending.turn()
        make_enterprise(2)
        going_on = sending.turn(keep=False)
        with transaction("test"):
            webhooks.replay(sending.number, 0, TODAY)
        with transaction("test"):
            assert not going_on.keep()
        assert sending.turn().sent == 2

    def test_one_that_is_down_holds_up_nobody_else(self, client: FlaskClient, there: Receiver) -> None:
        make_enterprise(1)
        down, up = make_webhook("http://127.0.0.1:9/"), make_webhook(there.url)
        assert sorted(webhooks.waiting(TODAY, NOW)) == [down, up]
        assert [deliver(number) for number in (down, up)] == [0, 1]
        told = {one["id"]: (one["served"] > 0, one["failures"], one["held"]) for one in webhooks.receivers()}
        assert told == {down: (True, 1, 1), up: (True, 0, 0)}
        assert webhooks.waiting(TODAY, NOW - timedelta(days=1)) == []

    def test_the_job_signs_with_the_secret_that_was_told(self, client: FlaskClient, there: Receiver) -> None:
        make_enterprise(1)
        made = client.post(f"{API}/webhooks", json={"url": there.url, "after": 0}, headers=make_key(scopes=("administer",))).json or {}
        there.secret = base64.b64decode(made["secret"].removeprefix("whsec_"))
        assert deliver(made["id"]) == 1
        assert [item["type"] for item in there.taken] == ["enterprise"]
        assert there.messages[0].startswith("msg_")


class TestSending:
    def test_a_redirect_is_not_followed(self, there: Receiver) -> None:
        there.answer = lambda item: 302
        assert post(there.url, {}, b"{}", local=True) == (False, True, "status 302")

    @pytest.mark.parametrize(
        ("status", "taken", "well"),
        [(200, True, True), (204, True, True), (400, False, True), (410, False, True), (429, False, False), (500, False, False)],
    )  # fmt: skip
    def test_an_answer_means(self, status: int, taken: bool, well: bool) -> None:
        assert outcome_of(status)[:2] == (taken, well)

    def test_one_that_is_not_there_is_not_well(self) -> None:
        assert post("http://127.0.0.1:9/", {}, b"{}", local=True) == (False, False, "ConnectionRefusedError")

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://10.0.0.1/", "https://[::ffff:192.168.1.1]/"])
    def test_a_name_that_leads_into_a_private_network_is_not_called(self, url: str) -> None:
        """Asked again at each delivery: a name may lead elsewhere by then."""
        assert post(url, {}, b"{}", local=False) == (False, False, "forbidden address")

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
            ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
            ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
            ("64:ff9b::a00:1", False), ("2002:a00:1::", False),
        ],
    )  # fmt: skip
    def test_only_addresses_of_the_open_internet_are_called(self, address: str, public: bool) -> None:
        assert is_public(address) == public


class TestDoors:
    def test_registering_tells_the_secret_once_and_keeps_none(self, client: FlaskClient) -> None:
        make_enterprise()
        headers = make_key(scopes=("administer",))
        made = client.post(f"{API}/webhooks", json={"url": "http://127.0.0.1:9/x"}, headers=headers).json or {}
        (told,) = (client.get(f"{API}/webhooks", headers=headers).json or {})["items"]
        assert made == told | {"secret": made["secret"]}
        assert told["served"] == get(client, "/changes")["seq"]
        assert client.get(f"{API}/webhooks/{told['id']}/dead", headers=headers).json == {"items": [], "next": None}
        path = f"{API}/webhooks/{told['id']}"
        assert (client.post(f"{path}/replay", json={"after": 0}, headers=headers).json or {})["served"] == 0
        assert client.delete(path, headers=headers).status_code == 200
        assert client.delete(path, headers=headers).status_code == 404
        assert (client.get(f"{API}/webhooks", headers=headers).json or {})["items"] == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://receiver.example/", "https://10.0.0.1/", "https://user:word@receiver.example/", "ftp://x.example/",
            "https://", "x", "https://receiver.example:99999/", "https://receiver.example/#part", "https://127.1.2.3/",
        ],
    )  # fmt: skip
    def test_an_address_that_may_not_be_called_is_refused(self, app: Flask, client: FlaskClient, url: str) -> None:
        app.config["CREDIT_ENV"] = "production"
        answer = client.post(f"{API}/webhooks", json={"url": url}, headers=make_key(scopes=("administer",)))
        assert answer.status_code == 422, answer.text
        assert "url" in (answer.json or {})["errors"]

    def test_the_same_address_twice_and_a_number_ahead_are_refused(self, client: FlaskClient) -> None:
        headers, url = make_key(scopes=("administer",)), "http://127.0.0.1:9/x"
        assert client.post(f"{API}/webhooks", json={"url": url}, headers=headers).status_code == 200
        again = client.post(f"{API}/webhooks", json={"url": url}, headers=headers)
        ahead = client.post(f"{API}/webhooks", json={"url": url + "y", "after": 10**9}, headers=headers)
        assert [list((answer.json or {})["errors"]) for answer in (again, ahead)] == [["url"], ["after"]]

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/1"), ("GET", "/1/dead")])
    def test_only_administrators_may(self, client: FlaskClient, method: str, path: str) -> None:
        body = {"json": {"url": "http://127.0.0.1:9/"}} if method == "POST" else {}
        for headers, status in (({}, 401), (make_key(scopes=("supervise",)), 403)):
            assert client.open(f"{API}/webhooks{path}", method=method, headers=headers, **body).status_code == status

    def test_commands_do_the_same(self, app: Flask, runner: FlaskCliRunner) -> None:
        make_department("示例局")
        add = ["credit", "webhook", "add", "http://127.0.0.1:9/x", "--department", "示例局"]
        made = runner.invoke(args=add)
        assert made.exit_code == 0, made.output
        number, secret = made.output.split()
        assert secret == webhooks.secret_text(int(number))
        assert "served 0, held 0, dead 0" in runner.invoke(args=["credit", "webhook", "list"]).output
        assert runner.invoke(args=["credit", "webhook", "remove", number]).exit_code == 0
        assert runner.invoke(args=["credit", "webhook", "list"]).output == ""
        assert runner.invoke(args=["credit", "webhook", "remove", number]).exit_code == 2
