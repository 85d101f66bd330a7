"""Risk warnings at the desk: what stands out, one warning with its evidence as a picture, what became of them."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.rules.regions import region_name
from credit.services.policies import law_on
from credit.services.risk_warnings import acts
from credit.terms import WarningKind, WarningLevel, WarningOutcome, WarningState
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import named_fields
from credit.web.language import t
from schemas.warning import WarningActIn

Page = str | Response | tuple[str, int]
WIDTH, HEIGHT = 720, 160
BY = {"product": ("产品", "product"), "industry": ("行业", "industry"), "region": ("地区", "region")}


@signed_in("supervise")
def warnings() -> str:
    """Warnings of a state, the newest first, and how often each monitor was right."""
    chosen = asked("state")
    state = chosen if chosen in list(WarningState) else None
    page: Any = acts.page({"limit": 20, "cursor": asked("cursor"), "state": state})
    for one in page.items:
        one["title"] = title(one)
    return render_template(
        "desk-warnings.html", page=page, chosen=state, record=acts.record(), states=WarningState, kinds=WarningKind,
        levels=WarningLevel,
    )  # fmt: skip


@signed_in("supervise")
def warning(number: int) -> Page:
    """One warning, and the form of what can be done."""
    if request.method == "GET":
        return _page(number, {})
    sent = {name: text for name in ("act", "note", "outcome") if (text := request.form.get(name, "").strip())}
    try:
        given = WarningActIn().load(sent)
        with transaction("warning-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            acts.act(change, number, g.bearer, given, today())
    except (ValidationError, InvalidInput) as refused:
        return _page(number, named_fields(refused)), 422
    except RegisterError as refused:
        acts.find(number)
        return _page(number, {"act": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.warning", number=number), 303)


def _page(number: int, wrong: dict[str, str]) -> str:
    case = acts.one(number)
    return render_template(
        "desk-warning.html", case=case, title=title(case), line=_line(case["evidence"]), wrong=wrong,
        typed=request.form, states=WarningState, kinds=WarningKind, levels=WarningLevel, outcomes=WarningOutcome,
    )  # fmt: skip


def title(one: dict[str, Any]) -> str:
    """What a warning is about, in words."""
    of, industries = one["evidence"], law_on(today()).industries

    def industry(code: str) -> str:
        known = industries.get(code[1:3])
        return t(known["zh"], known["en"]) if known else code

    def region(code: str) -> str:
        return region_name(code) or code

    if one["kind"] == WarningKind.MEETING:
        return f"{industry(of['industry'])} · {region(of['region'])}"
    if one["kind"] == WarningKind.NEAR_MISS:
        return str(of["name"])
    named = {"industry": industry, "region": region}
    group = named[of["by"]](of["group"]) if of["by"] in named else of["group"]
    return f"{t(*BY[of['by']])} · {group}"


def _line(evidence: dict[str, Any]) -> dict[str, Any] | None:
    """The CUSUM's path as points, with its limit; None for other monitors."""
    sums = evidence.get("sums")
    if not sums:
        return None
    top = max(*sums, evidence["limit"]) * 1.1 or 1.0
    across = [round(WIDTH * place / (len(sums) - 1), 1) for place in range(len(sums))]
    points = [(x, round(HEIGHT * (1 - value / top), 1)) for x, value in zip(across, sums, strict=True)]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points), "limit": round(HEIGHT * (1 - evidence["limit"] / top), 1),
        "width": WIDTH, "height": HEIGHT, "first": evidence["months"][0], "last": evidence["months"][-1],
    }  # fmt: skip
