"""One enterprise: its grade, the reasons that add up to it, and what is on file."""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import look_up
from credit.web.asked import asked_day, asked_kind
from credit.web.history import picture
from credit.web.record import reasons, timeline


def enterprise(code: str) -> str:
    """The public record as a page: nothing but the record goes in, so page and API can't differ."""
    as_of = asked_day("as_of")
    record = look_up.public_record(code, today(), as_of=as_of).as_dict()
    history = picture(look_up.grade_history(record["code"], today()), as_of or today())
    return render_template(
        "enterprise.html", record=record, reasons=reasons(record["findings"]),
        timeline=timeline(record), kind=asked_kind(), history=history, as_of=as_of, day=today(),
    )  # fmt: skip
