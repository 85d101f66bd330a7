"""The words of each paper of a listing (Order 44 art. 13: facts, basis, warning, removal, remedies)."""

from __future__ import annotations

from collections.abc import Callable

from credit.rules.papers import DECISIONS, Issued, Paragraph, chinese, sentence, term

Written = list[Paragraph]
NOBODY = "——"


def notice(of: Issued) -> Written:
    """The notice: what is intended and why, and until when the party may answer."""
    until, days = of.said("answer_by"), of.terms["objection_days"]
    provisional = "（次年节假日安排公布后，该日期以公布的安排为准）" if of.act.fields.get("provisional") else ""
    served = chinese(of.said("served_on"))
    return [
        Paragraph("拟列入的事实", sentence(of.said("facts"))),
        Paragraph("事由和依据", f"上述事实属于{of.ground}。依据：{sentence(of.said('basis'))}"),
        Paragraph("拟作出的决定", f"本机关拟将你单位列入{of.list_name}。"),
        Paragraph("列入后的措施", sentence(of.words("measures"))),
        Paragraph(
            "陈述、申辩和听证",
            f"本告知书于{served}送达。你单位可以陈述、申辩；要求听证的，应当自送达之日起{days}个工作日内，"
            f"即{chinese(until)}前（含当日）提出{provisional}。逾期未提出的，视为放弃听证。",
        ),
    ]


def decision(of: Issued) -> Written:
    """The decision to list, or to list again after a removal that rested on false material."""
    again = [Paragraph("恢复列入的原因", sentence(of.said("reason")))] if of.act.act == "restore" else []
    return [
        Paragraph("列入的事实", sentence(of.said("facts"))),
        Paragraph("列入事由", f"上述事实属于{of.ground}。"),
        Paragraph("列入依据", sentence(of.said("basis"))),
        *again,
        Paragraph("陈述申辩情况", _answered(of)),
        Paragraph("决定", _decided(of)),
        Paragraph("管理措施提示", sentence(of.said("measures"))),
        Paragraph("移出条件和程序", sentence(of.said("removal_conditions")) + "详见一并送达的信用修复告知书。"),
        Paragraph("救济措施", sentence(of.said("remedies"))),
    ]


def _answered(of: Issued) -> str:
    if answer := of.said("answer"):
        return f"对你单位的陈述、申辩意见，本机关审查认为：{sentence(answer)}"
    if of.before("waive"):
        return "你单位书面放弃陈述、申辩和听证。"
    return "你单位在告知的期限内未申请听证。"


def _decided(of: Issued) -> str:
    penalty = of.said("penalty_document_no")
    along = f"本决定与行政处罚决定（{penalty}）一并作出。" if penalty else ""
    return (
        f"本机关决定将你单位列入{of.list_name}，期限自公示之日起{term(of.terms['term_months'])}；"
        f"法律、行政法规规定的限制期限更长的，从其规定。{along}"
    )


def repair_notice(of: Issued) -> Written:
    """The notice of credit repair, served together with the decision (两书同达)."""
    earliest, whole = term(of.terms["earliest_removal_months"]), term(of.terms["term_months"])
    clocks = [
        f"{words}{of.clocks[name]}个工作日内{does}"
        for name, words, does in (
            ("acceptance", "收到申请后", "决定是否受理"), ("decision", "受理后", "作出是否准予移出的决定"),
        )
        if name in of.clocks
    ]  # fmt: skip
    return [
        Paragraph("对应的决定", f"本告知书与列入决定书（{of.said('document_no')}）一并送达。"),
        Paragraph("何时可以申请", f"自公示之日起满{earliest}，可以申请提前移出；满{whole}的，自动移出，无需申请。"),
        Paragraph("申请条件", sentence(of.said("removal_conditions"))),
        Paragraph("申请材料", "申请书、守信承诺书、已履行义务和消除危害后果的证明材料。办理不收取费用。"),
        *([Paragraph("办理期限", f"{'，'.join(clocks)}。")] if clocks else []),
        Paragraph("受理机关", f"{of.authority}。"),
        Paragraph("修复的效果", "准予移出的，停止公示，不再采取相应管理措施，质量信用等级重新评定。"),
        Paragraph("虚假申请的后果", "以虚假材料取得移出的，恢复列入，列入期限重新计算。"),
    ]


def removal(of: Issued) -> Written:
    """The decision that takes an enterprise off the list early."""
    return [
        Paragraph("申请", _applied(of)),
        Paragraph("审查意见", sentence(of.said("reason"))),
        Paragraph("决定", f"本机关决定自{chinese(of.act.on)}起将你单位移出{of.list_name}，停止公示和相应管理措施。"),
        Paragraph("提示", "以虚假材料取得移出的，恢复列入，列入期限重新计算。"),
    ]


def refusal(of: Issued) -> Written:
    """The decision that an application for early removal fails."""
    return [
        Paragraph("申请", _applied(of)),
        Paragraph("审查意见", sentence(of.said("reason"))),
        Paragraph("决定", f"本机关决定不予提前移出{of.list_name}。条件具备后，可以再次申请。"),
        Paragraph("救济措施", sentence(of.words("remedies"))),
    ]


def revocation(of: Issued) -> Written:
    """The decision that a listing is void, since its basis fell."""
    return [
        Paragraph("撤销的原因", sentence(of.said("reason"))),
        Paragraph(
            "决定",
            f"本机关决定自{chinese(of.act.on)}起撤销列入决定（{_listed_by(of)}），停止公示和相应管理措施，"
            "质量信用等级重新评定。",
        ),
    ]


def _applied(of: Issued) -> str:
    asked = of.before("apply_removal")
    on = chinese(str(asked.fields["applied_on"])) if asked else NOBODY
    return f"你单位于{on}申请提前移出{of.list_name}（列入决定书：{_listed_by(of)}）。"


def _listed_by(of: Issued) -> str:
    decided = of.before(*DECISIONS)
    return str(decided.fields["document_no"]) if decided else NOBODY


TEXTS: dict[str, Callable[[Issued], Written]] = {
    "notice": notice, "decision": decision, "repair-notice": repair_notice, "removal": removal, "refusal": refusal,
    "revocation": revocation,
}  # fmt: skip
