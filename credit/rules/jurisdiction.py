"""What a department may report: of which regions, which kinds, which categories.

One question with two answers that are always the same: for a row, and for a frame of rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

PREFIX = re.compile("[1-9][0-9](?:[0-9]{2}){0,2}")
LEVELS = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True)
class Jurisdiction:
    """Prefixes of division codes (GB/T 2260), kinds and categories; None: every one.

    A category limits only what has one: an inspection has none.
    """

    regions: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None


def prefix(region: str) -> str:
    """The part of a division code that its places share: 340000 is 34, 340700 is 3407, 340799 itself.

    Raises ValueError where it is no division code of two, four or six digits.
    """
    if not PREFIX.fullmatch(region):
        raise ValueError(region)
    return re.sub("^(..)0000$|^(....)00$", lambda found: found[1] or found[2], region)


def refused_field(over: Jurisdiction, kind: str, category: str | None, region: str | None) -> str | None:
    """The first field that lies outside: kind, category or region; None where all lie inside."""
    if over.kinds is not None and kind not in over.kinds:
        return "kind"
    if over.categories is not None and category is not None and category not in over.categories:
        return "category"
    if over.regions is not None and not (region or "").startswith(over.regions):
        return "region"
    return None


def refused(over: Jurisdiction) -> pl.Expr:
    """The same over columns kind, category and region (all text): null or the name of the field."""
    nothing = pl.lit(None, dtype=pl.String)
    outside = []
    if over.kinds is not None:
        outside.append((~_among("kind", over.kinds), "kind"))
    if over.categories is not None:
        named = pl.col("category").is_not_null()
        outside.append((named & ~_among("category", over.categories), "category"))
    if over.regions is not None:
        inside = pl.any_horizontal(
            pl.lit(False), *(pl.col("region").str.starts_with(start) for start in over.regions)
        )
        outside.append((~inside.fill_null(False), "region"))
    return pl.coalesce(
        *(pl.when(wrong).then(pl.lit(field)).otherwise(nothing) for wrong, field in outside), nothing
    )


def _among(column: str, words: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(words)).fill_null(False)


def mend(over: Jurisdiction, field: str) -> tuple[str, str]:
    """What may be reported of this field and what to do: in Chinese, in English."""
    names = {"kind": ("类型", over.kinds), "category": ("类别", over.categories), "region": ("行政区划", over.regions)}
    word, allowed = names[field]
    zh = f"本部门可报送的{word}：{'、'.join(allowed or ()) or '无'}。请由有管辖权的部门报送，或请管理员调整管辖范围。"
    en = (
        f"This department reports for {field} {', '.join(allowed or ()) or 'nothing'}: let the competent "
        "department report it, or have an administrator widen the jurisdiction."
    )
    return zh, en


def level(region: str | None) -> str | None:
    """How high a department with this division stands: province, city or county; None where it names none."""
    return LEVELS[len(prefix(region))] if region else None


def is_above(higher: str | None, lower: str | None) -> bool:
    """Whether a department with the one division stands above one with the other; the whole country has none."""
    own = prefix(lower) if lower else ""
    other = prefix(higher) if higher else ""
    return len(other) < len(own) and own.startswith(other)
