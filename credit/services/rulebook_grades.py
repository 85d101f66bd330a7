"""The rulebook on grades: what each needs and leads to, how violations are weighed and shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from credit.rules.law import Dated, Law, Provision
from credit.rules.notices import KEY as NOTICES
from credit.terms import Category, Grade, Level, Notice, Penalty, Procedure, Severity, Term, Tier

Words = dict[str, str]
Rows = list[dict[str, Any]]
CONDITIONS = {
    "pass_on_file": (
        "windows.on-file",
        "近 {} 个月内有检验合格（含复查合格）的记录",
        "a passed test or re-check on file within {} months",
    ),
    "registered_months": (
        "preconditions.registered-months",
        "登记满 {} 个月",
        "registered for {} months",
    ),
    "clean_years": (
        "preconditions.clean-years",
        "连续 {} 年没有计分的不良记录（轻微违法不中断）",
        "{} full years without a counting bad record (a minor violation doesn't break them)",
    ),
    "valid_prize": (
        "preconditions.prize-levels",
        "持有有效的政府质量奖（{}）",
        "a valid government quality prize ({})",
    ),
}
STARTS = {
    "publication_day": ("处罚信息公示之日", "the day on which the penalty is published"),
    "decision_day": ("处罚决定之日", "the day on which the penalty is decided"),
}


def words(zh: str, en: str) -> Words:
    """One wording in both languages."""
    return {"zh": zh, "en": en}


def joined(parts: Iterable[Words]) -> Words:
    """Several wordings as one, in the way of each language."""
    parts = list(parts)
    return words("；".join(part["zh"] for part in parts), "; ".join(part["en"] for part in parts))


def labels(vocabulary: type[Term], values: Iterable[str]) -> Words:
    """The labels of several terms."""
    terms = {str(term): term for term in vocabulary}
    found = [terms[value] for value in values]
    return words("、".join(term.zh for term in found), ", ".join(term.en for term in found))


def source(dated: Dated) -> dict[str, str]:
    """Where a value comes from, as the page shows it."""
    return dated.source._asdict()


def held(law: Law, prefix: str, day: date) -> dict[str, tuple[Provision, Dated]]:
    """The provisions under `prefix` that have a value on `day`, by the rest of the key."""
    return {
        key: (provision, provision.on(day))
        for key, provision in law.under(prefix).items()
        if provision.values[0].start <= day
    }


def grades(law: Law, day: date) -> Rows:
    """Each grade, best first: its band, its own conditions, and the facts that hold a grade there."""
    bands = held(law, "bands", day)
    ceilings = held(law, "ceilings", day).values()
    special = {"D": ("grounds.D", _grounds), "N": ("rated.registered-months", _unrated)}
    rows = []
    for grade in Grade:
        key, needs = special.get(grade, (f"bands.{grade if grade in bands else 'B'}", _conditions))
        rows.append(
            {
                "grade": str(grade),
                "from_score": bands[grade][1].value if grade in bands else None,
                "preconditions": needs(law, grade, day),
                "ceilings": [words(p.zh, p.en) for p, dated in ceilings if dated.value == grade],
                "source": source(law.provisions[key].on(day)),
            }
        )
    return rows


def _conditions(law: Law, grade: str, day: date) -> list[Words]:
    predicates = held(law, "preconditions", day).get(grade)
    return [_condition(law, name, day) for name in predicates[1].value] if predicates else []


def _condition(law: Law, predicate: str, day: date) -> Words:
    key, zh, en = CONDITIONS[predicate]
    value = law.value(key, day)
    given = labels(Level, value) if isinstance(value, list) else words(value, value)
    return words(zh.format(given["zh"]), en.format(given["en"]))


def _grounds(law: Law, grade: str, day: date) -> list[Words]:
    """What by itself means this grade, while it is shown."""
    lists = [
        words(f"列入{p.zh}", f"on the list: {p.en}") for p, _ in held(law, "lists", day).values()
    ]
    grave = Category.GRAVE_ACCIDENT
    named = {
        "listed": lists,
        "crime": [words("质量犯罪", "quality crime")],
        "grave_accident": [words(grave.zh, grave.en)],
    }
    return [ground for name in law.value(f"grounds.{grade}", day) for ground in named[name]]


def _unrated(law: Law, grade: str, day: date) -> list[Words]:
    """When no grade is given, in the policy's own sentences."""
    months = {"no-data": "windows.on-file", "too-young": "rated.registered-months"}
    return [
        words(
            *(law.sentences[rule][lang].format(number=law.value(key, day)) for lang in ("zh", "en"))
        )
        for rule, key in months.items()
    ]


