"""The differences between two policies, told to citizens: what it is about, what it was, what it is now."""

from __future__ import annotations

import re
from typing import Any

from credit.rules import differences as rules
from credit.rules.differences import Difference
from credit.rules.law import EVENT_DAY, Law, Provision
from credit.services.rulebook_grades import STARTS, Rows, Words, labels, source, words
from credit.terms import (
    Award,
    Category,
    InspectionType,
    Kind,
    Level,
    Notice,
    Penalty,
    Severity,
    Term,
)

VOCABULARIES: dict[str, type[Term]] = {
    "severity": Penalty, "passes": InspectionType, "preconditions.prize-levels": Level,
    "publication.notices": Notice,
}  # fmt: skip
PREDICATES = {
    "pass_on_file": words("有检验合格的记录", "a passed test on file"),
    "registered_months": words("登记满规定月数", "registered for the months asked"),
    "clean_years": words("满规定年数没有不良记录", "clean for the years asked"),
    "valid_prize": words("持有有效的政府质量奖", "a valid government quality prize"),
    "listed": words("列入名单", "on a list"),
    "crime": words("质量犯罪", "quality crime"),
    "grave_accident": words("重大质量事故", "grave quality accident"),
}
OF_LISTS = {
    "law": words("法律", "law"), "regulation": words("行政法规", "regulation"), "rule": words("部门规章", "rule"),
    "central_document": words("中央文件", "central document"),
    "local_regulation": words("地方性法规", "local regulation"),
    **{str(one): words(one.zh, one.en) for kind in (Penalty, Category, Kind, Award) for one in kind},
}  # fmt: skip
UNITS = {
    "months": words("{} 个月", "{} months"), "years": words("{} 年", "{} years"),
    "days": words("{} 日", "{} days"),
    "working-days": words("{} 个工作日", "{} working days"), "yuan": words("{:,} 元", "{:,} yuan"),
    "points": words("{} 分", "{} points"), "count": words("{} 次", "{} times"),
    "tier": words("第 {} 类", "tier {}"), "percent": words("{}%", "{}%"),
}  # fmt: skip
# The unit of whole numbers by the key (or the part of a list), the longest that fits.
COUNTED = {
    "points": "points", "bands": "points", "bounds": "points", "caps": "count", "caps.merit": "points",
    "caps.clean-year": "years", "windows": "months", "rated": "months", "preconditions.registered-months": "months",
    "preconditions.clean-years": "years", "finality": "days", "severity": "yuan", "tiers": "tier",
    "shares": "percent", "publication": "months", "objection_days": "working-days",
    "hearing_notice_days": "working-days", "term_months": "months",
    "earliest_removal_months": "months", "demands": "working-days", "repairs": "working-days",
    "repairs.retention-months": "months", "falls": "working-days",
    "complaints": "working-days", "complaints.retention-months": "months",
    "tasks.result-days": "working-days",
    "draws.yearly-cap": "count", "draws.higher-level-months": "months", "draws.most-of-one-tier": "percent",
}  # fmt: skip
PARTS = {
    "legal_basis": words("法律依据", "legal basis"), "term_months": words("期限", "term"),
    "earliest_removal_months": words("可申请提前移出", "early removal from"),
    "requires_upper_consent": words("须经上级同意", "consent of the authority above"),
    "objection_days": words("陈述申辩期", "time to state one's case"),
    "hearing_notice_days": words("听证提前通知", "notice of the hearing"), "authority": words("管理机关", "kept by"),
    "heavier": words("较重行政处罚", "heavier penalties"), "under": words("上位依据", "made under"),
    "no_honours": words("不授予的荣誉", "honours barred"), "legal_review": words("法制审核", "legal review"),
    "secrecy_review": words("保密审查", "secrecy review"),
    "credit_unit": words("由信用机构公示和移出", "published and removed by the credit unit"),
    "factor_test": words("综合考虑情节", "circumstances weighed"), "grounds": words("事由", "ground"),
    "measures": words("管理措施", "measures"), "remedies": words("救济途径", "remedies"),
    "removal_conditions": words("移出条件", "conditions of removal"), "risk": words("风险", "risk"),
    "title": words("名称", "title"), "first_day": words("最早可查询日", "first day"),
    **{str(one): words(one.zh, one.en) for one in Severity},
}  # fmt: skip
HOLES = {
    "document": words("〔文书〕", "[document]"), "what": words("〔事项〕", "[what]"),
    "points": words("〔分值〕", "[points]"), "until": words("〔截止日〕", "[day]"),
    "number": words("〔数〕", "[number]"), "grade": words("〔等级〕", "[grade]"),
}  # fmt: skip
WHOLE = {
    "policy": words("政策", "policy"), "sentences": words("说明文字", "wording of reasons"),
    "industries": words("行业", "industry"),
}  # fmt: skip


