"""The enterprise's way: object to an entry or reply to it, keep the receipt, follow the case up. All without script."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit import filing
from credit.clock import today
from credit.errors import InvalidInput, RegisterError, UnknownEvent, UnknownObjection
from credit.quota import refuse_flood
from credit.services import look_up
from credit.services.objections import attachments, cases, told
from credit.services.objections.subjects import CONTESTED
from credit.terms import FilingKind
from credit.web.asked import asked
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.objection import FilingIn

Page = str | Response | tuple[str, int]
WRONG = {
    "code": ("请填写统一社会信用代码。", "Give the enterprise's code."),
    "event": ("条目编号有误，请从企业页面进入。", "Start from the entry on the enterprise's page."),
    "document_no": ("请填写文书号。", "Give the document number."),
    "words": (
        "请填写内容：异议不超过 5,000 字，声明不超过 1,000 字。",
        "Write it down: an objection in up to 5,000 characters, a statement in up to 1,000.",
    ),
    "name": ("请填写联系人姓名。", "Give the name of a contact."),
    "phone": (
        "请填写电话或邮箱，电话只写数字、空格和 + ( ) -。",
        "Give a telephone number (digits, spaces and + ( ) - alone) or an e-mail address.",
    ),
    "email": ("邮箱请写成 name@example.org 的样子。", "Write the address like name@example.org."),
    "attachments": ("声明不带附件。", "A statement has no attachments."),
    "received_on": ("收到日期须是今天或以前。", "It came in today or before."),
    "performed_on": ("履行日期须在决定之后、今天或以前。", "The day lies after the decision, today or before."),
    "pledge": ("请勾选守信承诺。", "Tick the pledge."),
    "contact": ("请检查这一项。", "Look at this again."),
}
FIELDS = ("kind", "code", "event", "document_no", "words", "received_on")


def contest() -> Page:
    """The form of an objection or a statement; the receipt shows number and secret once."""
    if request.method == "GET":
        return form("objection-new.html", {}, code=asked("code"), event=asked("event"))
    refuse_flood("objections", current_app.config["CREDIT_LIMIT_OBJECTIONS"])
    request.max_content_length = filing.most_bytes()
    try:
        filed = filing.from_outside(FilingIn().load(typed()), today())
    except (ValidationError, RegisterError) as refused:
        return form("objection-new.html", mistakes(refused)), status_of(refused)
    return receipt(filed.number, filed.secret)


def form(template: str, wrong: dict[str, str], code: str | None = None, event: str | None = None, **more: Any) -> str:
    """The form, with what was typed; the entry that it is about is named where it is shown."""
    code, event = request.form.get("code", code or ""), request.form.get("event", event or "")
    firm, entry = _entry(code, event)
    return render_template(
        template, wrong=wrong, code=code, event=event, firm=firm, entry=entry, kinds=cases.CONTESTING, day=today(),
        most=attachments.MOST, megabytes=int(current_app.config["CREDIT_ATTACHMENT_MOST"]) / 2**20, **more,
    )  # fmt: skip


def _entry(code: str, event: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The public record and its entry, as far as there are any."""
    try:
        record = look_up.public_record(code, today()).as_dict() if code else None
    except RegisterError:
        return None, None
    if record is None:
        return None, None
    entries = [entry | {"kind": kind} for kind in CONTESTED for entry in record[kind]]
    return record, next((entry for entry in entries if str(entry["id"]) == event), None)


def typed() -> dict[str, Any]:
    """The form as the API takes it."""
    given: dict[str, Any] = {name: text for name in FIELDS if (text := request.form.get(name, "").strip())}
    if str(given.get("event", "")).isdecimal():
        given["event"] = int(given["event"])
    contact = {name: text for name in ("name", "phone", "email") if (text := request.form.get(name, "").strip())}
    sent = [one for one in request.files.getlist("attachments") if one.filename]
    files = [{"name": (one.filename or "")[:500], "content": one.stream.read()} for one in sent]
    return given | {"contact": contact, "attachments": files}


def mistakes(refused: ValidationError | RegisterError) -> dict[str, str]:
    """What was wrong, by the field of the form."""
    if isinstance(refused, InvalidInput):
        return dict.fromkeys(refused.extra.get("errors", {"kind": ""}), t(refused.detail_zh, refused.detail))
    if isinstance(refused, ValidationError):
        named = (name.removeprefix("contact-") for name in wrong_fields(refused))
        return {name: t(*WRONG.get(name, WRONG["contact"])) for name in named}
    if isinstance(refused, UnknownEvent):
        return {"document_no": t(refused.detail_zh, refused.detail)}
    return {"kind" if refused.status == 409 else "code": t(refused.detail_zh, refused.detail)}


def status_of(refused: ValidationError | RegisterError) -> int:
    """A page is wrong to fill in (422) or comes too late (409)."""
    return 409 if isinstance(refused, RegisterError) and refused.status == 409 else 422


def receipt(number: int, secret: str, desk: bool = False) -> Response:
    """What was filed, its number and its secret: no cache keeps it, and it isn't shown again."""
    case = told.told(cases.of(number, tuple(FilingKind)), today())
    return _kept_by_nobody(render_template("objection-receipt.html", case=case, secret=secret, desk=desk))


def _kept_by_nobody(page: str) -> Response:
    return Response(page, 200, {"Cache-Control": "no-store"}, mimetype="text/html")


def follow_case() -> Page:
    """How a case stands, for whoever has its number and secret: sent by form, so that no address holds the secret."""
    if request.method == "GET":
        return render_template("objections.html", wrong=False, case=None)
    typed_number = request.form.get("number", "").strip()
    number = int(typed_number) if typed_number.isdecimal() and len(typed_number) < 19 else 0
    try:
        found = filing.of_holder(number, request.form.get("secret", ""))
    except UnknownObjection:
        return render_template("objections.html", wrong=True, case=None), 404
    return _kept_by_nobody(render_template("objections.html", wrong=False, case=told.told(found, today())))


contest.auth_rule = filing.BY_DOCUMENT  # type: ignore[attr-defined]
follow_case.auth_rule = filing.BY_SECRET  # type: ignore[attr-defined]
