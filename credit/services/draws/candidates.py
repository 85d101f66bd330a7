"""The candidates of a plan, read set-wise from the register: tier as of the day, inspections of the year."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import exists, literal, or_, select
from sqlalchemy.orm import aliased

from credit.models import CessationRow, Drawn, Event, ItemPrefix, Record, Standing
from credit.rules.dossier import TAKEN_BACK
from credit.rules.draws.plan import Plan, risk_of
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.services.ages import public_facts
from credit.services.dossiers import load
from credit.services.known import NOW, Known
from credit.services.reading import frame
from credit.terms import Cessation, InspectionType, Kind, Stage, Status

PLANNED = (InspectionType.RANDOM_DRAW, InspectionType.SUPERVISED_SAMPLING)
AT_ONCE = 50_000


def read(plan: Plan, law: Law, day: date) -> pl.DataFrame:
    """Who lies in the plan's scope: enterprise, region, industry, and KNOWN with the code as key, by code.

    Only what is committed is seen: nothing was written in this transaction. Raises what `draws` raises.
    """
    firms = _standing().filter(plan.in_scope())
    firms = firms.join(_holders(plan, day), on="enterprise", how="semi") if plan.products else firms
    firms = firms.with_columns(risk=risk_of(law), living=pl.col("status") == str(Status.LIVING))
    tiers = graded_anew(firms, law, day).select("enterprise", "tier")
    firms = firms.update(tiers, on="enterprise", how="left", include_nulls=True) if len(tiers) else firms
    inspected = _inspected(plan, law, day)
    whole = firms.join(inspected, on="enterprise", how="left", maintain_order="left") if len(inspected) else (
        firms.with_columns(planned=pl.lit(None, pl.Int64), higher=pl.lit(None, pl.Boolean))
    )  # fmt: skip
    return whole.select(
        "enterprise", "key", "tier", "risk", "living", "region", "industry", pl.col("planned").fill_null(0),
        pl.col("higher").fill_null(False),
    ).sort("key")  # fmt: skip


def _standing() -> pl.DataFrame:
    """Every enterprise as it stands, in one narrow read."""
    told = (Record.region, Record.industry, Record.status, Standing.tier, Standing.expires_on)
    chosen = select(Record.enterprise_id.label("enterprise"), Record.code.label("key"), *told)
    return frame(chosen.outerjoin(Standing, Standing.enterprise_id == Record.enterprise_id), bulk=True)


def _holders(plan: Plan, day: date) -> pl.DataFrame:
    """`enterprise`: who holds a company prefix of the plan's products on the day, or was inspected for such an item."""
    later, held = aliased(ItemPrefix), (ItemPrefix.valid_until.is_(None) | (ItemPrefix.valid_until > day))
    begun = [ItemPrefix.prefix.startswith(product) for product in plan.products]
    within = [literal(product).startswith(ItemPrefix.prefix) for product in plan.products]
    holders = select(ItemPrefix.enterprise_id.label("enterprise")).where(
        or_(*begun, *within), ItemPrefix.valid_from <= day, held, ~exists().where(later.replaces == ItemPrefix.seq)
    )
    # An item's code of 13 digits may have been written with a zero in front (GTIN-14).
    coded = [Event.gtin.startswith(zero + product) for product in plan.products for zero in ("", "0")]
    seen = select(Event.enterprise_id.label("enterprise")).where(
        Event.kind == str(Kind.INSPECTION), Event.gtin.is_not(None), Event.occurred_on <= day, or_(*coded)
    )
    return pl.concat([frame(holders, bulk=True), frame(seen, bulk=True)]).unique()


def graded_anew(firms: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """enterprise, grade and tier of those whose standing ended: graded anew, of the day; nothing is written."""
    stale = firms.filter(pl.col("expires_on") <= day)["enterprise"].sort().to_list()
    parts = [stale[start : start + AT_ONCE] for start in range(0, len(stale), AT_ONCE)]
    known = Known(committed=True)
    found = []
    for ids in parts:
        facts = load(ids, law, known, to_show=False).facts
        asks = facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
        found.append(grades(asks, public_facts(facts, day), law).select("enterprise", "grade", "tier"))
    none = pl.DataFrame(schema={"enterprise": pl.Int64, "grade": pl.String, "tier": pl.String})
    return pl.concat(found) if found else none


def _inspected(plan: Plan, law: Law, day: date) -> pl.DataFrame:
    """enterprise, `planned`: planned inspections of this year by days, `higher`: a higher level sampled lately."""
    year, lately = date(day.year, 1, 1), plan.sampled_from(law, day)
    later = aliased(Event)
    rows = frame(
        select(Event.event_id, Event.enterprise_id.label("enterprise"), Event.occurred_on, Event.type, Event.level)
        .where(
            Event.kind == str(Kind.INSPECTION), Event.occurred_on >= min(year, lately), Event.occurred_on <= day,
            Event.type.in_([str(one) for one in PLANNED]), Event.stage == str(Stage.FIRST),
            ~exists().where(later.replaces == Event.seq),
        ),
        bulk=True,
    )  # fmt: skip
    rows = rows.join(withdrawn(), on="event_id", how="anti") if len(rows) else rows
    higher = pl.col("level").is_in([str(one) for one in plan.higher()]) & (pl.col("occurred_on") > lately)
    lately_by_higher = rows.group_by("enterprise").agg(higher=higher.any())
    counted = planned(rows.filter(pl.col("occurred_on") >= year), year)
    whole = lately_by_higher.join(counted, on="enterprise", how="full", coalesce=True)
    return whole.select("enterprise", "planned", higher=pl.col("higher").fill_null(False))


def planned(rows: pl.DataFrame, year: date) -> pl.DataFrame:
    """enterprise and `planned`: planned inspections of this year's inspections by days; those that were drawn and not
    reported yet count as well.
    """
    by_draw = pl.col("occurred_on").filter(pl.col("type") == str(InspectionType.RANDOM_DRAW))
    by_others = pl.col("occurred_on").filter(pl.col("type") == str(InspectionType.SUPERVISED_SAMPLING))
    found = rows.group_by("enterprise").agg(
        drawn=by_draw.n_unique().cast(pl.Int64), others=by_others.n_unique().cast(pl.Int64)
    )
    given = found.join(_given(year), on="enterprise", how="full", coalesce=True)
    many = pl.max_horizontal("drawn", "given").fill_null(0) + pl.col("others").fill_null(0)
    return given.select("enterprise", planned=many)


def _given(year: date) -> pl.DataFrame:
    """enterprise and `given`: how often it was drawn this year, whether or not that was reported already."""
    rows = frame(select(Drawn.enterprise_id.label("enterprise")).where(Drawn.drawn_on >= year), bulk=True)
    return rows.group_by("enterprise").len("given").cast({"given": pl.Int64})


def withdrawn() -> pl.DataFrame:
    """The events that were reported and taken back."""
    grounds = [str(Cessation.WITHDRAWN), TAKEN_BACK]
    told = (CessationRow.seq, CessationRow.replaces, CessationRow.enterprise_id, CessationRow.event_id)
    rows = frame(select(*told, CessationRow.ground).where(CessationRow.ground.in_(grounds)), bulk=True)
    return NOW.current(rows).filter(pl.col("ground") == str(Cessation.WITHDRAWN)).select("event_id")
