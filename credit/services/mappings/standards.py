"""The built-in mappings: the 双公示 fields of penalties and licences, and a regulator's own names for penalties."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from credit.errors import MappingRefused
from credit.services.mappings.extending import FOLDER
from credit.services.mappings.loader import load_mapping
from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import Mapping

STANDARDS = ("shuanggongshi-penalties", "shuanggongshi-licences", "regulator-penalties")


@cache
def standard(name: str) -> Mapping:
    """A built-in mapping. Raises MappingRefused, naming those that there are."""
    if name not in STANDARDS:
        raise MappingRefused(
            f"No mapping {name[:64]}: there are {', '.join(STANDARDS)}.",
            zh=f"没有这个映射，可用：{'、'.join(STANDARDS)}",
        )
    return load_mapping(FOLDER / f"{name}.yaml")


def text_of(name: str) -> str:
    """The YAML of a built-in mapping."""
    return (FOLDER / f"{standard(name).name}.yaml").read_text(encoding="utf-8")


def recognise(headers: Iterable[str]) -> Mapping | None:
    """The one built-in mapping that a file with these headers is meant for; null for none, or for several."""
    there = set(map(plain, headers))
    found = [one for name in STANDARDS if _fits(one := standard(name), there)]
    return found[0] if len(found) == 1 else None


def _fits(mapping: Mapping, there: set[str]) -> bool:
    return any(needed <= there for needed in mapping.recognised_by)
