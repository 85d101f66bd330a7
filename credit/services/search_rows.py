"""What every search answers with: enterprises with their grade of the reader's day, filtered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit.db import is_sqlite
from credit.errors import InvalidInput
from credit.rules.regions import region_name
from credit.terms import Grade

FIELDS = "r.enterprise_id, r.code, r.name, r.region, r.industry, r.status, s.grade"
GRADED = """LEFT JOIN span s ON s.enterprise_id = r.enterprise_id
  AND s.since <= :day AND (s.until IS NULL OR s.until > :day)"""
FILTERS = {"grade": "s.grade = :grade", "region": "r.region LIKE :region", "industry": "r.industry LIKE :industry"}
SHAPES = {"grade": "|".join(Grade), "region": "[0-9]{1,6}", "industry": "[A-T]?[0-9]{0,4}"}


@dataclass(frozen=True)
class Asked:
    """What is asked of the list besides words: the reader's day and the filters."""

    day: date
    filters: dict[str, str]

    def where(self) -> str:
        return "".join(f" AND {FILTERS[name]}" for name in self.filters)

    def values(self) -> dict[str, Any]:
        prefixes = {name: value if name == "grade" else f"{value}%" for name, value in self.filters.items()}
        return {"day": self.day.isoformat() if is_sqlite() else self.day} | prefixes


def asked_of(day: date, **given: str | None) -> Asked:
    """The filters that are given. Raises InvalidInput for one that no enterprise can meet."""
    filters = {name: value for name, value in given.items() if value}
    for name, value in filters.items():
        if not re.fullmatch(SHAPES[name], value):
            raise InvalidInput(f"{value!r} is no {name}.", errors={name: [f"Must be like {SHAPES[name]}."]})
    return Asked(day, filters)


def item(row: Any, matched: str | None = None) -> dict[str, Any]:
    """One enterprise of a list, from a row of FIELDS."""
    names = ("code", "name", "region", "industry", "status", "grade")
    told = dict(zip(names, row[1:7], strict=True))
    return told | {"region_name": region_name(told["region"]), "matched_name": matched}
