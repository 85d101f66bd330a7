"""Labelled pairs of names: the written ones of cases/screening.yaml, and those made of a list of names."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.name_variations import VARIATIONS

FILE = Path(__file__).parent / "cases" / "screening.yaml"
REGISTRY = Path(__file__).resolve().parents[2] / "shared" / "data" / "registry"
SAME_FIRM = ("same", "variant", "hint")


@dataclass(frozen=True)
class Pair:
    kind: str
    asked: str
    known: str
    relations: tuple[str, ...]

    @property
    def one_firm(self) -> bool:
        """Whether both names are, or may well be, one firm's."""
        return self.relations[0] in SAME_FIRM


def written_pairs() -> list[Pair]:
    kinds = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Pair(kind, row["asked"], row["known"], (row["relation"],)) for kind, rows in kinds.items() for row in rows]


def made_pairs(names: Iterable[str]) -> list[Pair]:
    """Each name beside each of its variations."""
    made = []
    for name in names:
        for kind, (vary, relations) in VARIATIONS.items():
            other = vary(name)
            if other:
                made.append(Pair(kind, other, name, relations))
    return made


def real_rows(file: str = "name_edge_cases.csv") -> list[dict[str, str]]:
    """Rows of a real register; skips where the files are not there."""
    path = REGISTRY / file
    if not path.exists():
        pytest.skip(f"shared data not here: {path.name}")
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))