def told(old: Law, new: Law) -> Rows:
    """Every difference: key, kind, title: Words, since, old and new: Words or None, source or None.

    Values come before wording. `since` is an ISO day, or None where the text has no day.
    """
    return [_row(one, new) for one in rules.differences(old, new)]


def _row(one: Difference, law: Law) -> dict[str, Any]:
    return {
        "key": ".".join((one.key, *one.part)),
        "kind": one.kind,
        "title": _title(one, law),
        "since": one.since and str(one.since),
        "old": _value(one, one.old),
        "new": _value(one, one.new),
        "source": one.dated and source(one.dated),
    }


def _title(one: Difference, law: Law) -> Words:
    """What a difference is about: the key's own title, and the part of its value."""
    if one.provision is not None:
        # A ground of a list is told by its words, which are the value.
        first, parts = _named(one.provision), tuple(part for part in one.part if part in PARTS)
    elif one.key == "sentences":
        about = law.provisions.get(f"points.{one.part[0]}") or law.provisions.get(
            one.part[0].replace("ceiling-", "ceilings.")
        )
        first = _joined(WHOLE["sentences"], _named(about) if about else words(one.part[0], one.part[0]))
        parts = ()
    else:
        first, parts = WHOLE[one.key], one.part
    for part in parts:
        first = _joined(first, PARTS.get(part, words(part, part)))
    return first


def _named(provision: Provision) -> Words:
    return words(provision.zh, provision.en)


def _joined(first: Words, second: Words) -> Words:
    return words(f"{first['zh']} · {second['zh']}", f"{first['en']} · {second['en']}")


def _value(one: Difference, value: Any) -> Words | None:
    """A value in words; None where there is none."""
    if value is None:
        return None
    if one.kind == rules.SOURCE:
        return words(*(f"《{value['title']}》{value['number']} {value['article']}".strip(),) * 2)
    if one.kind == rules.LAW_OF:
        event = words("按事件发生时的规定", "by the rule of the event's day")
        return event if value == EVENT_DAY else words("按评价日的规定", "by the rule of the day of grading")
    if isinstance(value, dict):
        return words(*(_filled(value[lang], lang) for lang in ("zh", "en")))
    if isinstance(value, bool):
        return words("是", "yes") if value else words("否", "no")
    if isinstance(value, int):
        return _counted(one, value)
    return _listed(one.key, value if isinstance(value, list) else [value])


def _filled(text: str, lang: str) -> str:
    """A sentence with the names of its holes instead of the facts that fill them."""
    return re.sub(r"\{(\w+)\}", lambda hole: HOLES.get(hole[1], {}).get(lang, hole[0]), text)


def _counted(one: Difference, number: int) -> Words:
    names = [one.key, one.key.split(".")[0], *one.part[-1:]]
    unit = next((UNITS[COUNTED[name]] for name in names if name in COUNTED), words("{}", "{}"))
    figure = number if number >= 0 else f"\u2212{-number}"
    return words(unit["zh"].format(figure), unit["en"].format(figure))


def _listed(key: str, values: list[Any]) -> Words:
    vocabulary = VOCABULARIES.get(key) or VOCABULARIES.get(key.split(".")[0])
    if vocabulary:
        return labels(vocabulary, values) if values else words("无", "none")
    known = PREDICATES | OF_LISTS | {name: words(*told) for name, told in STARTS.items()}
    named = [known.get(value, words(str(value), str(value))) for value in values]
    return words("、".join(w["zh"] for w in named) or "无", ", ".join(w["en"] for w in named) or "none")
