"""Falls that wait to be shown, at the desk: the ledger, and the notice of each to print and send."""

from __future__ import annotations

from flask import abort, render_template

from credit.clock import today
from credit.services import falls_ledger
from credit.web.asked import asked
from credit.web.desk import signed_in

SCOPE = "supervise"


@signed_in(SCOPE)
def falls() -> str:
    """Enterprises whose fall to C or D isn't shown yet."""
    return render_template("desk-falls.html", page=falls_ledger.page(today(), asked("cursor")))


@signed_in(SCOPE)
def fall(code: str) -> str:
    """The notice (等级变动告知书) of one fall: from and to which grade, why, until when to object, and how."""
    found = falls_ledger.of(code, today())
    if found is None:
        abort(404)
    return render_template("desk-fall.html", fall=found, day=today())
