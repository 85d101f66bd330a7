"""The list of supervised enterprises: grade, tier, risk, last inspection, when due, and why. For supervisors alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import polars as pl
from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from credit.db import db
from credit.identifiers import normalise
from credit.models import Event, Record, Standing
from credit.rules import supervision as rules
from credit.rules.draws.plan import check_law, risk_of
from credit.rules.law import Law
from credit.services import quality
from credit.services.draws import candidates
from credit.services.paging import Page, bad_cursor, checked_limit
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.services.tallies import Tally
from credit.terms import Kind, Stage, Status, Tier
from schemas.supervision import COLUMNS

Told = dict[str, Any]
CURSOR = re.compile(r"([0-9A-Z]{18})\.([0-9]{1,18})")
FIRST_BLOCK, LARGEST_BLOCK = 400, 100_000
Place = tuple[str, int]


def page(asked: Told, day: date) -> Page:
    """Enterprises by code, as schemas.supervision.TierRow tells them. `asked` as TierQuery loads it.

    Raises InvalidInput, NoRulesOfDraws under a policy without frequencies.
    """
    law, limit = _law(day), checked_limit(asked["limit"])
    found: list[pl.DataFrame] = []
    for block in _blocks(asked, law, day, _place(asked.get("cursor"))):
        found.append(block)
        if sum(map(len, found)) > limit:
            break
    rows = pl.concat(found).head(limit + 1) if found else pl.DataFrame()
    shown = _with_reasons(rows.head(limit))
    last = shown[-1] if shown else None
    following = f"{last['code']}.{last['enterprise']}" if last and len(rows) > limit else None
    return Page(shown, following)


def table(asked: Told, day: date) -> pl.DataFrame:
    """Every enterprise that is asked for, in the columns that are asked for."""
    law, chosen = _law(day), list(asked["columns"] or COLUMNS)
    parts = [_told(block, "reasons" in chosen).select(chosen) for block in _blocks(asked, law, day, ("", 0))]
    schema = dict.fromkeys(chosen, pl.String)
    return pl.concat(parts, how="vertical_relaxed") if parts else pl.DataFrame(schema=schema)


def _told(block: pl.DataFrame, with_reasons: bool) -> pl.DataFrame:
    if not with_reasons:
        return block
    reasons = ["；".join(one["zh"] for one in row["reasons"]) for row in _with_reasons(block)]
    return block.with_columns(reasons=pl.Series(reasons, dtype=pl.String))


def summary(day: date) -> Told:
    """Tiers with their measures and provisions, and the strata with what is owed this year, of the whole register."""
    counted: Told = _summary.of(day)
    return counted


def _count(day: date, _known: str | None) -> Told:
    law = _law(day)
    whole = _inspected(_regraded(frame(_chosen({}, day), bulk=True), law, day), law, day, everyone=True)
    strata = rules.strata(whole, law, day)
    firms = dict(strata.group_by("tier").agg(pl.col("enterprises").sum()).iter_rows())
    return {
        "tiers": [_tier(tier, firms.get(str(tier), 0), law, day) for tier in Tier], "strata": strata.to_dicts(),
    }  # fmt: skip


_summary = Tally(_count)


def _tier(tier: Tier, firms: int, law: Law, day: date) -> Told:
    """A tier with its measures, the grades that lead to it, and the provisions of both."""
    measures = law.provisions[f"measures.{tier}"].on(day)
    placed = [key.removeprefix("tiers.") for key in law.provisions if key.startswith("tiers.")]
    grades = [grade for grade in placed if str(law.value(f"tiers.{grade}", day)) == str(tier) and grade != "unasked"]
    return {
        "tier": str(tier), "zh": tier.zh, "en": tier.en, "enterprises": firms, "grades": grades,
        "measures": measures.value, "source": measures.source.title,
        "share": law.value(f"shares.{tier}", day),
    }  # fmt: skip


def _law(day: date) -> Law:
    law = law_on(day)
    check_law(law)
    return law


def _blocks(asked: Told, law: Law, day: date, after: Place) -> Iterator[pl.DataFrame]:
    """What is asked for by code, in blocks that grow: a filter that few meet costs few statements."""
    size = FIRST_BLOCK
    while True:
        wanted = _chosen(asked, day).where(tuple_(Record.code, Record.enterprise_id) > after)
        firms = frame(wanted.order_by(Record.code, Record.enterprise_id).limit(size))
        if len(firms):
            yield _meeting(asked, _inspected(_regraded(firms, law, day), law, day), law, day)
        if len(firms) < size:
            return
        after, size = (str(firms["code"][-1]), int(firms["enterprise"][-1])), min(size * 4, LARGEST_BLOCK)


def _chosen(asked: Told, day: date) -> Any:
    """Enterprises as they stand; a standing that ended may have any grade by now, so that it stays in."""
    told = (Record.region, Record.industry, Record.status, Standing.grade, Standing.tier, Standing.expires_on)
    chosen = select(Record.enterprise_id.label("enterprise"), Record.code, Record.name, *told)
    wanted: Any = chosen.outerjoin(Standing, Standing.enterprise_id == Record.enterprise_id)
    for name, column in (("region", Record.region), ("industry", Record.industry)):
        if asked.get(name):
            wanted = wanted.where(column.startswith(asked[name]))
    if asked.get("q"):
        code, text = normalise(asked["q"]), asked["q"].strip()
        wanted = wanted.where(or_(Record.code.startswith(code), Record.name.contains(text, autoescape=True)))
    for name, standing in (("tier", Standing.tier), ("grade", Standing.grade)):
        if asked.get(name):
            wanted = wanted.where(or_(standing == str(asked[name]), Standing.expires_on <= day))
    return wanted


def _regraded(firms: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Standings that ended are made anew, of the day; nothing is written."""
    told = firms.with_columns(risk=risk_of(law), living=pl.col("status") == str(Status.LIVING))
    anew = candidates.graded_anew(told, law, day)
    return told.update(anew, on="enterprise", how="left", include_nulls=True) if len(anew) else told


