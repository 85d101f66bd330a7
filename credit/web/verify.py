"""A receipt's page: what its signature proves; to who holds its secret the tender's file: results, checks, clearances.

Secrets are sent by form, so that no address and no log of a server holds one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from flask import render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import now, today
from credit.db import aside
from credit.errors import InvalidInput, UnknownReceipt
from credit.proof import check, held, proved, refuse_many
from credit.rules.verification import checks
from credit.services import receipts, signing
from credit.services.screening import clearances, tenders
from credit.services.screening.tenders import Earlier
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.pasted import pasted
from credit.web.receipt_pdf import receipt_pdf
from credit.web.screening import found_page
from credit.web.tender_words import list_name, lists_on, tender_words
from schemas.receipts import ClearanceIn

Page = str | Response | tuple[str, int]


def tender_file() -> Page:
    """Where number and secret of a check are entered."""
    number = request.form.get("number", "").strip()
    if request.method == "GET":
        return render_template("tender-file.html", number="", wrong="")
    try:
        return _file(held(number, request.form.get("secret", "").strip()))
    except UnknownReceipt:
        wrong = t("凭证编号或查询码不对，请核对后再试", "Number or secret is another one: check them and try again.")
        return render_template("tender-file.html", number=number, wrong=wrong), 422


def verify_receipt(number: str) -> Page:
    """What anybody may know of a receipt; with its secret the tender's file, and what can be done there."""
    found = receipts.find(number)
    if request.method == "GET":
        return _page(receipts.public(found))
    try:
        earlier = held(number, request.form.get("secret", "").strip())
    except UnknownReceipt:
        wrong = t("查询码不对，请核对后再试", "The secret is another one: check it and try again.")
        return _page(receipts.public(found), wrong=wrong), 422
    return ACTS.get(request.form.get("act", ""), _file)(earlier)


def _file(of: Earlier, wrong: str = "", done: str = "") -> Page:
    page = _page(
        receipts.public(receipts.find(of.id)), of.body, wrong, done=done, secret=request.form.get("secret", "").strip(),
        checks=tenders.checks(of.root), cleared=clearances.of(of.root).to_dicts(), sure=clearances.SURE,
    )  # fmt: skip
    return (page, 422) if wrong else page


def _page(told: dict[str, Any], body: dict[str, Any] | None = None, wrong: str = "", **more: Any) -> str:
    claims = told if body is None else told | {"body": body}
    found = checks(claims, signing.key_set())
    lists = lists_on(today())
    worst = next((one for one in found if not one.good), found[0])
    return render_template(
        "verify.html", receipt=told, checked=worst, body=body, wrong=wrong, tender_words=tender_words(),
        list_name=lambda name: list_name(name, lists), **more,
    )  # fmt: skip


def _recheck(of: Earlier) -> Page:
    """The same list, or a new one of the same tender, as of today."""
    refuse_many()
    try:
        bidders = pasted(request.form["list"]).to_dicts() if request.form.get("list", "").strip() else of.subjects()
        if not bidders:
            return _file(of, t("请粘贴投标人（一行一家）", "Paste bidders, one a line."))
        found = check(bidders, of.body["tender"], None, of)
    except InvalidInput as refused:
        return _file(of, t(refused.detail_zh, refused.detail))
    return found_page(proved(found, of.body["tender"], None, of))


def _clear(of: Earlier) -> Page:
    form = request.form
    told = {name: form[name] for name in ("code", "list", "document_no", "by", "reason") if form.get(name)}
    bidder = {name: form[f"bidder_{name}"] for name in ("code", "name") if form.get(f"bidder_{name}")}
    try:
        given = ClearanceIn().load(told | {"bidder": bidder})
        with aside() as connection:
            clearances.add(connection, of.root, given, of.body["results"], now().astimezone(UTC))
    except (ValidationError, InvalidInput) as refused:
        return _file(of, "；".join(wrong_fields(refused).values()))
    return _file(of, done=t("已排除，复核之后不再计入。", "Cleared: the next check leaves it out."))


def _take_back(of: Earlier) -> Page:
    number = request.form.get("clearance", "")
    with aside() as connection:
        clearances.withdraw(connection, of.root, int(number) if number.isdecimal() and len(number) < 18 else 0)
    return _file(of, done=t("已撤回，复核之后重新计入。", "Taken back: the next check counts it again."))


def _pdf(of: Earlier) -> Page:
    return receipt_pdf(receipts.public(receipts.find(of.id)), of.body)


ACTS: dict[str, Callable[[Earlier], Page]] = {
    "open": _file, "recheck": _recheck, "clear": _clear, "take_back": _take_back, "pdf": _pdf,
}  # fmt: skip
