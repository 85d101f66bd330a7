"""What every search answers with: enterprises with their grade of the reader's day, filtered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit.db import is_sqlite
from credit.errors import InvalidInput
from credit.rules.industries import check_industry_prefix, normalise_industry
from credit.rules.regions import region_name
from credit.terms import Grade

FIELDS = "r.enterprise_id, r.code, r.name, r.region, r.industry, r.status, s.grade"
OF_THE_DAY = "s.since <= :day AND (s.until IS NULL OR s.until > :day)"
GRADED = f"LEFT JOIN span s ON s.enterprise_id = r.enterprise_id AND {OF_THE_DAY}"
FILTERS = {"grade": "s.grade = :grade", "region": "r.region LIKE :region", "industry": "r.industry LIKE :industry"}
SHAPES = {"grade": "|".join(Grade), "region": "[0-9]{1,6}"}


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
    filters = {name: _one_spelling(name, value) for name, value in given.items() if value}
    for name, value in filters.items():
        told = _problem(name, value)
        if told:
            raise InvalidInput(f"{value!r} is no {name}.", errors={name: [told]})
    return Asked(day, filters)


def _one_spelling(name: str, value: str) -> str:
    return normalise_industry(value) if name == "industry" else value


def _problem(name: str, value: str) -> str | None:
    if name == "industry":
        problem = check_industry_prefix(value)
        return f"{problem.en}." if problem else None
    return None if re.fullmatch(SHAPES[name], value) else f"Must be like {SHAPES[name]}."


def item(row: Any, matched: str | None = None) -> dict[str, Any]:
    """One enterprise of a list, from a row of FIELDS."""
    names = ("code", "name", "region", "industry", "status", "grade")
    told = dict(zip(names, row[1:7], strict=True))
    return told | {"region_name": region_name(told["region"]), "matched_name": matched}