def _inspected(firms: pl.DataFrame, law: Law, day: date, everyone: bool = False) -> pl.DataFrame:
    """With the last inspection (last, last_type, last_result), `planned` ones of this year, and the `cap`."""
    ids = firms["enterprise"].to_list()
    later = aliased(Event)
    wanted = select(
        Event.seq, Event.enterprise_id.label("enterprise"), Event.occurred_on, Event.type, Event.result,
        Event.stage,
    ).where(
        Event.kind == str(Kind.INSPECTION), Event.occurred_on <= day, ~exists().where(later.replaces == Event.seq),
        ~quality.withdrawn(),
    )  # fmt: skip
    rows = frame(wanted, bulk=True) if everyone else frame(wanted.where(among(Event.enterprise_id, ids)))
    last = rows.sort("occurred_on", "seq").group_by("enterprise", maintain_order=True).agg(
        last=pl.col("occurred_on").last(), last_type=pl.col("type").last(), last_result=pl.col("result").last()
    )
    this_year = rows.filter(pl.col("occurred_on") >= date(day.year, 1, 1), pl.col("stage") == str(Stage.FIRST))
    planned = candidates.planned(this_year, date(day.year, 1, 1))
    joined = firms.join(last, on="enterprise", how="left", maintain_order="left")
    whole = joined.join(planned, on="enterprise", how="left", maintain_order="left")
    cap = int(law.value("draws.yearly-cap", day))
    return whole.with_columns(pl.col("planned").fill_null(0), cap=pl.lit(cap))


def _meeting(asked: Told, firms: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Those that meet every filter, with when they are due."""
    told = rules.due(firms, law, day)
    for name in ("tier", "grade", "risk", "due"):
        if asked.get(name):
            told = told.filter(pl.col(name) == str(asked[name]))
    return told


def _with_reasons(rows: pl.DataFrame) -> list[Told]:
    """Each enterprise with the sentences of what lowered its grade, out of the record as it was published."""
    if rows.is_empty():
        return []
    ids = rows["enterprise"].to_list()
    bodies = db.session.execute(select(Record.enterprise_id, Record.body).where(among(Record.enterprise_id, ids)))
    reasons = {number: _reasons(body) for number, body in bodies}
    return [row | {"reasons": reasons.get(row["enterprise"], [])} for row in rows.to_dicts()]


def _reasons(body: bytes) -> list[Told]:
    findings = orjson.loads(body).get("findings") or []
    lowered = [one for one in findings if (one["points"] or 0) < 0 or one["outcome"] == "ceiling"]
    return [one["sentence"] for one in sorted(lowered, key=lambda one: one["points"] or 0)]


def _place(cursor: str | None) -> Place:
    if cursor is None:
        return ("", 0)
    if (found := CURSOR.fullmatch(cursor)) is None:
        raise bad_cursor()
    return found[1], int(found[2])
