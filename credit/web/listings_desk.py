"""Cases of listing at the desk: ledgers and search, one case on one page, what can be done now and why not the rest."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit import archive
from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, NotAllowed, RegisterError, WrongState
from credit.rules.blacklist import ACTS
from credit.services import listing_ledgers, listing_options, listing_story, listings, way
from credit.services.listing_terms import list_terms
from credit.services.policies import law_on
from credit.web import listings_bulk
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.listing_words import LABELS, LONG, MORE, proposed
from schemas.listing_case import ListingActIn, ListingIn

SCOPE = "supervise or decide or review"
TOGETHER = [ACTS[name] for name in listings_bulk.TOGETHER]
Page = str | Response | tuple[str, int]


@signed_in(SCOPE)
def listing_cases() -> str:
    """The department's cases: a ledger of them, or what a search finds."""
    ledger, q = asked("ledger"), asked("q")
    chosen = ledger if ledger in listing_ledgers.LEDGERS else "open"
    page = listing_ledgers.page(g.department_id, chosen, q, asked("cursor"), today())
    filters = {"ledger": chosen, "q": q, "cursor": asked("cursor")}
    words = {"ledgers": listing_ledgers.LEDGERS, "together": TOGETHER}
    return render_template("desk-listings.html", page=page, filters=filters, **words)


@signed_in("supervise")
def propose_listing() -> Page:
    """The form that opens a case."""
    day = today()
    lists = {name: list_terms(law_on(day), name, day) for name in law_on(day).under("lists")}
    kinds = law_on(day).under("lists")
    if request.method == "GET":
        return render_template("desk-listing-new.html", lists=lists, kinds=kinds, wrong={}, typed=request.args)
    sent = {name: text.strip() for name, text in request.form.items() if name not in ("token", "sure") and text.strip()}
    try:
        if not request.form.get("sure"):
            raise ValidationError({"sure": [t("请勾选确认。", "Tick the box to confirm.")]})
        number = sent.pop("event_id", None)
        given = ListingIn().load(sent | ({"event_id": int(number)} if number and number.isdecimal() else {}))
        with transaction("listing", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            known = listings.on_file(given, g.department_id)
            made = known or listings.propose(change, _person(), given, day)
            change.about |= {"listing": made}
    except (ValidationError, RegisterError) as refused:
        wrong = _wrong(refused, "code")
        return render_template("desk-listing-new.html", lists=lists, kinds=kinds, wrong=wrong, typed=request.form), 422
    return redirect(url_for("web.listing_case", number=made), 303)


@signed_in(SCOPE)
def listing_case(number: int) -> Page:
    """One case: its facts, its acts, and what may be done now."""
    archive.listing(g.bearer, number)
    if request.method == "GET":
        return _page(number)
    act = request.form.get("act", "")
    if not request.form.get("sure"):
        return _page(number, act, {f"{act}-sure": t("请勾选确认。", "Tick the box to confirm.")}), 422
    sent = {
        name.removeprefix(f"{act}-"): text.strip()
        for name, text in request.form.items()
        if name.startswith(f"{act}-") and text.strip()
    }
    try:
        given, day = ListingActIn().load({"act": act, "document": sent}), today()
        about = {"listing": number, "listing_act": act}
        with transaction("listing-act", g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
            listings_bulk.as_seen(number, request.form.get("last"))
            enterprise = listings.act(change, number, act, _person(), day, given["document"])
            way.advance(change, [enterprise], day)
    except (ValidationError, InvalidInput) as refused:
        return _page(number, act, {f"{act}-{name}": text for name, text in _wrong(refused, "sure").items()}), 422
    except (WrongState, NotAllowed) as refused:
        return _page(number, act, {f"{act}-sure": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.listing_case", number=number, done=act), 303)


def _person() -> int:
    if g.bearer.officer_id is None:
        raise NotAllowed("An officer does this, not a key.", zh="须由经办人本人办理")
    return int(g.bearer.officer_id)


def _wrong(refused: ValidationError | RegisterError, place: str) -> dict[str, str]:
    """What was wrong by field; what concerns no field at `place`."""
    if not isinstance(refused, ValidationError | InvalidInput) or (
        isinstance(refused, InvalidInput) and "errors" not in refused.extra
    ):
        return {place: t(refused.detail_zh, refused.detail)}
    found = wrong_fields(refused)
    return {name.removeprefix("document-"): text for name, text in found.items()}


def _page(number: int, act: str = "", wrong: dict[str, str] | None = None) -> str:
    day = today()
    story = listing_story.story(number, day)
    terms = list_terms(law_on(day), story["list"], day)
    found = listing_options.options(number, g.bearer.officer_id, day)
    now = [one.act for one in found if one.why_not is None]
    return render_template(
        "desk-listing.html", case=story, now=now, never=[one for one in found if one.why_not], act=act,
        wrong=wrong or {}, typed=request.form, labels=LABELS, long=LONG, more=MORE, day=day,
        done=request.args.get("done"), begins={one.name: proposed(one.name, terms, story) for one in now},
        last=story["acts"][-1]["seq"],
    )  # fmt: skip
