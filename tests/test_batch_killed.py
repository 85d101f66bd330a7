"""A batch whose process is killed at any moment resumes to exactly what an undisturbed run leaves.

CREDIT_KILLS and CREDIT_KILL_ROWS ask for more: 20 kills over 100,000 rows are the proof in full.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import orjson
import pytest
from flask_migrate import upgrade

from credit import create_app
from credit.db import db, transaction
from credit.services import departments, imports
from tests.batch_process import ended, everything, is_done, killed, progress, started
from tests.benchmarks.register import registry
from tests.conftest import QUIET
from tests.makers import violation

KILLS, ROWS = int(os.environ.get("CREDIT_KILLS", "4")), int(os.environ.get("CREDIT_KILL_ROWS", "3000"))
FIRMS = ROWS // 5
STEPS = max(ROWS // 12, 200), max(FIRMS // 6, 50)
DEPARTMENT = "示例市场监督管理局"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of some enterprises and a department."""
    path, file = tmp_path / "register.db", tmp_path / "register.csv"
    rows = registry(FIRMS, seed=7)
    rows.write_csv(file)
    app = create_app({**QUIET, "DATABASE_URL": f"sqlite:///{path}"})
    with app.app_context():
        upgrade()
        with transaction("test") as change:
            departments.add(DEPARTMENT)
            imports.import_enterprises(change, file, change.recorded_at.date())
        codes = rows["统一社会信用代码"].to_list()
        db.session.remove()
        db.engine.dispose()
    with (tmp_path / "batch.jsonl").open("wb") as out:
        for number in range(ROWS):
            odd = {"fine": "-1"} if number % 97 == 0 else {}
            sent = violation(codes[number % FIRMS], document_no=f"罚{number % (ROWS - 7)}", occurred_on="2025-03-01",
                             decided_on="2025-04-01", notices=None, **odd)  # fmt: skip
            out.write(orjson.dumps(sent) + b"\n")
    return path


@pytest.mark.slow
def test_a_killed_batch_resumes_to_the_end_of_an_undisturbed_one(register: Path, tmp_path: Path) -> None:
    calm, file = tmp_path / "calm.db", tmp_path / "batch.jsonl"
    shutil.copy(register, calm)
    told = ended(started(f"sqlite:///{calm}", file, DEPARTMENT, *STEPS))
    chance, url, left = random.Random(2026), f"sqlite:///{register}", []
    for _ in range(KILLS):
        beyond, linger = progress(url) + chance.randrange((ROWS + FIRMS) // KILLS), chance.uniform(0, 0.3)
        if not killed(started(url, file, DEPARTMENT, *STEPS), url, beyond, linger):
            break
        left.append(progress(url))
    assert any(0 < found < ROWS + FIRMS for found in left), left
    if not is_done(url):
        assert ended(started(url, file, DEPARTMENT, *STEPS)) == told
    mine, theirs = everything(f"sqlite:///{register}"), everything(f"sqlite:///{calm}")
    assert mine.keys() == theirs.keys()
    for table in mine:
        assert mine[table] == theirs[table], table
    assert len(mine["event"]) > ROWS * 0.9
