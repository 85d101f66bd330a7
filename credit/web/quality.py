"""Macro quality statistics as pages: for the public, read without a script; for staff, with every filter and tier."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from flask import Response, current_app, render_template, request
from marshmallow import ValidationError

from credit.clock import now, seconds_left, today
from credit.errors import InvalidInput
from credit.rules.months import months_after
from credit.rules.quality_shares import BY, quarter_of
from credit.screening_files import MIME
from credit.services import quality, supervision
from credit.services.targets import targets
from credit.tier_files import table_file
from credit.web import quality_report
from credit.web.desk import signed_in
from credit.web.fact_words import named_fields
from credit.web.language import language, t
from credit.web.quality_charts import bars
from schemas.quality import QualityQuery

SHOWN = ("quarter", "region", "industry", "product")
FRESH = 300
KEPT = ("", "lang=zh", "lang=en")
NUMBERS = ("numerator", "denominator", "value", "low", "high")
_pages: dict[tuple[str, str], tuple[Any, str]] = {}


def statistics() -> Response:
    """The page, set once for what is prepared: as long as nothing changed, it is only handed out."""
    day, asked = today(), request.query_string.decode(errors="replace")
    found = quality.prepared(day)
    if asked not in KEPT:  # its links would carry what somebody else typed
        return Response(_page(found, day), content_type="text/html; charset=utf-8")
    key = (current_app.config["DATABASE_URL"], language() + asked)
    if key not in _pages or _pages[key][0] is not found:
        _pages[key] = (found, _page(found, day))
    return Response(_pages[key][1], content_type="text/html; charset=utf-8")


def _page(found: dict[str, Any], day: date) -> str:
    indicators: list[dict[str, Any]] = [
        {"of": quality.told({"indicator": name, "by": by}, day), "by": by} for name in quality.WORDS for by in SHOWN
    ]
    for one in indicators:
        one["chart"] = bars(one["of"]["items"]) if one["by"] == "quarter" else None
    return render_template(
        "statistics.html", found=found, indicators=indicators, targets=targets(found, day, quality.least(day)),
        least=quality.least(day), day=day,
        quarters=_quarters(day),
    )  # fmt: skip


def _quarters(day: date) -> list[str]:
    """The last four quarters that are over."""
    months = [months_after(day.replace(day=1), -3 * back) for back in range(1, 5)]
    return [quarter_of(month) for month in months]


def statistics_report(quarter: str, kind: str) -> Response:
    """The report of a quarter as PDF or workbook. Raises UnknownQuarter."""
    day = today()
    told = quality.report(quarter, day)
    body = quality_report.pdf(told, day, t) if kind == "pdf" else quality_report.workbook(told)
    mime = "application/pdf" if kind == "pdf" else MIME[".xlsx"]
    named = {"Content-Disposition": f'inline; filename="quality-{quarter}.{kind}"'}
    headers = named | {"Cache-Control": _fresh()}
    return Response(body, 200, headers, content_type=mime)


def statistics_csv() -> Response:
    """An indicator by something, as CSV that Excel opens."""
    try:
        asked = QualityQuery().load(request.args.to_dict())
    except ValidationError as wrong:
        errors: Any = wrong.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidInput("Some parameters are wrong.", zh="参数有误", errors=errors) from None
    return _csv(quality.told(asked, today()), f"{asked['indicator']}-{asked['by']}")


def _csv(told: dict[str, Any], name: str) -> Response:
    few = f"少于{told['least']}"
    rows = [
        [row["label"]["zh"], *(few if row[part] is None else str(row[part]) for part in NUMBERS)]
        for row in told["items"]
    ]
    table = pl.DataFrame(rows, schema=dict.fromkeys(quality_report.HEADERS, pl.String), orient="row")
    return table_file(table, name, "csv", _fresh())


def _fresh() -> str:
    """For how long others may keep it: a while, and never past the day."""
    return f"public, max-age={min(FRESH, seconds_left(today(), now()))}"


@signed_in("supervise")
def statistics_desk() -> str | tuple[str, int]:
    """Every indicator by everything, filtered, small groups too; and the tiers, which nobody else sees."""
    day, sent = today(), {name: value for name, value in request.args.items() if name != "lang"}
    try:
        asked, wrong = QualityQuery().load(sent), {}
    except ValidationError as refused:
        asked, wrong = QualityQuery().load({}), named_fields(refused)
    told = quality.told(asked, day, whole=True)
    page = render_template(
        "desk-statistics.html", told=told, asked=asked, wrong=wrong, typed=sent, by=BY, words=quality.WORDS,
        drawn=bars(told["items"], latest=40), summary=supervision.summary(day), found=quality.prepared(day),

    )  # fmt: skip
    return (page, 422) if wrong else page
