"""A draw of 10,000 from the whole register, teams of inspectors too, against reading the candidates alone."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from credit.policy import load_policy
from credit.rules.draws.inspectors import Inspector
from credit.rules.draws.plan import Plan
from credit.services.draws import candidates, drawing
from tests.benchmarks.measure import Clock, Row
from tests.benchmarks.stage import TODAY, imported

DRAWN, PEOPLE, ROUNDS = 10_000, 200, 3


def of_10_000(size: int) -> list[Row]:
    stage = imported("sqlite", size)
    law = load_policy()
    plan = Plan("bench", "bench", (1, 2, 3), TODAY, TODAY, size=min(DRAWN, size // 20))
    people = [Inspector(f"i{number:03}") for number in range(PEOPLE)]
    reading, whole = [], []
    with stage.app.app_context():
        candidates.read(plan, law, TODAY)
        for seed in range(ROUNDS):
            with Clock() as read:
                candidates.read(plan, law, TODAY)
            with Clock() as drawn:
                found = drawing.draw(drawing.prepare(replace(plan), law, TODAY), people, f"seed {seed}")
            assert len(found) == plan.size
            reading.append(read.wall)
            whole.append(drawn.wall)
    ours, theirs = median(whole), median(reading)
    return [
        Row(
            f"draw of {plan.size:,} from {size:,} with {PEOPLE} inspectors, candidates read", "reading the candidates",
            ours / theirs, 1.5, f"{ours:.2f} s", f"{theirs:.2f} s", at_most=True,
        )
    ]  # fmt: skip
