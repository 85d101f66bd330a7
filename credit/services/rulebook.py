"""The rulebook (评价规则): the policy in force on a day, told to people and to programs.

Every number, title and source comes from the policy; the words around them stand here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.errors import BeforeRegister
from credit.rules.blacklist import ACTS, FACTOR_TEST, LEGAL_REVIEW, SECRECY_REVIEW, UPPER_CONSENT
from credit.rules.law import Dated, Law, Provision
from credit.rules.merits import GROUPS
from credit.services.rulebook_draws import draws
from credit.services.rulebook_grades import (
    Rows,
    Words,
    grades,
    held,
    joined,
    labels,
    publication,
    severity,
    source,
    tiers,
    words,
)  # fmt: skip
from credit.services.rulebook_repairs import repairs
from credit.services.rulebook_screening import screening
from credit.services.rulebook_tasks import tasks
from credit.services.rulebook_warnings import warnings
from credit.terms import InspectionType, Outcome

UNITS = (LEGAL_REVIEW, SECRECY_REVIEW)
CAPS = GROUPS | {"clean-year": "clean-year"}
SHOWN_UNTIL = words("公示期满", "its publication ends")
UNTIL = {
    "base": words("", ""),
    "violation-minor": SHOWN_UNTIL,
    "violation-general": SHOWN_UNTIL,
    "violation-serious": SHOWN_UNTIL,
    "false-records": SHOWN_UNTIL,
    "inspection-refused": SHOWN_UNTIL,
    "repeat": words("两次违法中先届满的公示期满", "the publication of the first of the two ends"),
    "sampling-failed": words("复查合格或公示期满", "a re-check is passed, or its publication ends"),
    "sampling-failed-safety": words(
        "复查合格或公示期满", "a re-check is passed, or its publication ends"
    ),
    "clean-year": words(
        "出现计分的不良记录（轻微违法除外）", "a bad record counts (minor violations aside)"
    ),
}
WINDOWS = {
    "final-pass": ("windows.final-pass", "检验后 {} 个月", "{} months after the test"),
    "standard-national": ("windows.standard", "{} 个月", "{} months"),
    "standard-industry": ("windows.standard", "{} 个月", "{} months"),
    "pledge": (
        "windows.pledge",
        "承诺有效期满，最长 {} 个月",
        "the pledge ends, at most {} months",
    ),
}
AWARD = (
    "windows.award",
    "有效期满；没有有效期的 {} 个月",
    "its validity ends; {} months where it has none",
)
ONCE = {
    "final-pass": words("同一产品一年计一次", "once a year for each product"),
    "sampling-failed": words("同一抽查的同一产品计一次", "once for each campaign and product"),
    "sampling-failed-safety": words(
        "同一抽查的同一产品计一次", "once for each campaign and product"
    ),
}


def policy_on(day: date, law: Law) -> dict[str, Any]:
    """The values in force on `day`, in the shape of schemas.policy.PolicyDocument.

    Raises BeforeRegister before the first day that the policy answers for.
    """
    law = _answering(law, day)
    return {
        "id": law.id,
        "digest": law.digest,
        "on": str(day),
        "first_day": str(law.first_day),
        "values": [
            _value(provision, day)
            for provision in law.provisions.values()
            if provision.values[0].start <= day
        ],
    }


def _value(provision: Provision, day: date) -> dict[str, Any]:
    dated = provision.on(day)
    return {
        "key": provision.key,
        "title": words(provision.zh, provision.en),
        "law_of": provision.law_of,
        "since": str(dated.start),
        "value": dated.value,
        "source": source(dated),
    }


def rulebook(day: date, law: Law) -> dict[str, Any]:
    """The policy on `day` as a page wants it: the shape stands in credit/web/rulebook.py.

    Raises BeforeRegister before the first day that the policy answers for.
    """
    law = _answering(law, day)
    starts = {dated.start for provision in law.provisions.values() for dated in provision.values}
    return {
        "id": law.id,
        "name": words(law.zh, law.en),
        "digest": law.digest,
        "day": str(day),
        "first_day": str(law.first_day),
        "change_days": [str(start) for start in sorted(starts) if start > law.first_day],
        "points": _points(law, day),
        "limits": _limits(law, day),
        "grades": grades(law, day),
        "severity": severity(law, day),
        "publication": publication(law, day),
        "tiers": tiers(law, day),
        "lists": [_list(name, *found, day) for name, found in held(law, "lists", day).items()],
        "repairs": repairs(law, day),
        "screening": screening(law, day),
        "draws": draws(law, day),
        "tasks": tasks(law, day),
        "warnings": warnings(law, day),
        "clocks": _clocks(law, day),
    }


def _answering(law: Law, day: date) -> Law:
    if day < law.first_day:
        raise BeforeRegister(
            f"Ask for a day from {law.first_day} on.",
            zh=f"请查询 {law.first_day} 及以后的日期",
            first_day=str(law.first_day),
        )
    return law


def _points(law: Law, day: date) -> Rows:
    """What counts, the base first, in the order of the policy."""
    return [
        {
            "rule": rule,
            "label": words(provision.zh, provision.en),
            "points": dated.value,
            "until": _until(law, rule, day),
            "limit": _limit(law, rule, day),
            "values": [
                {"from": str(each.start), "value": each.value, "source": source(each)}
                for each in provision.values
            ],
            "source": source(dated),
        }
        for rule, (provision, dated) in sorted(
            held(law, "points", day).items(), key=lambda item: item[0] != "base"
        )
    ]


def _until(law: Law, rule: str, day: date) -> Words:
    if rule in UNTIL:
        return UNTIL[rule]
    key, zh, en = WINDOWS.get(rule, AWARD)
    months = law.value(key, day)
    return words(zh.format(months), en.format(months))


def _limit(law: Law, rule: str, day: date) -> Words | None:
    """How often a rule may count, or within which time, where something limits it."""
    key = "windows.repeat" if rule == "repeat" else f"caps.{CAPS.get(rule)}"
    provision = law.provisions.get(key)
    found = [_figure(provision, provision.on(day))] if provision else []
    found += [ONCE[rule]] if rule in ONCE else []
    return joined(found) if found else None


def _figure(provision: Provision, dated: Dated) -> Words:
    return words(f"{provision.zh}：{dated.value}", f"{provision.en}: {dated.value}")


def _limits(law: Law, day: date) -> Rows:
    """What holds the sum: the cap over all merits, the bounds, same facts once; which passes count at all."""
    whole = {"caps.merit": "merit-cap", "bounds.lowest": "bounds", "bounds.highest": "bounds"}
    figures = [
        (rule, _figure(p := law.provisions[key], p.on(day)), p) for key, rule in whole.items()
    ]
    kinds = [
        (f"passes-{name}", words(f"{p.zh}：{told['zh']}", f"{p.en}: {told['en']}"), p)
        for name, (p, dated) in held(law, "passes", day).items()
        for told in [labels(InspectionType, dated.value)]
    ]
    once = ("linked", words(Outcome.LINKED.zh, Outcome.LINKED.en), law.provisions["points.base"])
    return [
        {"rule": rule, "sentence": told, "source": source(p.on(day))}
        for rule, told, p in [*figures, once, *kinds]
    ]


def _list(name: str, provision: Provision, dated: Dated, day: date) -> dict[str, Any]:
    """One list: its legal basis, how one gets on it, what that means, and how one gets off."""
    terms = dated.value
    months, early = terms["term_months"], terms["earliest_removal_months"]
    return {
        "id": name,
        "name": words(provision.zh, provision.en),
        "basis": _basis(dated),
        "term": words(f"{months} 个月", f"{months} months"),
        "conditions": _conditions(terms),
        "steps": [step for step in (FACTOR_TEST, UPPER_CONSENT, *UNITS) if terms.get(step)],
        "grounds": [
            {
                "ground": ground,
                "name": words(told["zh"], told["en"]),
                "source": source(dated) | {"article": "", "certainty": told["certainty"]},
            }
            for ground, told in terms["grounds"].items()
        ],
        "effects": [terms["measures"]],
        "removal": [
            words(f"期满 {months} 个月移出", f"it ends after {months} months"),
            words(
                f"满 {early} 个月可申请提前移出",
                f"early removal may be applied for after {early} months",
            ),
            terms["removal_conditions"],
            terms["remedies"],
        ],
    }


def _basis(dated: Dated) -> dict[str, str]:
    """The legal basis: the value's own source, unless that is another document."""
    named = dated.value["legal_basis"]["zh"]
    if dated.source.title in named:
        return source(dated)
    return {"title": named, "number": "", "article": "", "url": "", "certainty": "R"}


