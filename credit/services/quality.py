"""Macro quality statistics: lots by month, region, industry and product; targets, grades, awards, lists. Prepared when
something changes, judged by the day; no number tells of one firm.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import String, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from credit.models import CessationRow, Event, Record
from credit.rules.law import Law
from credit.rules.quality_shares import CUBE, UnknownQuarter, in_quarter, quarter_of, shares
from credit.rules.regions import region_name
from credit.services import blacklist, statistics
from credit.services.duties import corrective
from credit.services.known import NOW
from credit.services.policies import law_on
from credit.services.reading import frame
from credit.services.tallies import Tally
from credit.terms import Cessation, Kind, Result, Stage

Told = dict[str, Any]
LEAST = "statistics.least"
PARTS = ("month", "region", "industry", "type")


def prepared(day: date) -> Told:
    """What every page and call is told from: `lots` (CUBE), `products` (CUBE with product), awards, grades, listings,
    data_as_of. The same object until something changed.
    """
    found: Told = _tally.of(day)
    return found


def least(day: date) -> int:
    """Cells of fewer lots are not told to the public."""
    law = law_on(day)
    return int(law.value(LEAST, day)) if LEAST in law.provisions else 5


def _count(day: date, known: str | None) -> Told:
    numbers = statistics.numbers(day)
    return counted(law_on(day), day) | {
        "awards": _awards(day),
        "grades": numbers["graded"], "enterprises": numbers["enterprises"], "listings": blacklist.count(day),
        "day": day, "data_as_of": known,
    }  # fmt: skip


_tally = Tally(_count)


def counted(law: Law, day: date) -> Told:
    """Lots that are final on the day: `lots` (CUBE), and `products` (CUBE with the product)."""
    final, overturned = failures(law, day)
    lots = [_passed(day), _counted(overturned, 0), _counted(final, 1)]
    products = [_passed(day, product=True), _counted(overturned, 0, "product"), _counted(final, 1, "product")]
    return {"lots": _summed(lots, [*PARTS]), "products": _summed(products, [*PARTS, "product"])}


def _parts(product: bool) -> list[Any]:
    month = func.substr(cast(Event.occurred_on, String), 1, 7, type_=String).label("month")
    industry = func.substr(Record.industry, 1, 3, type_=String).label("industry")
    more = [Event.product.label("product")] if product else []
    return [month, Record.region.label("region"), industry, Event.type.label("type"), *more]


def _passed(day: date, product: bool = False) -> pl.DataFrame:
    """Lots that passed at the first test, counted by the database."""
    later, parts = aliased(Event), _parts(product)
    wanted = (
        select(*parts, func.count().label("tested"))
        .join(Record, Record.enterprise_id == Event.enterprise_id)
        .where(
            Event.kind == str(Kind.INSPECTION), Event.result == str(Result.PASS), Event.stage == str(Stage.FIRST),
            Event.occurred_on <= day, ~exists().where(later.replaces == Event.seq), ~withdrawn(),
        )
        .group_by(*(part.element for part in parts))
    )  # fmt: skip
    if product:
        wanted = wanted.where(Event.product.is_not(None))
    return frame(wanted, bulk=True).with_columns(pl.col("tested").cast(pl.Int64), failed=pl.lit(0, pl.Int64))


def withdrawn() -> Any:
    """That the event was reported and taken back, and that this wasn't taken back itself."""
    again = aliased(CessationRow)
    return exists().where(
        CessationRow.event_id == Event.event_id, CessationRow.ground == str(Cessation.WITHDRAWN),
        ~exists().where(again.replaces == CessationRow.seq),
    )  # fmt: skip


