"""The statistics page against a hello-world call, and making its numbers from nothing against a regrade's reading."""

from __future__ import annotations

from statistics import median

from credit.policy import load_policy
from credit.services import quality, tallies
from credit.services.dossiers import all_ids, load
from credit.services.known import Known
from credit.services.way import CHUNK
from tests.benchmarks.lookup import codes_at_random, quiet, request
from tests.benchmarks.measure import Clock, Row, cpu_of_calls, milliseconds
from tests.benchmarks.stage import TODAY, graded

ROUNDS = 3


def page_and_building(size: int) -> list[Row]:
    stage, law = graded("sqlite", size), load_policy()
    codes = codes_at_random(stage.app)
    calls = {
        "hello": request(stage.app, "/api/v1/bare/{code}", codes),
        "page": request(stage.app, "/statistics", codes),
    }
    with quiet():
        cpu = cpu_of_calls(calls, {"hello": 200, "page": 200}, 15)
    reading, building = [], []
    with stage.app.app_context():
        ids = all_ids()
        for _ in range(ROUNDS):
            with Clock() as read:
                for start in range(0, len(ids), CHUNK):
                    load(ids[start : start + CHUNK], law, Known(committed=True), to_show=False)
            tallies.forget()
            with Clock() as built:
                quality.prepared(TODAY)
            reading.append(read.wall)
            building.append(built.wall)
    ours, theirs = median(building), median(reading)
    return [
        Row(
            f"/statistics, {size:,} enterprises", "hello-world call of the same app", cpu["page"] / cpu["hello"], 3,
            milliseconds(cpu["page"]), milliseconds(cpu["hello"]), at_most=True, unit="of its CPU",
        ),
        Row(
            f"statistics of {size:,} enterprises made from nothing", "a full regrade's reading", ours / theirs, 2,
            f"{ours:.2f} s", f"{theirs:.2f} s", at_most=True,
        ),
    ]  # fmt: skip