def _conditions(terms: dict[str, Any]) -> list[Words]:
    """The way to the list: notice and defence, the acts in their order, who must agree."""
    steps = [ACTS[name] for name in ("notify", "decide", "confirm", "publish")]
    days = terms["objection_days"]
    found = [
        words(
            f"依次办理：{'、'.join(act.zh for act in steps)}",
            f"in this order: {', '.join(act.en for act in steps)}",
        ),
        words(
            f"告知后 {days} 个工作日内可以陈述、申辩",
            f"after notice, {days} working days to state one's case",
        ),
        words("决定须由另一人复核", "another officer confirms the decision"),
    ]
    if terms.get("requires_upper_consent"):
        found.append(words("须经上级机关同意", "the authority above must consent"))
    if terms.get("factor_test"):
        found.append(words("须综合考虑情节和危害后果", "circumstances and harm must be weighed"))
    found += [words(f"须经{ACTS[unit].zh}", f"somebody must {ACTS[unit].en}") for unit in UNITS if terms.get(unit)]
    return found


IN_WORKING_DAYS = ("demands", "objections", "repairs", "falls", "tasks", "complaints")
PERIODS = ("finality", "windows", "rated", *IN_WORKING_DAYS)


def _clocks(law: Law, day: date) -> Rows:
    """The periods that the policy counts in days or months."""
    return [
        {
            "label": words(provision.zh, provision.en),
            "value": _period(provision.key, dated.value),
            "source": source(dated),
        }
        for prefix in PERIODS
        for provision, dated in held(law, prefix, day).values()
        if isinstance(dated.value, int)
    ]


def _period(key: str, number: int) -> Words:
    zh, en = ("日", "days") if key.endswith("-days") else ("个月", "months")
    if key.partition(".")[0] in IN_WORKING_DAYS and key.endswith("-days"):
        zh, en = "个工作日", "working days"
    return words(f"{number} {zh}", f"{number} {en}")
