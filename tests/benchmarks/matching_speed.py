"""A long mixed list matched with the register, beside an indexed look-up through the ORM for each row."""

from __future__ import annotations

import random
from itertools import cycle

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import Enterprise
from credit.services.matching import match
from tests.benchmarks.measure import Clock, Row, rows_a_second
from tests.benchmarks.register import registry
from tests.benchmarks.stage import TODAY, imported
from tests.name_variations import dropped_shi, limited, traditional, typo_by_sound

ROWS_EACH = 10  # rows of the list: a tenth of the enterprises
LOOK_UPS = 2_000
VARY = (dropped_shi, limited, traditional, typo_by_sound)


def mixed_list(size: int) -> list[Row]:
    """A third firms outside the register; of the rest, codes, codes with a slip, names, other spellings."""
    stage = imported("sqlite", size)
    subjects = mixed(size)
    with stage.app.app_context():
        by_orm = one_by_one(size)
        with Clock() as first:
            match(subjects, TODAY)
        with Clock() as later:
            found = match(subjects, TODAY)
    count, notes = len(subjects), {"found": len(found.found), "cut": int(found.inputs["cut"].sum())}
    return [
        Row(f"{count:,} mixed rows matched, {size:,} enterprises", "an indexed ORM look-up a row",
            by_orm * count / later.wall, 8, rows_a_second(count, later.wall), rows_a_second(1, by_orm), notes=notes),
        Row("the first matching after the start", "a later one", first.wall / later.wall, 3, f"{first.wall:.1f} s",
            f"{later.wall:.1f} s", at_most=True),
    ]  # fmt: skip


def mixed(size: int) -> pl.DataFrame:
    inside = registry(size).select("统一社会信用代码", "企业名称").rows()
    outside = cycle(registry(max(size // 30, 3), seed=99).select("统一社会信用代码", "企业名称").rows())
    rng = random.Random(6)
    rows: list[tuple[str | None, str | None]] = []
    for number in range(max(size // ROWS_EACH, 9)):
        code, name = next(outside) if number % 3 == 0 else rng.choice(inside)
        place = rng.randrange(17)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        other = rng.choice(VARY)(name) or name
        kinds = [(code, name), (code, None), (swapped, name), (None, name), (None, other)]
        rows.append(kinds[number // 3 % len(kinds)])
    codes, names = zip(*rows, strict=True)
    refs = [str(number) for number in range(len(rows))]
    schema = dict.fromkeys(("ref", "code", "name"), pl.String)
    return pl.DataFrame({"ref": refs, "code": codes, "name": names}, schema=schema)


def one_by_one(size: int) -> float:
    """Seconds of one look-up by code through the ORM."""
    codes = registry(size)["统一社会信用代码"].head(LOOK_UPS).to_list()
    with Clock() as clock:
        for code in codes:
            db.session.expunge_all()
            db.session.scalars(select(Enterprise).where(Enterprise.code == code)).first()
    return clock.wall / len(codes)
