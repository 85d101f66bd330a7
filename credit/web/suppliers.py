"""Supplier lists as pages: saved by pasting codes, read with the verdicts of today, followed as an Atom feed."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit import supplier_lists
from credit.clock import today
from credit.db import instant
from credit.errors import InvalidInput, UnknownSupplierList
from credit.services.publication import instant_text
from credit.services.screening.screen import DEFAULT
from credit.services.suppliers import follow, lists
from credit.web import feeds
from credit.web.fact_words import wrong_fields
from credit.web.language import t, term
from credit.web.tender_words import kinds_on
from schemas.suppliers import SupplierListIn

BETWEEN = r"[\s,;\uff0c\uff1b\u3001]+"  # blanks, commas, semicolons, Chinese ones too
Page = str | Response | tuple[str, int]


def suppliers() -> Page:
    """A form to save a list, one to open a list; with its secret the list itself."""
    if request.method == "GET":
        return _page({})
    act, number, secret = (request.form.get(name, "").strip() for name in ("act", "number", "secret"))
    try:
        if act == "save":
            return _saved()
        if act == "change":
            return _list(supplier_lists.replace(number, secret, _given()), secret, done=t("已保存。", "Saved."))
        if act == "remove":
            supplier_lists.remove(number, secret)
            return _page({}, done=t("名单已删除。", "The list is deleted."))
        return _list(supplier_lists.held(number, secret), secret)
    except (ValidationError, InvalidInput) as refused:
        return _page(wrong_fields(refused)), 422
    except UnknownSupplierList as unknown:
        return _page({"number": t(unknown.detail_zh, unknown.detail)}), 422


def _given() -> dict[str, object]:
    """The form as SupplierListIn has it; codes are parted by whatever is no letter or digit."""
    form = request.form
    codes = re.split(BETWEEN, form.get("codes", ""))
    named = {"name": form.get("name", "").strip(), "kind": form.get("kind") or DEFAULT}
    sent = named | {"codes": [code for code in codes if code]}
    given: dict[str, object] = SupplierListIn().load(sent)
    return given


def _saved() -> str:
    made, _ = supplier_lists.make(_given())
    feed = url_for("web.supplier_feed", number=made.id, token=made.feed, _external=True)
    return _list(lists.opened(made.id, made.secret), made.secret, feed=feed)


def _list(found: Any, secret: str, feed: str = "", done: str = "") -> str:
    told, day = lists.told(found), today()
    return render_template(
        "supplier-list.html", told=told, secret=secret, feed=feed, done=done, kinds=kinds_on(day)
    )  # fmt: skip


def _page(wrong: dict[str, str], done: str = "") -> str:
    return render_template("suppliers.html", wrong=wrong, done=done, typed=request.form, kinds=kinds_on(today()))


def supplier_feed(number: str, token: str) -> Response:
    """The suppliers whose verdict changed, each with today's: no word of what it was before."""
    found = supplier_lists.held(number, token, "feed")
    changed = follow.changed(number)
    latest = [lists.supplier(one) for one in changed]
    updated = latest[0]["changed_at"] if latest else instant_text(instant(found.made_at))
    root = feeds.begun(f"supplier list {number}", found.name, updated)
    for one, row in zip(latest, changed, strict=True):
        title = f"{one['name'] or one['code']}{t('：', ': ')}{term('Verdict', one['verdict'])}"
        part = feeds.entry(root, f"supplier list {number} {row.code} {row.change}", title, one["changed_at"])
        feeds.put(part, "summary", t("核查结论有变化，请重新核查。", "The verdict has changed: check again."))
        feeds.link(part, "alternate", url_for("web.enterprise", code=one["code"], _external=True), "text/html")
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
    return Response(feeds.xml(root), content_type=f"{feeds.TYPE}; charset=utf-8", headers=headers)
