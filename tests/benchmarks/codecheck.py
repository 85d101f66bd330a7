"""Checking a column of codes, against python-stdnum code by code."""

from __future__ import annotations

from statistics import median

import numpy as np
import polars as pl
from stdnum.cn import uscc

from credit.rules.codes import code_problems
from tests.benchmarks.codes import UNIFIED
from tests.benchmarks.measure import Clock, Row, rows_a_second
from tests.benchmarks.register import registry

BROKEN_SHARE = 0.003  # of the codes of a real register file
WARM_UP = 1_000
ROUNDS = 5


def code_check(size: int) -> list[Row]:
    """One row; a single disagreement with python-stdnum is an error."""
    codes = _with_slips(registry(size, seed=3)["统一社会信用代码"])
    code_problems(codes.head(WARM_UP))
    rounds = []
    for _ in range(ROUNDS):
        with Clock() as ours:
            valid = code_problems(codes).is_null()
        rounds.append(ours.cpu)
    given = codes.to_list()
    with Clock() as theirs:
        expected = [uscc.is_valid(code) for code in given]
    differing = codes.filter(valid != pl.Series(expected))
    if len(differing):
        raise AssertionError(
            f"{len(differing)} codes judged otherwise: {differing.head(5).to_list()}"
        )
    usual = median(rounds)
    return [
        Row(
            "code check of a column", "python-stdnum per row",
            theirs.cpu / usual, 50,
            rows_a_second(size, usual), rows_a_second(size, theirs.cpu),
            notes={"codes": size, "invalid": expected.count(False), "disagreements": 0, "measure": "CPU"},
        )
    ]  # fmt: skip


def _with_slips(codes: pl.Series) -> pl.Series:
    """A few codes with one character wrong, as files have them."""
    rng = np.random.default_rng(4)
    which = rng.choice(len(codes), max(int(len(codes) * BROKEN_SHARE), 3), replace=False)
    slipped = []
    for code in codes.gather(pl.Series(which)).to_list():
        place = int(rng.integers(0, 18))
        slipped.append(code[:place] + chr(rng.choice(UNIFIED)) + code[place + 1 :])
    return codes.clone().scatter(pl.Series(which), pl.Series(slipped))