def tiers(law: Law, day: date) -> Rows:
    """Each tier with the grades that lead to it and what supervisors do."""
    measures, placed = held(law, "measures", day), held(law, "tiers", day)
    return [
        {
            "tier": str(tier),
            "label": words(tier.zh, tier.en),
            "grades": [str(g) for g in Grade if g in placed and placed[g][1].value == int(tier)],
            "measures": measures[tier][1].value,
            "source": source(measures[tier][1]),
        }
        for tier in Tier
        if tier in measures
    ]


def severity(law: Law, day: date) -> Rows:
    """Serious, general, minor: which penalties, how long shown, when repair may be applied for."""
    shown = law.provisions["publication.months"].on(day)
    keys = {"serious": "severity.serious-kinds", "minor": "severity.light-kinds"}
    return [
        {
            "severity": str(kind),
            "penalties": _penalties(law, kind, day),
            "publication": _shown(kind, shown.value[kind]),
            "repair": _repair(law.value("publication.repair-months", day).get(kind)),
            "source": source(law.provisions[keys[kind]].on(day) if kind in keys else shown),
        }
        for kind in reversed(Severity)
    ]


def _penalties(law: Law, kind: Severity, day: date) -> Words:
    if kind is Severity.GENERAL:
        return words("介于两者之间的处罚", "everything between the two")
    if kind is Severity.SERIOUS:
        fine = law.value("severity.serious-fine", day)
        large = words(f"罚款 {fine:,} 元以上", f"a fine of {fine:,} yuan or more")
        crime = words("构成犯罪", "crime")
        return joined([labels(Penalty, law.value("severity.serious-kinds", day)), large, crime])
    small, tiny = (law.value(f"severity.small-fine{who}", day) for who in ("", "-individual"))
    light = labels(Penalty, law.value("severity.light-kinds", day))
    fined = words(
        f"罚款不足 {small:,} 元（个体工商户不足 {tiny:,} 元）且没有更重的处罚",
        f"a fine below {small:,} yuan (individual business: {tiny:,}) and no heavier penalty",
    )
    return joined([light, words(Procedure.SIMPLE.zh, Procedure.SIMPLE.en), fined])


def _shown(kind: Severity, months: int) -> Words:
    zh, en = f"最长 {months} 个月", f"at most {months} months"
    if kind is Severity.MINOR:
        return words(
            f"部门注明公示依据的才公示，{zh}", f"only if the department names a basis for it, {en}"
        )
    return words(zh, en)


def _repair(months: int | None) -> Words:
    if months is None:
        return words("不另设修复期", "no period of its own")
    return words(
        f"满 {months} 个月并履行义务后可申请", f"from {months} months on, once duties are performed"
    )


def publication(law: Law, day: date) -> Rows:
    """From which day publication is counted, when a newer period wins, what is never shown."""
    start = law.value("publication.start", day)
    alone = labels(Penalty, law.value("severity.unpublished-kinds", day))
    simple = words("简易程序作出的处罚也不公示", "nor any penalty decided in the simple procedure")
    told = {
        "publication.start": words(*STARTS[start]),
        "publication.months": _newer(law.provisions["publication.months"], day),
        "severity.unpublished-kinds": joined([alone, simple]),
    }
    provisions = law.provisions
    if NOTICES in provisions:
        asked = provisions[NOTICES].on(day).value
        told[NOTICES] = labels(Notice, asked) if asked else words("无", "none")
    return [
        {
            "label": words(provisions[key].zh, provisions[key].en),
            "value": value,
            "source": source(provisions[key].on(day)),
        }
        for key, value in told.items()
    ]


def _newer(provision: Provision, day: date) -> Words:
    """What lengthens a publication, and since when newer periods shorten it."""
    dated = provision.on(day)
    longer = words(
        "所受限制期限更长的，至限制期满", "a restriction that lasts longer ends it with itself"
    )
    if dated is provision.values[0]:
        return longer
    newer = words(
        f"{dated.start} 起施行，此前的处罚按新规定更早届满的，从新规定，但不早于施行之日",
        f"in force from {dated.start}, where it ends an older publication sooner, it wins from that day on",
    )
    return joined([newer, longer])
