"""The receipt as an A4 PDF for the tender's file: site, names, results and times, a page for each supplier.

What the evidence practice asks for: where it was asked, of whom, what was found, when; and how anybody checks it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import segno
from flask import url_for
from werkzeug.wrappers import Response

from credit.clock import today
from credit.rules.receipts import canonical
from credit.services import typeset
from credit.terms import Verdict
from credit.web.language import language, say, t, term
from credit.web.tender_words import kinds_on, list_name, lists_on, tender_words
from credit.web.wording import day as written
from credit.web.wording import instant

Told = dict[str, Any]
Pairs = list[tuple[str, str]]
PAGES = 300  # a page each up to here; of a longer list those of whom something was found


def receipt_pdf(receipt: Told, body: Told) -> Response:
    """The receipt of a check as PDF, for its holder: no cache keeps it."""
    signed = {name: receipt[name] for name in ("id", "digest", "signature", "log")} | {"body": body}
    made = typeset.pdf("receipt", content(receipt, body), today(), canonical(signed))
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{receipt["id"]}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def content(receipt: Told, body: Told) -> Told:
    """What the template sets, all of it text."""
    place = url_for("web.verify_receipt", number=receipt["id"], _external=True)
    lists = lists_on(date.fromisoformat(str(body["as_of"])))
    return {
        "language": language(), "id": receipt["id"], "place": place,
        "title": t("信用核查凭证", "Receipt of a credit screening"),
        "register": t("企业质量信用登记", "Enterprise Quality Credit Register") + " · " + _site(place),
        "head": _head(receipt, body),
        "tally": t("，", ", ").join(
            t(f"{body['summary'][one]} 家{one.zh}", f"{body['summary'][one]} {one.en}")
            for one in Verdict if body["summary"].get(one)
        ),
        "sources": {
            "title": t("核查了哪些名单", "What was looked into"),
            "head": [t("名单", "List"), t("结果", "Found"), t("数据截至", "As of")],
            "rows": [_source(one, lists) for one in body.get("sources", ())],
        },
        "since": _since(body.get("since")),
        "bidders": {
            "title": t("投标人", "Bidders"),
            "head": [t("序号", "No."), t("名称", "Name"), t("代码", "Code"), t("结论", "Verdict")],
            "rows": [
                [one["ref"] or "", _name(one), one["code"] or "", term("Verdict", one["verdict"])]
                for one in body["results"]
            ],
        },
        "pages": [_supplier(one, receipt, body, lists) for one in _with_page(body["results"])],
        "proof": [
            (t("凭证编号", "Receipt"), receipt["id"]), (t("内容摘要", "Digest"), receipt["digest"]),
            (t("签名密钥", "Key"), receipt["kid"]),
        ],
        "check": t("扫码或访问此地址核验签名（内容须凭查询码打开）：", "Check it here (the secret opens it): "),
        "attached": t("签名的核查结果，可离线核验", "The signed answer, to be verified offline"),
        "sign": [t("经办人", "Done by "), t("复核人", "Checked by "), t("日期", "Date ")],
        "foot": t("信用核查凭证", "Receipt of a credit screening") + " · " + receipt["id"],
        "picture": segno.make(place, error="m").svg_inline(border=2, light="#fff", scale=4),
    }  # fmt: skip


def _site(place: str) -> str:
    return place.partition("/verify/")[0]


def _with_page(results: list[Told]) -> list[Told]:
    return results if len(results) <= PAGES else [one for one in results if one["verdict"] != Verdict.CLEAR][:PAGES]


def _name(one: Told) -> str:
    known = one["matches"][0]["name"] if one["matches"] and not one["input_error"] else ""
    return one["name"] or known or one["code"] or t("（空行）", "(empty)")


def _head(receipt: Told, body: Told) -> Pairs:
    tender, kinds = body["tender"], kinds_on(date.fromisoformat(str(body["as_of"])))
    kind = kinds.get(tender["kind"])
    lines = [(words, tender[name]) for name, words in tender_words().items() if tender.get(name)]
    return [
        *lines,
        (t("项目类型", "Kind"), t(kind["zh"], kind["en"]) if kind else tender["kind"]),
        *_when(receipt, body),
        *([(t("此前的核查", "Earlier check"), receipt["refers_to"])] if receipt["refers_to"] else []),
    ]


def _when(receipt: Told, body: Told) -> Pairs:
    return [
        (t("核查时间", "Made"), instant(receipt["made_at"])),
        (t("参加日期", "Taking part on"), written(str(body["as_of"]))),
        (t("数据变更序号", "Data at change"), str(body["seq"])),
    ]


def _source(one: Told, lists: Told) -> list[str]:
    why = f"（{say(one['why'])}）" if one["why"] else ""
    day = written(str(one["data_as_of"])) if one["data_as_of"] else "—"
    return [list_name(one["list"], lists), term("SourceState", one["state"]) + why, day]


def _since(told: Told | None) -> Told:
    if not told:
        return {}
    lines = [
        f"{one['name'] or one['code'] or one['ref']}"
        + t("：", ": ")
        + (term("Verdict", one["before"]) if one["before"] else t("新增", "new"))
        + " → " + term("Verdict", one["after"])
        for one in told["changed"]
    ]  # fmt: skip
    rest = t(f"其余 {told['unchanged']} 家没有变化。", f"Nothing changed for the other {told['unchanged']}.")
    return {"title": t("与上次核查相比", "Since the earlier check") + f" {told['receipt']}", "lines": [*lines, rest]}


def _supplier(one: Told, receipt: Told, body: Told, lists: Told) -> Told:
    said = [say(one["input_error"])] if one["input_error"] else []
    if one["by_group"]:
        said.append(t("联合体有成员依法禁止参加，整个联合体不能参加。", "A member of the consortium is excluded."))
    said += [
        t("已排除：", "Cleared: ") + f"{gone['code'] or list_name(gone['list'], lists)} {gone['document_no'] or ''}"
        f" · {gone['by']}{t('：', ': ')}{gone['reason']}"
        for gone in one.get("cleared", ())
    ]
    return {
        "name": _name(one), "verdict": t("结论：", "Verdict: ") + term("Verdict", one["verdict"]), "said": said,
        "head": [
            *([(t("统一社会信用代码", "Unified code"), one["code"])] if one["code"] else []),
            *([(t("项目编号", "Tender"), body["tender"]["number"])] if body["tender"].get("number") else []),
            *_when(receipt, body),
        ],
        "sources": [_source(source, lists) for source in one["sources"]],
        "hits": [_hit(hit, lists) for hit in (*one["exclusions"], *one["considerations"])],
    }  # fmt: skip


def _hit(hit: Told, lists: Told) -> Pairs:
    sure = "" if hit["sure"] else t("（仅名称相同，须人工核对）", " (same name alone: a person must look)")
    rows = (
        (list_name(hit["list"], lists), (hit["name"] or "") + sure), (t("文书号", "Document"), hit["document_no"]),
        (t("依据", "Basis"), hit["basis"]), (t("机关", "Authority"), hit["authority"]),
        (t("自", "Since"), written(str(hit["since"]))),
        (t("至", "Until"), hit["until"] and written(str(hit["until"]))),
    )  # fmt: skip
    return [(name, text) for name, text in rows if text]
