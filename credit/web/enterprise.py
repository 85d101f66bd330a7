"""One enterprise: its grade, the reasons that add up to it, and what is on file."""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import look_up
from credit.services.forecast import over_time
from credit.web.asked import asked_day, asked_kind
from credit.web.history import picture
from credit.web.record import reasons, timeline


def enterprise(code: str) -> str:
    """The public record as a page: nothing but the record goes in, so page and API can't differ.

    Today's page also tells the forecast, as the API does.
    """
    day, as_of = today(), asked_day("as_of")
    record = look_up.public_record(code, day, as_of=as_of).as_dict()
    past, foretold = over_time(record["code"], day)
    ahead = foretold if as_of in (None, day) else None
    return render_template(
        "enterprise.html", record=record, reasons=reasons(record["findings"]),
        timeline=timeline(record), kind=asked_kind(), history=picture(past, as_of or day, ahead),
        ahead=ahead, as_of=as_of, day=day,
    )  # fmt: skip
