"""What a forecast says, in Chinese and English."""

from __future__ import annotations

from typing import Any

Words = dict[str, str]

# Holes: {name} of the record, {points} it brought or cost, {lost} and {won} before and after, {number}.
SENTENCES: dict[str, Words] = {
    "ended-minus": {
        "zh": "{name}公示期满，不再扣 {points} 分。",
        "en": "{name}: its publication ends; {points} no longer deducted.",
    },
    "ended-plus": {
        "zh": "{name}有效期满，不再加 {points} 分。",
        "en": "{name}: its time ends; {points} no longer added.",
    },
    "lifted": {
        "zh": "{name}公示期满，不再限制等级。",
        "en": "{name}: its publication ends and no longer holds the grade down.",
    },
    "counts-no-more-minus": {
        "zh": "{name}与另一记录为同一事实，不再另扣 {points} 分。",
        "en": "{name}: another record tells the same facts; {points} no longer deducted for it.",
    },
    "counts-no-more-plus": {
        "zh": "{name}因加分上限不再加 {points} 分。",
        "en": "{name}: a cap leaves no room for its {points}.",
    },
    "counts-from-minus": {
        "zh": "{name}开始计分，扣 {points} 分。",
        "en": "{name} begins to count and costs {points}.",
    },
    "counts-from-plus": {
        "zh": "{name}开始计分，加 {points} 分。",
        "en": "{name} begins to count and adds {points}.",
    },
    "counts-otherwise-minus": {
        "zh": "{name}的计分由 {lost} 分变为 {won} 分。",
        "en": "{name}: from {lost} to {won} points.",
    },
    "counts-otherwise-plus": {
        "zh": "{name}的加分由 {lost} 分变为 {won} 分。",
        "en": "{name}: from {lost} to {won} points.",
    },
    "counts-otherwise-clean-year": {
        "zh": "连续无不良记录的加分由 {lost} 分变为 {won} 分。",
        "en": "Clean years: from {lost} to {won} points.",
    },
    "counts-otherwise-base": {
        "zh": "基础分由 {lost} 分变为 {won} 分。",
        "en": "The points to start from: from {lost} to {won}.",
    },
    "counts-otherwise-bounds": {
        "zh": "分数上下限的调整由 {lost} 分变为 {won} 分。",
        "en": "What the bounds of the score add or take: from {lost} to {won} points.",
    },
    "clean-year": {
        "zh": "满 {number} 年没有计分的不良记录，加分由 {lost} 分升为 {won} 分。",
        "en": "Full years without a counting bad record: now {number}, from {lost} to {won} points.",
    },
    "clean-years-lost": {
        "zh": "连续无不良记录的加分由 {lost} 分降为 {won} 分。",
        "en": "Clean years: from {lost} down to {won} points.",
    },
    "listing-ended": {
        "zh": "列入期限届满，不再因列入名单直接评为 D 级。",
        "en": "The listing ends and no longer means grade D by itself.",
    },
    "rated": {
        "zh": "评级所需的条件已具备，开始评级。",
        "en": "What a grade needs is there: the enterprise is graded from this day.",
    },
    "condition-met": {
        "zh": "{condition}，满足 {grade} 级的这项条件。",
        "en": "{condition}: this condition of {grade} is met.",
    },
    "law": {
        "zh": "评价规则的新规定自本日起适用。",
        "en": "New provisions of the policy apply from this day.",
    },
}
CONDITIONS: dict[str, Words] = {
    "pass_on_file": {"zh": "有合格的检验或复查记录", "en": "A passed test or re-check is on file"},
    "registered_months": {"zh": "登记满 {number} 个月", "en": "Registered for {number} months"},
    "clean_years": {
        "zh": "满 {number} 年没有计分的不良记录",
        "en": "{number} full years without a counting bad record",
    },
    "valid_prize": {"zh": "有有效的政府质量奖", "en": "A government quality prize is valid"},
}


def met(finding: dict[str, Any], because: str) -> Words:
    """That a condition of a grade, whose finding this was, is met."""
    words = CONDITIONS[because.removeprefix("precondition-")]
    grade, number = finding["rule"].rpartition("-")[2], finding["number"] or ""
    return {
        language: text.format(condition=words[language].format(number=number), grade=grade)
        for language, text in SENTENCES["condition-met"].items()
    }


def filled(key: str, finding: dict[str, Any], lost: int = 0, won: int = 0) -> Words:
    """The sentence with its holes filled; an event without document or name is told by the other."""
    document, number = finding.get("document_no") or "", finding.get("number") or ""
    found = {}
    for language, text in SENTENCES[key].items():
        what = finding.get(f"what_{language}") or ""
        brackets = {"zh": f"{document}（{what}）", "en": f"{document} ({what})"}[language]
        name = brackets if document and what else document or what
        points = _points(abs(lost or won)) if language == "en" else abs(lost or won)
        told = {"lost": _signed(lost), "won": _signed(won), "number": number}
        found[language] = text.format(name=name, points=points, **told)
    return found


def _signed(number: int) -> str:
    """With a true minus, which screen readers say."""
    return str(number).replace("-", "\u2212")


def _points(number: int) -> str:
    return f"{number} point" if number == 1 else f"{number} points"
