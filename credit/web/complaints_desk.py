"""Complaints and reports at the desk: the department's cases, one case on one page, what can be done now."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

from credit import complaining
from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, UnknownComplaint, UnknownDepartment, WrongState
from credit.rules.complaints import ACTS, ENDING, allowed
from credit.services import departments
from credit.services.complaints import acts, cases, duplicates, told
from credit.terms import ComplaintKind, ComplaintState
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.complaint import ActIn, OpeningIn

SCOPE = "complaints"
LISTED = 50
Page = str | Answer | tuple[str, int]


@signed_in(SCOPE)
def complaint_cases() -> str:
    """The department's complaints and reports, the latest first."""
    state = asked("state")
    chosen = state if state in set(map(str, ComplaintState)) else None
    page = told.page(g.bearer, today(), chosen, asked("cursor"), LISTED)
    filters = {"state": state, "cursor": asked("cursor")}
    return render_template("desk-complaints.html", page=page, filters=filters, chosen=chosen)


@signed_in(SCOPE)
def complaint_case(number: int) -> Page:
    """One case: its state and clock, near ones, what was done; open what is sealed with a reason, or act."""
    acts.own(number, g.bearer)
    if request.method == "GET":
        return _page(number)
    name = request.form.get("act", "")
    sent: dict[str, Any] = {"reason": request.form.get("reason", "").strip()}
    try:
        if name == "open":
            return _page(number, opened=complaining.opened(number, g.bearer, OpeningIn().load(sent)["reason"]))
        if name == "file":
            return _file(number, OpeningIn().load(sent)["reason"])
        if name in ENDING and not request.form.get("sure"):
            return _page(number, {"sure": t("请勾选确认。", "Tick the box to confirm.")}), 422
        joined = request.form.get("case", "").strip()
        more = {"case": int(joined)} if joined.isascii() and joined.isdecimal() else {}
        given = ActIn().load(sent | more | {"act": name, "department": request.form.get("department", "")})
        with transaction("complaint-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            acts.act(change, number, name, g.bearer, given, today())
    except (ValidationError, InvalidInput) as refused:
        return _page(number, wrong_fields(refused)), 422
    except (UnknownDepartment, UnknownComplaint, WrongState) as refused:
        return _page(number, {"act": t(refused.detail_zh or refused.zh, refused.detail)}), refused.status
    if name == "transfer":
        return redirect(url_for("web.complaint_cases"), 303)
    return redirect(url_for("web.complaint_case", number=number), 303)


def _file(number: int, reason: str) -> Answer:
    """An attachment, as a download that no browser opens in the register's own name."""
    given = request.form.get("file", "")
    file = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    found = complaining.file_opened(number, file, g.bearer, reason)
    if found is None:
        abort(404)
    kind, content = found
    named = f"{number}-{file}.{kind.rpartition('/')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{named}"', "Cache-Control": "no-store"}
    return Answer(content, 200, headers, content_type="application/octet-stream")


def _page(number: int, wrong: dict[str, str] | None = None, opened: dict[str, Any] | None = None) -> str:
    found = cases.of(number)
    may = [one for one in allowed(ComplaintState(found.state), ComplaintKind(found.kind)) if one != "withdraw"]
    others = [one["name"] for one in departments.every() if one["name"] != g.bearer.department]
    return render_template(
        "desk-complaint.html", case=told.told(found, today()), may=may, acts=ACTS, wrong=wrong or {}, opened=opened,
        near=duplicates.proposed(found), serial=cases.serial(found), joined=found.joined, others=others,
        files=complaining.files_of(number), reason=request.form.get("reason", ""),
    )  # fmt: skip
