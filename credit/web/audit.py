"""The audit as a page for auditors: filters, entries, and the chain proved on demand."""

from __future__ import annotations

from flask import render_template, request

from credit.services import audit as entries_of
from credit.web.asked import asked, asked_day
from credit.web.audit_words import ACTS
from credit.web.desk import signed_in

WORDS = ("actor", "act", "on_behalf", "outcome", "request_id")


@signed_in("audit")
def audit() -> str:
    """Every act from the newest back, narrowed by who, what, for whom, how it ended, and when."""
    filters = {name: asked(name) for name in WORDS} | {name: asked_day(name) for name in ("since", "until")}
    cursor = asked("cursor")
    page = entries_of.entries(**filters, cursor=cursor)  # type: ignore[arg-type]
    return render_template(
        "audit.html", page=page, filters=filters | {"cursor": cursor}, acts=entries_of.acts(), words=ACTS,
        names=entries_of.named(page.items), proof=entries_of.verify() if request.args.get("prove") else None,
    )  # fmt: skip
