"""How fresh and how good the departments' reports are, as pages."""

from __future__ import annotations

from itertools import groupby

from flask import render_template

from credit.clock import today
from credit.services import scorecards as cards
from credit.web.desk import signed_in


def departments() -> str:
    """Each department's latest report and how timely it reports, for everybody."""
    return render_template("departments.html", departments=cards.outline(today()))


@signed_in("supervise")
def by_month() -> str:
    """Each department by month, for supervisors."""
    rows = cards.scorecards(today()).to_dicts()
    found = [(name, list(some)) for name, some in groupby(rows, key=lambda row: row["department"])]
    return render_template("scorecards.html", departments=found)
