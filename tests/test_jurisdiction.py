"""Jurisdiction: what a department may report, told alike for one event and for a frame, and refused at the door."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st

from credit.db import transaction
from credit.errors import InvalidInput, UnknownDepartment
from credit.rules.jurisdiction import Jurisdiction, mend, prefix, refused, refused_field
from credit.services import departments, jurisdiction, whose
from credit.services.bearers import bearers
from credit.terms import Award, Category, Kind
from tests.conftest import TODAY
from tests.makers import DEPARTMENT, award, inspection, make_enterprise, make_key, violation

URL = "/api/v1/events"
REGIONS = ("34", "3407", "340799", "340705", "3408", "110101", "99")
SOME = st.none() | st.lists(st.sampled_from(REGIONS), unique=True).map(tuple)
ROWS = st.tuples(
    st.sampled_from([*map(str, Kind)]),
    st.none() | st.sampled_from([*map(str, Category), *map(str, Award)]),
    st.none() | st.sampled_from(["340799", "340705", "340801", "110101", "34", "990000"]),
)


def some(words: type[Any]) -> st.SearchStrategy[tuple[str, ...] | None]:
    return st.none() | st.lists(st.sampled_from([*map(str, words)]), unique=True).map(tuple)


class TestRule:
    @given(st.builds(Jurisdiction, SOME, some(Kind), some(Category)), st.lists(ROWS, min_size=1, max_size=20))
    def test_a_row_and_a_frame_of_rows_are_answered_alike(
        self, over: Jurisdiction, rows: list[tuple[str, str | None, str | None]]
    ) -> None:
        names = ("kind", "category", "region")
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        told = frame.with_columns(field=refused(over))["field"].to_list()
        assert told == [refused_field(over, *row) for row in rows]

    @pytest.mark.parametrize(
        ("over", "row", "field"),
        [
            (Jurisdiction(), ("violation", "other", None), None),
            (Jurisdiction(regions=("3407",)), ("violation", "other", "340799"), None),
            (Jurisdiction(regions=("3407",)), ("violation", "other", "340801"), "region"),
            (Jurisdiction(regions=("3407",)), ("violation", "other", None), "region"),
            (Jurisdiction(regions=()), ("violation", "other", "340799"), "region"),
            (Jurisdiction(kinds=("award",)), ("violation", "other", "340799"), "kind"),
            (Jurisdiction(categories=("metrology",)), ("violation", "other", "340799"), "category"),
            (Jurisdiction(categories=("metrology",)), ("inspection", None, "340799"), None),
            (Jurisdiction(("3408",), ("award",), ("brand",)), ("violation", "other", "340799"), "kind"),
        ],
    )
    def test_the_first_field_that_lies_outside_is_named_with_the_mend(
        self, over: Jurisdiction, row: tuple[str, str | None, str | None], field: str | None
    ) -> None:
        assert refused_field(over, *row) == field
        if field is not None:
            zh, en = mend(over, field)
            assert field in en and "管辖" in zh

    @pytest.mark.parametrize(
        ("code", "wanted"), [("340000", "34"), ("340700", "3407"), ("340799", "340799"), ("34", "34"), ("3407", "3407")]
    )
    def test_a_division_stands_for_all_within(self, code: str, wanted: str) -> None:
        assert prefix(code) == wanted

    @pytest.mark.parametrize("code", ["", "3", "340", "34079", "3407990", "04", "abc", "３４"])
    def test_what_is_no_division_is_none(self, code: str) -> None:
        with pytest.raises(ValueError, match=f"^{code}$"):
            prefix(code)


def made(name: str = DEPARTMENT, **limits: Any) -> int:
    with transaction("test"):
        number = departments.add(name)
        departments.change(number, **limits)
        return number


class TestDepartments:
    def test_without_stated_regions_it_is_the_departments_own_and_without_that_every_one(self, app: Flask) -> None:
        assert jurisdiction.of(made("甲局")) == Jurisdiction()
        assert jurisdiction.of(made("乙局", region="340700")) == Jurisdiction(regions=("3407",))
        assert jurisdiction.of(made("丙局", region="340700", regions=["340800", "33"])).regions == ("33", "3408")
        assert jurisdiction.of(made("丁局", kinds=["award"], categories=["brand"])) == Jurisdiction(
            None, ("award",), ("brand",)
        )
        with pytest.raises(UnknownDepartment):
            jurisdiction.of(999)

    def test_an_empty_limit_is_none(self, app: Flask) -> None:
        number = made(regions=["3407"], kinds=["award"])
        made(regions=[], kinds=None, region="")
        assert jurisdiction.of(number) == Jurisdiction()

    @pytest.mark.parametrize(
        ("limits", "field"),
        [({"region": "3407"}, "region"), ({"regions": ["340"]}, "regions"), ({"kinds": ["rumour"]}, "kinds"),
         ({"categories": ["gossip"]}, "categories")],
    )  # fmt: skip
    def test_what_is_wrong_is_named_by_its_field(self, app: Flask, limits: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as wrong:
            made(**limits)
        assert list(wrong.value.extra["errors"]) == list(wrong.value.extra["errors_zh"]) == [field]


class TestReporting:
    @pytest.mark.parametrize(
        ("limits", "sent", "field"),
        [
            ({"regions": ["3408"]}, {}, "region"),
            ({"region": "110000"}, {}, "region"),
            ({"kinds": ["award", "inspection"]}, {}, "kind"),
            ({"categories": ["metrology"]}, {}, "category"),
        ],
    )
    def test_what_lies_outside_is_refused_and_nothing_is_kept(
        self, client: FlaskClient, limits: dict[str, Any], sent: dict[str, Any], field: str
    ) -> None:
        code, _ = make_enterprise(), made(**limits)
        refused = client.post(URL, json=violation(code, **sent), headers=make_key())
        assert refused.status_code == 403
        assert (refused.json["code"], refused.json["field"]) == ("outside-jurisdiction", field)
        assert list(refused.json["errors"]) == [field] and "管辖" in refused.json["detail_zh"]
        record = client.get(f"/api/v1/enterprises/{code}").json
        assert record["violations"] == []

    def test_what_lies_inside_is_taken(self, client: FlaskClient) -> None:
        code = make_enterprise()
        made(regions=["3407"], kinds=["violation", "inspection"], categories=["product_quality"])
        for event, status in ((violation(code), 201), (inspection(code), 201), (award(code), 403)):
            assert client.post(URL, json=event, headers=make_key()).status_code == status

    def test_the_region_is_where_the_enterprise_is_now(self, client: FlaskClient) -> None:
        code, key = make_enterprise(region="340801"), make_key()
        made(regions=["3407"])
        assert client.post(URL, json=violation(code), headers=key).status_code == 403
        make_enterprise(region="340799")
        assert client.post(URL, json=violation(code), headers=key).status_code == 201

    def test_many_are_answered_as_each_would_be(self, app: Flask) -> None:
        regions = ("340799", "340801", None)  # where none is known, the division in the code: 340799
        codes = [make_enterprise(n, region=region) for n, region in enumerate(regions, 1)]
        number = made(regions=["3407"], kinds=["violation", "award"], categories=["product_quality"])
        given = [kind(code) for code in codes for kind in (violation, inspection, award)]
        found = bearers([(event["code"], TODAY) for event in given])
        told = {spot: error.extra["field"] for spot, error in whose.refused(given, found, number).items()}
        over, places = jurisdiction.of(number), [region or "340799" for region in regions for _ in range(3)]
        each = [
            refused_field(over, event["kind"], event.get("category"), region)
            for event, region in zip(given, places, strict=True)
        ]
        assert [told.get(spot) for spot in range(len(given))] == each
        assert each[:6] == [None, "kind", "category", "region", "kind", "category"] and each[6:] == each[:3]


def test_commands_state_a_jurisdiction_and_take_it_away(runner: FlaskCliRunner) -> None:
    def run(*args: str) -> str:
        done = runner.invoke(args=["credit", "department", *args])
        assert done.exit_code == 0, done.output
        return done.output

    run("add", "甲局", "--region", "340799", "--regions", "3407, 340800", "--kinds", "violation,award")
    assert "regions 3407,3408  kinds award,violation  categories all" in run("list")
    run("set", "甲局", "--regions", "", "--kinds", "", "--categories", "metrology")
    assert "regions 340799  kinds all  categories metrology" in run("list")
    run("set", "甲局", "--region", "")
    assert "regions all" in run("list")
    for wrong in (("--kinds", "rumour"), ("--regions", "3"), ("--region", "铜陵"), ()):
        assert runner.invoke(args=["credit", "department", "set", "甲局", *wrong]).exit_code == 2
