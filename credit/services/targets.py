"""The outline's targets against what the register knows: value, gap, trend; nothing made up where it knows none."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules import quality_shares as rules
from credit.rules.law import Law
from credit.services.policies import law_on
from credit.terms import Award, Level

Told = dict[str, Any]
# A share by its indicator and the first letters of industries (GB/T 4754): farm products, industry, works.
SHARES = {
    "farm-share": ("qualified", ("A",)), "industry-share": ("failure", ("C",)), "works-share": ("qualified", ("E",)),
}  # fmt: skip
COUNTS = {
    "national-prizes": (Award.QUALITY_PRIZE, Level.NATIONAL),
    "provincial-prizes": (Award.QUALITY_PRIZE, Level.PROVINCIAL),
    "provincial-brands": (Award.BRAND, Level.PROVINCIAL), "works-prizes": (Award.EXCELLENT_WORKS, None),
}  # fmt: skip


def targets(told: Told, day: date, least: int) -> list[Told]:
    """Each target: key, title, target, value, low, high, gap (value less target), trend (against the year before),
    lots, known: whether the register can tell. Shares are of the twelve whole months before.
    """
    law = law_on(day)
    keys = [key for key in law.provisions if key.startswith("targets.")]
    return [_told(key.removeprefix("targets."), law, told, day, least) for key in keys]


def _told(name: str, law: Law, told: Told, day: date, least: int) -> Told:
    provision = law.provisions[f"targets.{name}"]
    dated = provision.on(day)
    title = {"zh": provision.zh, "en": provision.en}
    row = {"key": name, "title": title, "target": dated.value, "source": dated.source.title}
    empty = dict.fromkeys(("value", "low", "high", "gap", "trend", "lots"))
    if name in SHARES:
        found = _share(name, told["lots"], day, least)
    elif name in COUNTS:
        found = {"value": _awarded(told["awards"], *COUNTS[name])}
    else:
        return row | empty | {"known": False}
    gap = None if found.get("value") is None else round(found["value"] - dated.value, 2)
    return row | empty | found | {"gap": gap, "known": True}


def _share(name: str, lots: pl.DataFrame, day: date, least: int) -> Told:
    indicator, sections = SHARES[name]
    of = lots.filter(pl.any_horizontal(pl.col("industry").str.starts_with(one) for one in sections))
    now, before = (_passed(rules.twelve_months(of, day, back), indicator, least) for back in (0, 1))
    trend = None if not (now and before) else round(now["value"] - before["value"], 2)
    return (now or {}) | {"trend": trend}


def _passed(lots: pl.DataFrame, indicator: str, least: int) -> Told | None:
    """What passed, in per cent, of the lots of an indicator; None for fewer than `least`."""
    whole = rules.shares(lots.with_columns(month=pl.lit("0000-00")), indicator, "year", least)
    if not whole or whole[0]["value"] is None:
        return None
    one: Told = whole[0]
    if indicator == "failure":
        turned = {"value": one["value"], "low": one["high"], "high": one["low"]}
        one = one | {name: round(100 - part, 2) for name, part in turned.items()}
    return {"value": one["value"], "low": one["low"], "high": one["high"], "lots": one["denominator"]}


def _awarded(awards: list[Told], category: Award, level: Level | None) -> int:
    return sum(
        one["many"] for one in awards if one["category"] == category and (level is None or one["level"] == level)
    )
