"""Whoever must stay away from an enterprise does, however its code was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from credit.db import transaction
from credit.services.draws import directory, plans
from schemas.draw import PlanIn
from tests.conftest import TODAY
from tests.draws.registers import PLAN
from tests.draws.test_acts import person
from tests.makers import make_enterprise


@pytest.mark.parametrize("typed", [str.lower, str, lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code)])
def test_a_recusal_holds_however_the_code_was_typed(app: Flask, typed: object) -> None:
    code, who = make_enterprise(), person()
    with transaction("test") as change:
        number = directory.add(change, who, {"name": "检查一", "regions": [], "qualifications": []})
        directory.recuse(change, number, who, {"code": typed(code), "reason": "亲属"}, TODAY)  # type: ignore[operator]
    given = {name: value for name, value in PLAN.items() if name != "inspectors"}
    (inspector,) = directory.of_plan(plans.of(PlanIn().load(given)), who.department_id, TODAY)
    assert inspector.recused == {code}


def test_a_recusal_in_a_file_holds_too(tmp_path: Path) -> None:
    people = "inspectors:\n- {id: zhang, recused: [91340799mafk00010u]}\n"
    plan = "id: a\ntitle: 计划\nmonths: [9]\nstarts_on: 2026-09-01\nends_on: 2026-11-30\nlevel: municipal\n"
    file = tmp_path / "plan.yaml"
    file.write_text(plan + people, encoding="utf-8")
    assert plans.from_file(file)[1][0].recused == {"91340799MAFK00010U"}
