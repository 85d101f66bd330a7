"""Classified supervision at the desk: tiers as a picture, strata against the year's quota, and the list. Internal."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.errors import InvalidInput
from credit.services import supervision
from credit.terms import Grade, InspectionType, Result, Risk, Tier
from credit.tier_files import HEADERS, tier_file
from credit.web.desk import signed_in
from credit.web.fact_words import named_fields
from schemas.supervision import COLUMNS, TierFilter, TierQuery

ENGLISH = {
    "code": "Code", "name": "Name", "grade": "Grade", "tier": "Tier", "risk": "Product risk", "region": "Region",
    "industry": "Industry", "last": "Last inspection", "last_type": "Its type", "last_result": "Its result",
    "due": "Due", "due_on": "Due by", "rate": "A year", "planned": "Planned this year", "cap": "Cap",
    "reasons": "Why",
}  # fmt: skip
DUE = {
    "overdue": ("已逾期", "overdue"), "soon": ("60 天内", "within 60 days"), "later": ("60 天后", "later"),
    "draw": ("按比例抽取", "by draw"), "none": ("不检查", "not inspected"),
}  # fmt: skip
SHOWN = ("grade", "tier", "risk", "last", "due", "planned", "reasons")  # unless columns are chosen


@signed_in("supervise")
def tiers() -> str | tuple[str, int]:
    """The picture of tiers and strata, and a page of enterprises."""
    sent = {name: value for name, value in request.args.items() if name not in ("columns", "lang")}
    columns = [name for name in request.args.getlist("columns") if name in COLUMNS]
    try:
        page: Any = supervision.page(TierQuery().load(sent), today())
        wrong: dict[str, str] = {}
    except (ValidationError, InvalidInput) as refused:
        page, wrong = {"items": [], "next": None}, named_fields(refused)
    told = render_template(
        "desk-tiers.html", page=page, wrong=wrong, asked=sent, columns=columns or list(SHOWN), every=COLUMNS,
        labels={name: (HEADERS[name], ENGLISH[name]) for name in COLUMNS}, summary=supervision.summary(today()),
        due=DUE, tiers=Tier, grades=Grade, risks=Risk, types=InspectionType, results=Result,
    )  # fmt: skip
    return (told, 422) if wrong else told


@signed_in("supervise")
def tiers_file(kind: str) -> Response:
    """Every enterprise that the filters leave, as CSV or workbook."""
    sent = {name: value for name, value in request.args.items() if name not in ("columns", "lang", "cursor", "limit")}
    return tier_file(TierFilter().load(sent | {"columns": ",".join(request.args.getlist("columns"))}), kind, today())
