"""The fields of the acts on a listing in words, and what a form proposes for them."""

from __future__ import annotations

from typing import Any

LABELS = {
    "intent": ("主观恶意程度", "intent"), "frequency": ("违法频次", "frequency"), "duration": ("持续时间", "duration"),
    "penalty_kind": ("处罚类型", "kind of penalty"), "amount": ("罚没款数额", "amount of fine"),
    "value": ("货值金额", "value of goods"), "harm": ("对人身健康的危害", "harm to people"),
    "loss": ("财产损失", "loss"), "effect": ("社会影响", "effect on society"),
    "no_intent": ("没有主观故意的证据（填写即不予列入）", "proof of no intent (it blocks the listing)"),
    "document_no": ("文书号", "document number"), "facts": ("事实", "facts"), "basis": ("依据", "basis"),
    "served_on": ("送达日期", "served on"), "statement": ("陈述申辩内容", "what was stated"),
    "stated_on": ("陈述申辩日期", "stated on"), "asked_on": ("申请听证日期", "hearing asked on"),
    "announced_on": ("听证通知日期", "hearing announced on"),
    "held_on": ("听证举行日期", "hearing held on"),
    "measures": ("惩戒措施提示", "warning of measures"), "removal_conditions": ("移出条件", "conditions of removal"),
    "remedies": ("救济途径", "remedies"),
    "penalty_document_no": ("同时作出的处罚决定书", "the penalty decided with it"),
    "answer": ("对陈述申辩是否采纳及理由", "whether the statement was accepted, and why"),
    "masked_facts": ("脱敏后的事实（系统发现个人信息时）", "facts with people masked (where any are found)"),
    "cleared": ("所发现的个人信息可以公示的理由", "why what was found may be shown"),
    "applied_on": ("申请日期", "applied on"), "performed": ("履行义务情况", "duties performed"),
    "harm_removed": ("消除危害情况", "harm removed"), "pledge": ("守信承诺", "pledge"), "opinion": ("意见", "opinion"),
    "reason": ("理由", "reason"),
}  # fmt: skip
LONG = {"facts", "basis", "statement", "measures", "removal_conditions", "remedies", "answer", "masked_facts", "reason"}
# What a form offers beside the fields that the act's document must hold.
MORE = {
    "assess": ("no_intent",), "decide": ("penalty_document_no", "answer"), "restore": ("penalty_document_no", "answer"),
    "publish": ("masked_facts", "cleared"),
}  # fmt: skip


def proposed(act: str, terms: dict[str, Any], story: dict[str, Any]) -> dict[str, str]:
    """What the form of an act begins with: the words of the list, the facts of the case."""
    if act == "notify":
        return {"facts": story["facts"], "basis": terms["legal_basis"]["zh"]}
    if act in ("decide", "restore"):
        words = {name: terms[name]["zh"] for name in ("measures", "removal_conditions", "remedies")}
        return words | {"facts": story["facts"], "basis": terms["legal_basis"]["zh"]}
    if act == "publish" and story["proposed_facts"]:
        return {"masked_facts": story["proposed_facts"]}
    return {}
