"""A mirror of the register that follows its feed, and random histories for it to follow."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import transaction
from credit.services import enterprises, listings, way
from tests.conftest import Clock
from tests.makers import (
    award,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_listing,
    make_officers,
    violation,
)
from tests.public_answers import get

NOT_STATE = ("type", "id", "seq")


class Mirror:
    """What somebody holds who reads the feed from `after` on, page by page."""

    def __init__(self, client: FlaskClient, limit: int = 1000) -> None:
        self.client, self.limit, self.after = client, limit, 0
        self.held: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []

    def follow(self) -> Mirror:
        """Read until nothing more is there now."""
        for _ in range(10_000):
            page = get(self.client, f"/changes?after={self.after}&limit={self.limit}")
            assert len(page["items"]) <= self.limit
            for item in page["items"]:
                assert item["seq"] > self.after, "numbers rise"
                self.after = item["seq"]
                self.apply(item)
            assert page["seq"] == self.after
            assert page["next"] in (None, page["seq"])
            if page["next"] is None:
                return self
        raise AssertionError("the feed never ends")

    def apply(self, item: dict[str, Any]) -> None:
        self.told.append(item)
        if item["type"] == "removal":
            assert set(item) == set(NOT_STATE), "a removal tells nothing more"
            self.held.pop(item["id"], None)
        else:
            self.held[item["id"]] = item

    def state(self) -> tuple[dict[str, Any], list[Any]]:
        """Records by code, and listings, as they are held."""
        records = {i["code"]: _state(i, "type", "id") for i in self.held.values() if i["type"] == "enterprise"}
        listings = [_state(i, *NOT_STATE) for i in self.held.values() if i["type"] == "listing"]
        return records, sorted(listings, key=_place)


def public_state(client: FlaskClient) -> tuple[dict[str, Any], list[Any]]:
    """The same, as every other public door tells it."""
    codes = [item["code"] for item in get(client, "/enterprises?limit=200")["items"]]
    records = {code: get(client, f"/enterprises/{code}") for code in codes}
    return records, sorted(get(client, "/blacklist?limit=200")["items"], key=_place)


def _state(item: dict[str, Any], *but: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in but}


def _place(listing: dict[str, Any]) -> tuple[str, str]:
    return listing["code"], listing["listed_on"]


class History:
    """Random acts on a few enterprises: facts, repairs, listings and their end, days that pass."""

    def __init__(self, chance: Random, clock: Clock, runner: FlaskCliRunner) -> None:
        self.chance, self.clock, self.runner = chance, clock, runner
        self.number, self.documents, self.listed = 0, [], []  # type: ignore[var-annotated]
        self.officers = make_officers()
        self.codes = [self._another()]

    def act(self) -> str:
        """One act; its name."""
        acts = (
            self.register, self.violate, self.violate, self.inspect, self.honour, self.repair,
            self.list, self.list, self.revoke, self.rename, self.pass_days, self.pass_days, self.run_daily,
        )  # fmt: skip
        act = self.chance.choice(acts)
        act()
        return act.__name__

    def register(self) -> None:
        self.codes.append(self._another())

    def _another(self) -> str:
        self.number += 1
        return make_enterprise(self.number, day=self.clock.day)

    def _document(self) -> str:
        self.number += 1
        return f"示例〔2026〕{self.number}号"

    def _ago(self, days: int) -> str:
        return (self.clock.day - timedelta(days=days)).isoformat()

    def violate(self) -> None:
        code, document_no, days = self.chance.choice(self.codes), self._document(), self.chance.choice([1, 100, 360])
        when = {"occurred_on": self._ago(days + 5), "decided_on": self._ago(days)}
        make_event(violation(code, document_no=document_no, **when), day=self.clock.day)
        self.documents.append((code, document_no))

    def inspect(self) -> None:
        code, result = self.chance.choice(self.codes), self.chance.choice(["pass", "fail"])
        when = {"occurred_on": self._ago(self.chance.choice([1, 14, 300])), "role": "seller", "result": result}
        make_event(inspection(code, document_no=self._document(), **when), day=self.clock.day)

    def honour(self) -> None:
        until = (self.clock.day + timedelta(days=self.chance.choice([1, 30]))).isoformat()
        given = {"category": "brand", "valid_from": self._ago(30), "valid_until": until}
        make_event(award(self.chance.choice(self.codes), document_no=self._document(), **given), day=self.clock.day)

    def repair(self) -> None:
        if self.documents:
            code, document_no = self.documents.pop()
            make_cessation(code, document_no, self.clock.day, day=self.clock.day)

    def list(self) -> None:
        until = self.chance.choice(["publish", "publish", "confirm"])
        code = self.chance.choice(self.codes)
        number = make_listing(code, self.clock.day, until, self.officers)
        if until == "publish":
            self.listed.append((number, code))

    def revoke(self) -> None:
        if not self.listed:
            return
        number, code = self.listed.pop()
        fields, day = {"document_no": "示例撤1号", "reason": "处罚决定被撤销"}, self.clock.day
        with transaction("test") as change:
            listings.act(change, number, "revoke", self.officers["decider"], day, fields)
            way.advance(change, [enterprises.find(code)], day)

    def rename(self) -> None:
        code, day = self.chance.choice(self.codes), self.clock.day
        with transaction("test") as change:
            given = {"code": code, "name": f"铜都更名{self._document()[-3:-1]}有限公司"}
            number, _ = enterprises.put(change, given, day)
            way.advance(change, [number], day)

    def pass_days(self) -> None:
        self.clock.day += timedelta(days=self.chance.choice([1, 14, 61, 400, 1100]))
        self.listed = []

    def run_daily(self) -> None:
        told = self.runner.invoke(args=["credit", "daily"])
        assert told.exit_code == 0, told.output
