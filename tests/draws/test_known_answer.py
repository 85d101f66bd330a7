"""One whole draw whose answer is pinned: whatever machine, Python or Polars it runs on, it comes out so."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from fractions import Fraction

from credit.rules.draws.enterprises import candidates, counts, draw
from credit.rules.draws.inspectors import Inspector, Task, assign, crew
from credit.rules.draws.strata import share, strata
from tests.conftest import ROOT
from tests.draws.frames import known

ANSWER = "cb0a449c71e648e45dbc6dfb8241f15a5376d681d05b7ccedb1cbaca3fc316ca"


def answer() -> str:
    """SHA-256 of a draw with teams: inspectors of four regions, some recused, some busy already."""
    found = candidates(known({"1": 3000, "2": 1000, "3": 500, "4": 40}), 4)
    shares = {f"{tier}-III": share(Fraction(p), Fraction(1)) for tier, p in {"1": 1, "2": 3, "3": 10, "4": 100}.items()}
    drawn = draw(found, strata(counts(found), shares), "2026136期 03 08 14", "2026-1")
    tasks = [Task(*row) for row in drawn.select("key", "region").iter_rows()]
    people = [
        Inspector(
            f"i{n:02}", (f"3407{n % 4:02}",) if n % 3 else (), frozenset(), n % 2,
            frozenset(task.key for task in tasks[n::7]),
        )
        for n in range(20)
    ]  # fmt: skip
    teams = assign(tasks, crew(people, None, 2), "2026136期 03 08 14", "2026-1")
    told = "".join(f"{task.key},{' '.join(teams[task.key])}\n" for task in tasks)
    return hashlib.sha256(told.encode()).hexdigest()


def test_the_answer_is_the_pinned_one() -> None:
    assert answer() == ANSWER


def test_it_doesn_t_depend_on_how_python_hashes() -> None:
    code = "from tests.draws.test_known_answer import answer; print(answer())"
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PATH": "", "POLARS_MAX_THREADS": seed}
        said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert said.stdout.strip() == ANSWER, said.stderr
