"""The monitors: what each finds on a day in lots that are final, and its evidence. Nothing is kept here."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules.law import Law
from credit.rules.months import months_after
from credit.rules.risk_warnings import cusum
from credit.rules.risk_warnings.shrinkage import shrunk
from credit.terms import WarningKind, WarningLevel

KEYS = (
    "meeting-finals", "meeting-months", "false-alarm-percent", "odds", "credible-percent", "least-lots", "near-misses",
    "near-miss-months",
)  # fmt: skip
SERIES, YEAR, LATELY = 36, 12, 2  # months followed, of one year, and in which an alarm is news
# Final failures: enterprise, region, industry (division), product, day; near misses: enterprise, code, name, day, why.
Found = dict[str, Any]


def known(law: Law) -> bool:
    """Whether the policy knows the monitors."""
    return all(f"warnings.{key}" in law.provisions for key in KEYS)


def meetings(failures: pl.DataFrame, law: Law, day: date) -> list[Found]:
    """Industries of a region with so many final failures that a quality analysis meeting is due (Order 18 art. 50)."""
    since = months_after(day, -int(law.value("warnings.meeting-months", day)))
    lately = failures.filter(pl.col("day") > since, pl.col("day") <= day).drop_nulls(["region", "industry"])
    counted = lately.group_by("region", "industry").agg(
        finals=pl.len(), enterprises=pl.col("enterprise").n_unique(), first=pl.col("day").min(),
        last=pl.col("day").max(), products=pl.col("product").drop_nulls().unique().sort(),
    )  # fmt: skip
    rows = counted.filter(pl.col("finals") >= int(law.value("warnings.meeting-finals", day))).sort("region", "industry")
    return [
        _found(
            WarningKind.MEETING, f"{row['industry']}@{row['region']}", WarningLevel.HIGH, row["last"],
            {name: row[name] for name in ("region", "industry", "finals", "enterprises", "products")}
            | {"since": str(row["first"]), "until": str(row["last"])},
        )
        for row in rows.to_dicts()
    ]  # fmt: skip


def excesses(lots: pl.DataFrame, by: str, law: Law, day: date) -> list[Found]:
    """Groups (product, industry, region) whose share of failures lies above the whole's with the stated credibility.

    `lots`: month, the column `by`, tested, failed. The last twelve months count.
    """
    start = f"{months_after(day.replace(day=1), -YEAR + 1):%Y-%m}"
    year = lots.filter(pl.col("month") >= start).drop_nulls(by).group_by(by).agg(
        pl.col("tested").sum(), pl.col("failed").sum()
    )  # fmt: skip
    told = shrunk(year.sort(by), float(law.value("warnings.credible-percent", day)))
    above = told.filter(
        pl.col("low") > pl.col("whole"), pl.col("tested") >= int(law.value("warnings.least-lots", day))
    )
    return [
        _found(
            WarningKind.EXCESS, f"{by}:{row[by]}",
            WarningLevel.HIGH if row["low"] > 2 * row["whole"] else WarningLevel.MEDIUM, day,
            {"by": by, "group": row[by], "tested": row["tested"], "failed": row["failed"]}
            | {name: round(100 * row[name], 2) for name in ("rate", "low", "high", "whole")},
        )
        for row in above.to_dicts()
    ]  # fmt: skip


def changes(lots: pl.DataFrame, by: str, law: Law, day: date) -> list[Found]:
    """Groups whose share of failures has risen: the CUSUM crossed its limit in the last months."""
    months = [f"{months_after(day.replace(day=1), -back):%Y-%m}" for back in range(SERIES - 1, -1, -1)]
    wide = lots.filter(pl.col("month").is_in(months)).drop_nulls(by).group_by(by, "month").agg(
        pl.col("tested").sum(), pl.col("failed").sum()
    )  # fmt: skip
    odds = float(law.value("warnings.odds", day))
    rate = int(law.value("warnings.false-alarm-percent", day)) / 100
    found = []
    for (group,), rows in wide.group_by(by, maintain_order=False):
        if rows["tested"].sum() < int(law.value("warnings.least-lots", day)):
            continue
        at = pl.DataFrame({"month": months}).join(rows, on="month", how="left", maintain_order="left").fill_null(0)
        tested, failed = at["tested"].to_numpy(), at["failed"].to_numpy()
        before = slice(0, SERIES - YEAR)  # what was usual before the year that is watched
        usual = (failed[before].sum() + 0.5) / (tested[before].sum() + 1)
        followed = cusum.path(tested, failed, min(float(usual), 0.5), odds, rate)
        if followed.alarms and followed.alarms[-1] >= SERIES - 1 - LATELY:
            evidence = {"by": by, "group": group, "usual": round(100 * float(usual), 2), "months": months}
            evidence |= {"failed": failed.tolist(), "tested": tested.tolist()}
            evidence |= {"sums": followed.sums, "limit": followed.limit}
            found.append(_found(WarningKind.CHANGE, f"{by}:{group}", WarningLevel.HIGH, day, evidence))
    return sorted(found, key=lambda one: one["subject"])


def near_misses(misses: pl.DataFrame, law: Law, day: date) -> list[Found]:
    """Enterprises that failed again and again and were each time mended or cleared."""
    since = months_after(day, -int(law.value("warnings.near-miss-months", day)))
    lately = misses.filter(pl.col("day") > since, pl.col("day") <= day)
    counted = lately.group_by("code").agg(
        many=pl.len(), name=pl.col("name").first(), last=pl.col("day").max(), days=pl.col("day").sort().dt.to_string()
    )
    rows = counted.filter(pl.col("many") >= int(law.value("warnings.near-misses", day))).sort("code")
    return [
        _found(
            WarningKind.NEAR_MISS, f"code:{row['code']}", WarningLevel.MEDIUM, row["last"],
            {"code": row["code"], "name": row["name"], "many": row["many"], "days": row["days"]},
        )
        for row in rows.to_dicts()
    ]  # fmt: skip


def _found(kind: WarningKind, subject: str, level: WarningLevel, last: date, evidence: Found) -> Found:
    return {"kind": str(kind), "subject": subject, "level": str(level), "last_on": last, "evidence": evidence}

