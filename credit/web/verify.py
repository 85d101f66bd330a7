"""The page that a receipt's QR code leads to: what the signature proves, and the answer to who holds the secret."""

from __future__ import annotations

from flask import render_template, request

from credit.errors import UnknownReceipt
from credit.quota import refuse_guessing, wrong_guess
from credit.rules.verification import checks
from credit.services import receipts, signing
from credit.web.language import t

Page = str | tuple[str, int]


def verify_receipt(number: str) -> Page:
    """What anybody may know of a receipt; with its secret, what was answered."""
    found = receipts.find(number)
    told, body, wrong = receipts.public(found), None, ""
    if request.method == "POST":
        refuse_guessing("receipt")
        try:
            body = receipts.body(found, request.form.get("secret", "").strip())
        except UnknownReceipt:
            wrong_guess("receipt")
            wrong = t("查询码不对，请核对后再试", "The secret is another one: check it and try again.")
    held = told if body is None else told | {"body": body}
    checked = checks(held, signing.key_set())
    worst = next((one for one in checked if not one.good), checked[0])
    page = render_template("verify.html", receipt=told, checked=worst, body=body, wrong=wrong)
    return (page, 422) if wrong else page
