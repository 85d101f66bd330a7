"""The public's way: complain or report, keep the receipt, follow the case up or take it back. All without script."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit import complaining, filing
from credit.clock import today
from credit.errors import InvalidInput, RegisterError, UnknownComplaint, WrongState
from credit.rules.complaints import ACTS
from credit.services import departments
from credit.services.complaints import cases, told
from credit.services.objections import attachments
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.complaint import ComplaintIn

Page = str | Response | tuple[str, int]
FIELDS = (
    "kind", "category", "department", "code", "enterprise", "item_code", "place", "happened_on", "words", "name",
    "phone", "address",
)  # fmt: skip
WRONG = {
    "kind": ("请选择投诉或举报。", "Choose a complaint or a report."),
    "category": ("请选择类别。", "Choose what it is about."),
    "enterprise": ("请填写企业名称、代码，或至少写明地点。", "Name the enterprise, its code or at least the place."),
    "item_code": ("只写字母、数字、点和横线。", "Letters, digits, dots and dashes alone."),
    "happened_on": ("日期须是今天或以前。", "The day is today or before."),
    "words": ("请写明情况，不超过 5,000 字。", "Tell what happened in up to 5,000 characters."),
    "name": ("投诉须填写姓名。", "A complaint needs your name."),
    "phone": ("投诉须填写电话，只写数字、空格和 + ( ) -。", "A complaint needs a telephone: digits, spaces, + ( ) -."),
    "address": ("投诉须填写通讯地址。", "A complaint needs your address."),
    "reward": ("只有举报可以申领奖励。", "Rewards are for reports."),
}
OTHER = ("请检查这一项。", "Look at this again.")


def complain() -> Page:
    """The form; the receipt shows number, secret and reward code once. A filled trap of machines keeps nothing."""
    if request.method == "GET":
        return _form({})
    complaining.flood()
    request.max_content_length = filing.most_bytes()
    if request.form.get("website"):  # no person sees this field
        return _form({"words": t("没有提交，请重新填写。", "Not sent: fill the form in again.")}), 422
    try:
        kept = complaining.from_outside(ComplaintIn(day=today()).load(_typed()), today())
    except (ValidationError, RegisterError) as refused:
        return _form(_mistakes(refused)), refused.status if isinstance(refused, RegisterError) else 422
    case = told.told(cases.of(kept.number), today())
    return _kept_by_nobody(render_template("complaint-receipt.html", case=case, kept=kept))


def _form(wrong: dict[str, str]) -> str:
    return render_template(
        "complaint-new.html", wrong=wrong, day=today(), departments=[one["name"] for one in departments.every()],
        most=attachments.MOST, megabytes=int(current_app.config["CREDIT_ATTACHMENT_MOST"]) / 2**20,
    )  # fmt: skip


def _typed() -> dict[str, Any]:
    given: dict[str, Any] = {name: text for name in FIELDS if (text := request.form.get(name, "").strip())}
    sent = [one for one in request.files.getlist("attachments") if one.filename]
    files = [{"name": (one.filename or "")[:500], "content": one.stream.read()} for one in sent]
    return given | {"reward": "reward" in request.form, "attachments": files}


def _mistakes(refused: ValidationError | RegisterError) -> dict[str, str]:
    if isinstance(refused, ValidationError):
        return {name: t(*WRONG.get(name, OTHER)) for name in wrong_fields(refused)}
    if isinstance(refused, InvalidInput):
        return dict.fromkeys(refused.extra.get("errors", {"words": ""}), t(refused.detail_zh, refused.detail))
    return {"phone" if refused.status == 429 else "department": t(refused.detail_zh, refused.detail)}


def _kept_by_nobody(page: str) -> Response:
    return Response(page, 200, {"Cache-Control": "no-store"}, mimetype="text/html")


def follow_complaint() -> Page:
    """How a case stands, for whoever has its number and secret; sent by form, so that no address holds the secret."""
    if request.method == "GET":
        return render_template("complaints.html", wrong="", case=None)
    typed = request.form.get("number", "").strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
    secret, wrong = request.form.get("secret", ""), ""
    try:
        if request.form.get("act") == "withdraw" and request.form.get("sure"):
            complaining.withdraw(number, secret, today())
        found = complaining.of_holder(number, secret)
    except UnknownComplaint as refused:
        return render_template("complaints.html", wrong=t(refused.zh, refused.title), case=None), 404
    except WrongState as refused:
        found, wrong = complaining.of_holder(number, secret), t(refused.detail_zh, refused.detail)
    case = told.told(found, today())
    return _kept_by_nobody(render_template("complaints.html", wrong=wrong, case=case, secret=secret))


def act_words(act: str) -> str:
    """An act on a case in words."""
    return t(ACTS[act].zh, ACTS[act].en)


complain.auth_rule = complaining.BY_LIMIT  # type: ignore[attr-defined]
follow_complaint.auth_rule = complaining.BY_SECRET  # type: ignore[attr-defined]
