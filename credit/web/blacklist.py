"""The blacklist: who is listed, on what ground, until when; as a page to read and as a table to print."""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import blacklist as listings
from credit.services.paging import LONGEST
from credit.web.asked import asked, asked_day

FILTERS = ("region", "industry", "ground", "authority", "q")


def blacklist() -> str:
    """Active listings that may be shown, narrowed by place, industry, ground, authority, days of listing, name and day.

    `print` asks for the same as a table for paper, up to 200 rows a sheet.
    """
    filters = {name: asked(name) for name in FILTERS} | {"since": asked_day("from"), "until": asked_day("to")}
    as_of, cursor, day, on_paper = asked_day("as_of"), asked("cursor"), today(), bool(asked("print"))
    limit = {"limit": LONGEST} if on_paper else {}
    page = listings.public_listings(day, as_of=as_of, cursor=cursor, **limit, **filters)  # type: ignore[arg-type]
    # As the address has them: so a link to the next page, or to the same with one filter less, is made.
    days = {"from": filters.get("since"), "to": filters.get("until"), "as_of": as_of}
    given = {name: filters[name] for name in FILTERS} | days
    return render_template(
        "blacklist-print.html" if on_paper else "blacklist.html",
        page=page, choices=listings.choices(day), given=given, cursor=cursor, day=day,
    )  # fmt: skip