def failures(law: Law, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Failures that are final by the day, and those that the re-inspection overturned."""
    names = [getattr(Event, name) for name in corrective.COLUMNS]
    chosen = select(*names, *_parts(product=True)).join(Record, Record.enterprise_id == Event.enterprise_id)
    failed = NOW.current(frame(chosen.where(Event.result == str(Result.FAIL), Event.occurred_on <= day)))
    firsts = corrective.standing(failed.filter(pl.col("stage") == "first"))
    looked = select(*names).where(Event.stage == "reinspection", Event.occurred_on <= day)
    looks = NOW.current(frame(looked))
    final = corrective.final(firsts, looks, law, day)
    passed = looks.filter(pl.col("result") == "pass").select(event_id="of").unique()
    return final, firsts.join(passed, on="event_id", how="semi")


def _counted(rows: pl.DataFrame, failed: int, *more: str) -> pl.DataFrame:
    parts = [*PARTS, *more]
    counted = rows.group_by(parts).agg(tested=pl.len().cast(pl.Int64))
    return counted.with_columns(failed=pl.col("tested") * failed)


def _summed(parts: list[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    columns = [*by, "tested", "failed"]
    types = {name: CUBE.get(name, pl.String) for name in columns}
    whole = pl.concat([part.select(columns).cast(types) for part in parts])  # type: ignore[arg-type]
    return whole.group_by(by).agg(pl.col("tested").sum(), pl.col("failed").sum()).sort(by, nulls_last=True)


def _awards(day: date) -> list[Told]:
    """Awards in force on the day: category, level, and how many."""
    later = aliased(Event)
    ended = exists().where(CessationRow.event_id == Event.event_id)
    begun = func.coalesce(Event.valid_from, Event.occurred_on)
    rows = frame(
        select(Event.category, Event.level, func.count().label("many"))
        .where(
            Event.kind == str(Kind.AWARD), ~exists().where(later.replaces == Event.seq), ~ended, begun <= day,
            or_(Event.valid_until.is_(None), Event.valid_until > day),
        )
        .group_by(Event.category, Event.level)
    )  # fmt: skip
    return rows.sort("category", "level", nulls_last=True).to_dicts()


WORDS: dict[str, dict[str, dict[str, str]]] = {
    "qualified": {
        "title": {"zh": "合格率", "en": "qualified share"},
        "definition": {
            "zh": "合格批次 ÷ 双随机抽查和监督抽查的检验批次。结果终局后计入；复检推翻的按合格计。",
            "en": "Lots that passed ÷ lots tested in random draws and supervised sampling. A lot counts once it is "
            "final; one that the re-inspection overturned has passed.",
        },
    },
    "failure": {
        "title": {"zh": "监督抽查不合格率", "en": "supervision failure share"},
        "definition": {
            "zh": "终局不合格批次 ÷ 监督抽查的检验批次。监督抽查针对风险，不能与合格率相互推算。",
            "en": "Lots finally failed ÷ lots tested in supervised sampling, which is aimed at risk: it doesn't follow "
            "from the qualified share, nor that from it.",
        },
    },
}  # fmt: skip


def told(asked: Told, day: date, whole: bool = False) -> Told:
    """An indicator by something, in the shape of schemas.quality.QualityTold. `whole`: to staff, small groups too."""
    found, fewest = prepared(day), 1 if whole else least(day)
    lots = found["products" if asked["by"] == "product" else "lots"]
    if asked.get("quarter"):
        lots = lots.filter(in_quarter(asked["quarter"]))
    for name in ("region", "industry"):
        if asked.get(name):
            lots = lots.filter(pl.col(name).str.starts_with(asked[name]))
    law = law_on(day)
    rows = shares(lots, asked["indicator"], asked["by"], fewest)
    items = [row | {"label": _label(str(row["group"]), asked["by"], law)} for row in rows]
    words = WORDS[asked["indicator"]]
    return {"indicator": asked["indicator"], "by": asked["by"], "least": fewest, "items": items, **words}


def _label(group: str, by: str, law: Law) -> dict[str, str]:
    """What a group is called."""
    if by == "industry":
        known = law.industries.get(group[1:3])
        told_of = {"zh": known["zh"], "en": known["en"]} if known else None
        return told_of or {"zh": group or "行业不详", "en": group or "unknown"}
    if by == "region":
        name = region_name(group) if group else None
        return {"zh": name or group or "地区不详", "en": name or group or "unknown"}
    return {"zh": group, "en": group}


def report(quarter: str, day: date) -> Told:
    """What a quarter's report tells: each indicator of the quarter by region, industry and product, and its course.

    Raises UnknownQuarter for one that hasn't begun or lies before the register.
    """
    if not f"{law_on(day).first_day.year}Q1" <= quarter <= quarter_of(day):
        raise UnknownQuarter(f"Ask for a quarter until {quarter_of(day)}.", zh=f"请查询截至 {quarter_of(day)} 的季度")
    course = {name: told({"indicator": name, "by": "quarter"}, day) for name in WORDS}
    for one in course.values():
        one["items"] = [row for row in one["items"] if row["group"] <= quarter][-8:]
    parts = [
        told({"indicator": name, "by": by, "quarter": quarter}, day)
        for name in WORDS for by in ("region", "industry", "product")
    ]  # fmt: skip
    over = quarter < quarter_of(day)
    return {"quarter": quarter, "course": course, "parts": parts, "least": least(day), "over": over}
