"""Every row of the speed table runs at a small size; how fast, only `make bench` says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.benchmarks import lookup
from tests.benchmarks.__main__ import ROWS, run
from tests.benchmarks.measure import (
    Row,
    cpu_of_calls,
    percentile,
    table,
    where_time_goes,
    write_json,
)

SIZE = int(os.environ.get("BENCH_SIZE", "300"))


@pytest.mark.parametrize("name", list(ROWS))
def test_every_row_can_be_measured(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "ROUNDS", 1)
    rows = run([name], SIZE)
    assert rows
    assert all(row.ratio > 0 for row in rows)


def test_a_row_tells_whether_it_reached_its_bound() -> None:
    assert Row("a", "b", ratio=1.2, reach=1.25, ours="", theirs="", at_most=True).reached
    assert not Row("a", "b", ratio=49, reach=50, ours="", theirs="").reached
    assert "49.00 times (missed) | at least 50 times" in table([Row("a", "b", 49, 50, "", "")])


def test_results_are_kept_as_json(tmp_path: Path) -> None:
    write_json(
        [Row("查", "b", 3, 2, "", "", notes={"calls": 7})], tmp_path / "new" / "found.json", size=10
    )
    kept = json.loads((tmp_path / "new" / "found.json").read_text())
    assert kept["size"] == 10
    assert kept["rows"][0]["reached"] is True
    assert kept["rows"][0]["notes"] == {"calls": 7}


def test_calls_are_measured_in_turns_and_percentiles_are_of_rising_values() -> None:
    seen: list[str] = []
    cpu = cpu_of_calls(
        {"a": lambda: seen.append("a"), "b": lambda: seen.append("b")}, {"a": 2, "b": 1}, rounds=3
    )
    assert seen[:6] == ["a", "a", "b", "b", "a", "a"]
    assert set(cpu) == {"a", "b"}
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert percentile([1.0, 2.0], 0.99) == 2.0


def test_time_is_attributed_to_the_innermost_function_of_the_package() -> None:
    from credit.rules.codes import code_problems
    from tests.benchmarks.register import registry

    codes = registry(20_000)["统一社会信用代码"]
    with where_time_goes() as shares:
        for _ in range(100):
            code_problems(codes)
    assert any(name.startswith("credit.rules.codes") for name in shares)
