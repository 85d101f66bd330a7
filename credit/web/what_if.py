"""What-if as a page: choose an enterprise, suppose, and see both gradings side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import g, render_template, request
from marshmallow import ValidationError

from credit.clock import today
from credit.errors import AmbiguousCode, BadCode, InvalidInput, RegisterError, UnknownEnterprise
from credit.services.forecast import horizon
from credit.services.search import search
from credit.services.what_if import what_if as supposed
from credit.terms import Kind
from credit.web.asked import asked
from credit.web.desk import SCOPE, signed_in
from credit.web.pages import is_whole_code
from credit.web.record import CONDITIONS
from credit.web.what_if_form import FIELDS, Typed, added, loaded, typed, ways_to_end
from credit.web.what_if_words import wrong_at
from schemas.what_if import load_what_if

Answer = str | tuple[str, int]
Found = dict[str, Any]
NO_RECORD = ("ceiling-", "ground-", "repeat", "false-records")  # findings about another finding's record
OVER = {"expired", "repaired", "revoked", "mended", "overturned"}


@signed_in(SCOPE)
def what_if() -> Answer:
    """The enterprise as it is and as it would be; without one, the way to choose it."""
    q = asked("q") or ""
    code = request.form.get("code") or asked("code") or (q if is_whole_code(q) else "")
    if not code:
        return _choose(q)
    given = typed(request.form, today(), horizon(today())) if request.method == "POST" else Typed(code, "")
    try:
        return _supposition(given)
    except (BadCode, AmbiguousCode, UnknownEnterprise) as refused:
        return _choose(code, refused), 422


def _choose(q: str, refused: RegisterError | None = None) -> str:
    """A code or part of a name leads to the enterprise."""
    found = search(q, today()).items if q and not refused else None
    return render_template("what-if-choose.html", q=q, found=found, refused=refused)


def _supposition(given: Typed) -> Answer:
    """The page of one enterprise: both sides where something is supposed, and the form."""
    adding, trial = request.form.get("add"), given
    if adding in set(Kind):
        event = added(Kind(adding), request.form, _next_number(given))
        trial = replace(given, events=[*given.events, event])
    told, wrong = _told(trial, adding)
    if told is not None:
        given = trial
    alone = Typed(given.code, "" if "on" in wrong else given.on)
    known = told or _told(alone)[0] or {}
    last = horizon(today())
    page = render_template(
        "what-if.html", given=given, events=loaded(given, last), known=known, wrong=wrong,
        fields=FIELDS, horizon=last,
        told=told if given.events or given.ends else None, rows=rows(told) if told else None,
        records=records(known["before"]["findings"]), day=today(),
        typed=request.form if wrong and adding else {},
    )  # fmt: skip
    return (page, 422) if wrong else page


def _told(given: Typed, adding: str | None = None) -> tuple[Found | None, dict[str, str]]:
    """Both sides, or what is wrong by the id of the field."""
    day = today()
    try:
        return supposed(load_what_if(given.body(), day, horizon(day)), g.department_id), {}
    except ValidationError as error:
        messages: Any = error.messages
    except InvalidInput as error:
        messages = error.extra.get("errors", {})
    return None, wrong_at(messages, given, adding)


def _next_number(given: Typed) -> int:
    """One more than the largest number that a supposed document bears."""
    ends = [re.search(r"[0-9]{1,6}$", str(event.get("document_no"))) for event in given.events]
    return 1 + max((int(end[0]) for end in ends if end), default=0)


def rows(told: Found) -> dict[str, list[Found]]:
    """Findings of both sides: `changed` {change, before, after}, `same` that bear on the grade, `rest`."""
    changed = [one["after"] for one in told["changed"]]
    same = [finding for finding in told["after"]["findings"] if finding not in changed]
    bearing = [finding for finding in same if finding["points"] or finding["outcome"] in CONDITIONS]
    rest = [finding for finding in same if finding not in bearing]
    return {"changed": told["changed"], "same": bearing, "rest": rest}


def records(findings: list[Found]) -> list[Found]:
    """The records on file that may be supposed to end, each with `ways`."""
    return [
        finding | {"ways": ways_to_end(finding["rule"])}
        for finding in findings
        if finding["event"] is not None
        and finding["outcome"] not in OVER
        and not finding["rule"].startswith(NO_RECORD)
    ]
