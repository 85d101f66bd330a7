"""Gradings back from Spark: checked, then compared with how the register says that each one stands.

The register keeps what it tells by its own way (`services/way.py`), with findings, spans and
numbers. So nothing of Spark's is written into it: Spark tells who stands otherwise, and these
alone are graded anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import select

from credit.db import Register, db
from credit.errors import FileRefused
from credit.models import Enterprise, Standing
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.spark import folder

SAID = ("score", "grade", "tier")


@dataclass(frozen=True)
class Comparison:
    """What became of each exported enterprise: compared, moved since, or not graded.

    `exported` = `compared` + `moved_since` + `ungraded`: how many, of those on the register on
    `day`. `moved`, `other`: enterprise, code. Of `moved` the register learned facts since the
    export: they were graded when that was recorded, and are left out; those that are new to it
    were not exported. `other` stand otherwise than Spark says, with both: score, grade, tier, and
    each with `_before`, null for one that was never graded.
    """

    day: date
    exported: int
    compared: int
    moved_since: int
    moved: pl.DataFrame
    other: pl.DataFrame

    @property
    def ungraded(self) -> int:
        """How many went out to Spark and didn't come back."""
        return self.exported - self.compared - self.moved_since


def compare(out: Path, today: date) -> Comparison:
    """Compare the gradings of the last day in `out` up to `today` with how each enterprise stands.

    Raises FileRefused for gradings by another policy than that in force, of another register, of
    no day up to today, or that are not whole.
    """
    made = folder.graded_folder(out)
    day = _day(out, made, today)
    _check_register(out, made, today)
    moved = _moved(made.exported.seq)
    compared, moved_since, rows, other = 0, 0, 0, [moved.clear()]
    for part in _parts(out):
        rows += len(part)
        held = _beside(part.filter(pl.col("day") == day), out)
        of_this = len(held)
        same = pl.all_horizontal(
            pl.col("facts_seq").is_not_null(),
            *(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in SAID),
        )
        held = held.join(moved, on="enterprise", how="anti")
        compared += len(held)
        moved_since += of_this - len(held)
        other.append(held.filter(~same))
    if rows != made.gradings:
        raise FileRefused(f"{out} holds {rows} gradings, its manifest says {made.gradings}.")
    found, due = pl.concat(other, how="diagonal"), made.due[made.days.index(day)]
    if compared + moved_since > due:
        raise FileRefused(f"{out} holds more gradings of {day} than the {due} enterprises that were due.")
    return Comparison(day, due, compared, moved_since, moved, found)


def _day(out: Path, made: folder.GradedFolder, today: date) -> date:
    past = [day for day in made.days if day <= today]
    if not past:
        raise FileRefused(f"{out} holds no grading of a day up to {today}.")
    return max(past)


def _check_register(out: Path, made: folder.GradedFolder, today: date) -> None:
    """The same policy and the same register, or one that has only learned more."""
    in_force = law_on(today).digest
    if made.exported.digest != in_force:
        raise FileRefused(
            f"{out} was graded by the policy {made.exported.digest}, in force is {in_force}: "
            "export and grade anew."
        )
    last = db.session.scalar(select(Register.last_seq)) or 0
    if made.exported.seq > last:
        raise FileRefused(
            f"{out} was exported at change {made.exported.seq}, this register is at {last}: "
            "it comes from another register."
        )


def _parts(out: Path) -> Iterator[pl.DataFrame]:
    """The gradings, one task's file at a time."""
    for file in folder.made_files(out, "gradings"):
        yield folder.made(file, "gradings")


def _moved(seq: int) -> pl.DataFrame:
    """Who was graded from facts that are younger than the change number: enterprise, code."""
    late = select(Enterprise.id.label("enterprise"), Enterprise.code).join(
        Standing, Standing.enterprise_id == Enterprise.id
    )
    return frame(late.where(Standing.facts_seq > seq).order_by(Enterprise.id))


def _beside(told: pl.DataFrame, out: Path) -> pl.DataFrame:
    """Gradings beside code and standing of each enterprise."""
    ids = told["enterprise"].to_list()
    known = select(Enterprise.id.label("enterprise"), Enterprise.code)
    firms = frame(known.where(among(Enterprise.id, ids)))
    stood = select(
        Standing.enterprise_id.label("enterprise"),
        Standing.facts_seq,
        *(getattr(Standing, name).label(f"{name}_before") for name in SAID),
    )
    stands = frame(stood.where(among(Standing.enterprise_id, ids)))
    strange = told.join(firms, on="enterprise", how="anti")
    if not strange.is_empty():
        raise FileRefused(f"{out}: this register has no enterprise {strange['enterprise'][0]}.")
    return told.join(firms, on="enterprise").join(stands, on="enterprise", how="left")
