"""All duties of all kinds as one list, by deadline: open, overdue, late, in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.models import Department, Record
from credit.rules.working_days import working_days_between
from credit.services.demands import open_demands
from credit.services.duties.complaints import complaints
from credit.services.duties.corrective import corrective
from credit.services.duties.inspecting import inspecting
from credit.services.duties.listing import listing_clocks
from credit.services.duties.objections import objections
from credit.services.duties.redact import redactions
from credit.services.duties.reports import reports
from credit.services.duties.terms import DUTY, with_clock
from credit.services.paging import bad_cursor
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.services.repairs.archive import archived

LOOK_BACK = timedelta(days=400)
WORDS = {
    "report": ("报送处罚决定（双公示）", "report the penalty"),
    "publish": ("公示处罚决定", "publish the penalty"),
    "redact": ("对公示文字脱敏", "mask personal data in the text"),
    "product-correction": ("不合格产品整改", "correct the failed product"),
    "recheck": ("组织复查", "re-check the product"),
    "second-recheck": ("公告后再次复查", "re-check again after the announcement"),
    "withdraw": ("撤回已变更或撤销的决定", "withdraw what was changed or revoked"),
    "correct": ("更正不准确的信息", "correct what is inaccurate"),
    "listing-publication": ("公示列入决定", "publish the listing"),
    "removal-acceptance": ("受理提前移出申请", "accept the application for early removal or not"),
    "removal-decision": ("决定提前移出申请", "decide on early removal"),
    "review-listing": ("复核列入决定", "decide anew on the listing"),
    "objection": ("处理异议", "decide on the objection"),
    "objection-answer": ("答复异议协查", "answer about the objection"),
    "objection-whole": ("办结协查中的异议", "decide on the objection, others asked"),
    "repair-acceptance": ("受理信用修复申请", "accept the application for repair or not"),
    "repair-decision": ("决定信用修复申请", "decide on the application for repair"),
    "inspection": ("完成检查任务", "inspect by the plan's end"),
    "inspection-result": ("录入并公示检查结果", "record and show the result of the inspection"),
    "complaint-acceptance": ("决定是否受理投诉", "accept the complaint or not"),
    "complaint-mediation": ("终止投诉调解并答复", "end mediation and answer the complaint"),
    "report-decision": ("决定举报是否立案", "decide on filing a case after the report"),
    "report-telling": ("告知实名举报人", "tell the named reporter what was decided"),
    "statement": ("核对企业声明", "check the enterprise's statement"),
}
STATES = ("overdue", "open", "late", "in_time")


def duties(day: date, department_id: int | None = None) -> pl.DataFrame:
    """Every duty that had begun by `day`, of all departments or of one, in the shape DUTY with `state`.

    Penalties count that were received in the last 400 days; what is still open, however old, of all others.
    """
    law = law_on(day)
    demanded = open_demands(day).drop("days")
    parts = [
        reports(law, day, day - LOOK_BACK), redactions(law, day, LOOK_BACK), corrective(law, day),
        with_clock(demanded, law), listing_clocks(law, day), objections(law, day),
        complaints(law, day), inspecting(law, day, day - LOOK_BACK),
    ]  # fmt: skip
    whole = pl.concat(parts)
    if department_id is not None:
        whole = whole.filter(pl.col("department_id") == department_id)
    else:  # what was repaired is its own department's business alone
        whole = whole.join(archived().select(event_id="number"), on="event_id", how="anti", nulls_equal=False)
    in_time = pl.col("done_on") <= pl.col("due_on")
    state = (
        pl.when(pl.col("done_on").is_null())
        .then(pl.when(pl.col("due_on") < day).then(pl.lit("overdue")).otherwise(pl.lit("open")))
        .otherwise(pl.when(in_time).then(pl.lit("in_time")).otherwise(pl.lit("late")))
    )
    return whole.select(*DUTY).with_columns(state=state).sort("due_on", "kind", "event_id", "listing")


def page(
    found: pl.DataFrame, day: date, kind: str | None, state: str | None, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A page of duties as schemas.duty.AlertPage: those of a kind and state; counts are of the kind's every state."""
    place = cursor or "0"
    if not (place.isascii() and place.isdigit() and len(place) < 10):
        raise bad_cursor()
    of_kind = found.filter(pl.col("kind") == kind) if kind else found
    counts = dict(of_kind.group_by("state").len().iter_rows())
    wanted = of_kind.filter(pl.col("state") == state) if state else of_kind
    after = int(place)
    return {
        "items": _named(wanted.slice(after, limit), day),
        "next": str(after + limit) if after + limit < len(wanted) else None,
        "counts": {name: counts.get(name, 0) for name in STATES},
    }


def _named(some: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    """Duties with the names of who and what."""
    owners = frame(
        select(Record.enterprise_id, Record.code, Record.name).where(
            among(Record.enterprise_id, some["enterprise_id"].unique().to_list())
        )
    )
    departments = frame(select(Department.id.label("department_id"), Department.name.label("department")))
    whole = some.join(owners, on="enterprise_id", how="left", maintain_order="left").join(
        departments, on="department_id", how="left", maintain_order="left"
    )
    return [_told(row, day) for row in whole.iter_rows(named=True)]


def _told(row: dict[str, Any], day: date) -> dict[str, Any]:
    zh, en = WORDS[row["kind"]]
    left = working_days_between(day, row["due_on"]) if row["done_on"] is None else None
    names = ("kind", "state", "department", "code", "name", "began_on", "opens_on", "due_on", "provisional", "done_on")
    return {name: row[name] for name in names} | {
        "event": row["event_id"], "listing": row["listing"],
        "title": {"zh": zh, "en": en}, "basis": row["basis"], "working_days_left": left,
    }  # fmt: skip
