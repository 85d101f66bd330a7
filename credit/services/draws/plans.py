"""Plans as they are written: from a YAML file or a body to what the rules draw by."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import yaml

from credit.errors import FileRefused
from credit.identifiers import normalise
from credit.rules.draws.inspectors import Inspector
from credit.rules.draws.plan import Plan
from schemas.draw import PlanFile

LARGEST = 20_000_000


def from_file(path: Path) -> tuple[Plan, list[Inspector]]:
    """The plan and the inspectors of a YAML file. Raises FileRefused, marshmallow's ValidationError."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileRefused(f"{path.name} is too large for a plan.", zh="计划文件过大")
        given = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        plain = orjson.loads(orjson.dumps(given, option=orjson.OPT_NON_STR_KEYS))  # days as texts, 1: as "1":
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as problem:
        raise FileRefused(f"{path.name}: {problem}", zh="计划文件无法读取") from problem
    loaded: dict[str, Any] = PlanFile().load(plain)
    people = [
        Inspector(
            one["id"],
            tuple(one["regions"]),
            frozenset(one["qualifications"]),
            one["tasks"],
            frozenset(map(normalise, one["recused"])),
        )
        for one in loaded.pop("inspectors")
    ]
    return of(loaded), people


def of(loaded: dict[str, Any]) -> Plan:
    """A plan as schemas.draw.PlanIn loads it."""
    shares = loaded["shares"]
    told = loaded | {
        "shares": None if shares is None else {tier: Fraction(percent) for tier, percent in shares.items()},
        **{name: tuple(loaded[name]) for name in ("departments", "regions", "industries", "products", "items")},
        "months": tuple(sorted(loaded["months"])),
    }
    return Plan(**told)
