"""One act on many cases at once: first told in plain words which of them it can be done to, then done one by one."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from credit import archive
from credit.clock import today
from credit.db import transaction
from credit.errors import RegisterError
from credit.rules.blacklist import ACTS
from credit.services import listing_options, listing_story, listings, way
from credit.web.desk import signed_in
from credit.web.language import t

SCOPE = "supervise or decide"
# Acts whose document needs nothing that differs from case to case.
TOGETHER = ("confirm", "publish", "expire", "lapse")
MOST = 50


@signed_in(SCOPE)
def many_listings() -> str | tuple[str, int]:
    """The cases that were marked: what would be done to each, or (confirmed) what became of each."""
    numbers = [int(one) for one in request.form.getlist("number") if one.isdecimal() and len(one) < 19][:MOST]
    act = request.form.get("act", "")
    if act not in TOGETHER or not numbers:
        told = t("请先勾选案件和要办理的事项。", "Mark cases and choose what is to be done.")
        return _page(act if act in TOGETHER else TOGETHER[0], [], told), 422
    for number in numbers:
        archive.listing(g.bearer, number)
    rows = [_done(number, act) if request.form.get("sure") else _asked(number, act) for number in numbers]
    return _page(act, rows, "")


def _page(act: str, rows: list[dict[str, Any]], wrong: str) -> str:
    words = {"act": ACTS[act], "rows": rows, "wrong": wrong, "done": bool(request.form.get("sure"))}
    return render_template("desk-listings-many.html", **words)


def _asked(number: int, act: str) -> dict[str, Any]:
    """Whether the act can be done to a case now, and if not why."""
    story = listing_story.story(number, today())
    found = listing_options.options(number, g.bearer.officer_id, today())
    why = next(one.why_not for one in found if one.act.name == act)
    return {"case": story, "why": why and t(*why), "done": False}


def _done(number: int, act: str) -> dict[str, Any]:
    """The act on one case, in a transaction of its own: what is refused keeps no other back."""
    day, about = today(), {"listing": number, "listing_act": act}
    try:
        with transaction("listing-act", g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
            way.advance(change, [listings.act(change, number, act, int(g.bearer.officer_id or 0), day)], day)
    except RegisterError as refused:
        if refused.status >= 500:
            raise
        return {"case": listing_story.story(number, day), "why": t(refused.detail_zh, refused.detail), "done": False}
    return {"case": listing_story.story(number, day), "why": None, "done": True}
