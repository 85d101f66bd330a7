"""One act on many cases at once: first told in plain words which of them it can be done to, then done one by one."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from credit import archive
from credit.clock import today
from credit.db import transaction
from credit.errors import RegisterError, WrongState
from credit.rules.blacklist import ACTS
from credit.services import listing_options, listing_story, listings, way
from credit.web.desk import signed_in
from credit.web.language import t

SCOPE = "supervise or decide or review"
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
    rows = _done(numbers, act) if request.form.get("sure") else _asked(numbers, act)
    return _page(act, rows, "")


def _page(act: str, rows: list[dict[str, Any]], wrong: str) -> str:
    words = {"act": ACTS[act], "rows": rows, "wrong": wrong, "done": bool(request.form.get("sure"))}
    return render_template("desk-listings-many.html", **words)


def _asked(numbers: list[int], act: str) -> list[dict[str, Any]]:
    """Whether the act can be done to each case now, and if not why."""
    why = listing_options.each_why_not(numbers, act, g.bearer.officer_id, today())
    cases = listing_story.outlines(numbers)
    return [{"case": cases[number], "why": told and t(*told), "done": False} for number, told in why.items()]


def _done(numbers: list[int], act: str) -> list[dict[str, Any]]:
    """The act on each case, in a transaction of its own: what is refused keeps no other back."""
    told = {number: _one(number, act) for number in numbers}
    cases = listing_story.outlines(numbers)
    return [{"case": cases[number], "why": told[number], "done": told[number] is None} for number in cases]


def _one(number: int, act: str) -> str | None:
    """Why the act was not done to a case; None where it was."""
    about = {"listing": number, "listing_act": act}
    try:
        with transaction("listing-act", g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
            as_seen(number, request.form.get(f"last-{number}"))
            way.advance(change, [listings.act(change, number, act, int(g.bearer.officer_id or 0), today())], today())
    except RegisterError as refused:
        if refused.status >= 500:
            raise
        return t(refused.detail_zh, refused.detail)
    return None


def as_seen(number: int, last: str | None) -> None:
    """Raises WrongState where somebody acted on the case since the page was shown."""
    if last != str(listings.acts_of(number)[-1].seq):
        raise WrongState(
            "Somebody acted on this case meanwhile: look at it again.", zh="这件案件刚被他人办理，请核对后重新提交"
        )
