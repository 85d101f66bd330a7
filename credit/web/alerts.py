"""The task list of a department: what is due, by deadline."""

from __future__ import annotations

from flask import g, render_template

from credit.clock import today
from credit.services import departments
from credit.services.duties.desk import STATES, WORDS, duties, page
from credit.web.asked import asked
from credit.web.desk import signed_in


@signed_in("supervise")
def alerts() -> str:
    """Duties of the department (or of all), the earliest deadline first; without a choice what is not done."""
    day, whose = today(), asked("department")
    kind, state, cursor = (asked(name) for name in ("kind", "state", "cursor"))
    of = None if whose == "*" else departments.find(whose) if whose else g.department_id
    found = duties(day, of)
    if state is None:
        found = found.filter(found["done_on"].is_null())
    told = page(found, day, kind if kind in WORDS else None, state if state in STATES else None, cursor, 50)
    filters = {"kind": kind, "state": state, "department": whose, "cursor": cursor}
    return render_template("alerts.html", page=told, filters=filters, words=WORDS, states=STATES)
