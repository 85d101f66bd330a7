"""Mistakes in the policy files: (file, one text, another in its place, words of the refusal).

Every refusal names the file, so a mistake is listed with the file that is to blame, and what else
the message must say.
"""

from __future__ import annotations

BASE = "{from: 2000-01-01, value: 80, source: own}"
ORDER = "市场监督管理严重违法失信名单管理办法（市场监管总局令第44号）"
UNDER = (
    "under: {zh: 企业信息公示暂行条例第十七条, en: Interim Regulations on Enterprise Information Disclosure art. 17, "
    "level: regulation}"
)
LEGAL_BASIS = f"legal_basis: {{zh: {ORDER}, en: SAMR Order 44, level: rule, {UNDER}}}"
MONTHS = "{minor: 3, general: 36, serious: 36}, source: own"

Mistake = tuple[str, str, str, list[str]]

WRITING: dict[str, Mistake] = {
    "a key that stands twice in a file": (
        "points.yaml", "points.repeat:", "points.base:", ["points.base", "twice", "line"],
    ),
    "a key that stands twice in a value": (
        "points.yaml", "law_of: grading_day", "law_of: grading_day\n  law_of: event_day", ["law_of", "twice"],
    ),
    "a key that stands in two files": (
        "windows.yaml", "windows.award:", "points.base:", ["points.base", "two files"],
    ),
    "a key that YAML takes for a truth value": ("points.yaml", "points.base:", "on:", ["True", "must be text"]),
    "a key that is a list": ("points.yaml", "points.base:", "? [points, base]\n:", ["must be text"]),
    "a text that never ends": ("points.yaml", "zh: 评价基础分", "zh: '评价基础分", ["line"]),
    "a file that is no mapping": (
        "severity.yaml", "severity.serious-kinds:", "- severity.serious-kinds\n#", [],
    ),
    "a value that holds itself": ("points.yaml", "value: 80", "value: &own [*own]", ["points.base", "whole number"]),
    "an unknown tag": ("points.yaml", "value: 80", "value: !!python/object:builtins.int 80", ["python"]),
}  # fmt: skip

SHAPES: dict[str, Mistake] = {
    "an unknown key of a provision": (
        "points.yaml", "law_of: grading_day", "law_of: grading_day\n  note: x", ["points.base", "note"],
    ),
    "a provision that is a number": (
        "points.yaml", "points.base:", "points.base: 80\nx:", ["points.base", "must have"],
    ),
    "an unknown key of a value": ("points.yaml", BASE, BASE.replace("own", "own, note: x"), ["points.base", "note"]),
    "a title in one language": (
        "points.yaml", ", en: base of every rated enterprise", "", ["points.base.title", "en"],
    ),
    "a title that is a number": ("points.yaml", "zh: 评价基础分", "zh: 80", ["points.base.title", "text"]),
    "no value at all": ("points.yaml", f"values:\n    - {BASE}", "values: []", ["points.base", "dated value"]),
    "a value without source": ("points.yaml", BASE, "{from: 2000-01-01, value: 80}", ["points.base", "source"]),
    "an unknown source": ("points.yaml", "source: own", "source: rumour", ["points.base", "rumour", "known"]),
    "a list of sources": ("points.yaml", "source: own", "source: [own]", ["points.base", "['own']", "known"]),
    "a source of unknown certainty": (
        "policy.yaml", "certainty: own", "certainty: sure", ["sources.own", "certainty"],
    ),
    "a source whose article is a number": (
        "policy.yaml", 'article: "15"', "article: 15", ["quality_law", "article"],
    ),
    "a source that is text": ("policy.yaml", "sources:", "sources:\n  rumour: heard", ["sources.rumour", "heard"]),
    "a policy without a name": ("policy.yaml", "id: tongling-2026", "id: ''", ["id", "text"]),
    "a policy in one language": ("policy.yaml", ", en: Enterprise quality credit policy", "", ["title", "en"]),
    "law of an unknown day": (
        "points.yaml", "law_of: grading_day", "law_of: lucky_day", ["points.base", "grading_day"],
    ),
    "law of the wrong day": (
        "severity.yaml", "law_of: event_day", "law_of: grading_day", ["severity.serious-kinds", "event_day"],
    ),
    "base points by the event's day, which there is none": (
        "points.yaml", "law_of: grading_day", "law_of: event_day", ["points.base", "event_day", "allowed: grading_day"],
    ),
    "law of two days": (
        "points.yaml", "law_of: grading_day", "law_of: [grading_day, event_day]", ["points.base", "allowed"],
    ),
    "no law_of": ("points.yaml", "  law_of: grading_day\n", "", ["points.base", "law_of"]),
    "a misspelt key": (
        "windows.yaml", "windows.on-file", "windows.on-fiel", ["windows.on-fiel", "did you mean windows.on-file"],
    ),
    "points of a rule that nobody has": ("points.yaml", "points.pledge", "points.promise", ["points.promise"]),
    "a ceiling of a rule that nobody has": (
        "grades.yaml", "ceilings.inspection-refused", "ceilings.late-report", ["ceilings.late-report", "did you mean"],
    ),
    "a band of a grade that is none": ("grades.yaml", "bands.AAA:", "bands.AAAA:", ["bands.AAAA", "did you mean"]),
    "a list without a name": ("lists.yaml", "lists.samr-44:", "lists.:", ["no key of a policy"]),
}  # fmt: skip

DAYS: dict[str, Mistake] = {
    "a day that is no day of the calendar": ("points.yaml", "2000-01-01", "2000-13-01", ["month"]),
    "a day that is text": ("points.yaml", "2000-01-01", "spring 2000", ["points.base", "spring 2000"]),
    "an instant in place of a day": ("points.yaml", "2000-01-01", "2000-01-01 10:00:00", ["points.base", "no day"]),
    "days out of order": (
        "points.yaml", BASE, f"{BASE}\n    - {BASE.replace('2000', '1999')}", ["points.base", "1999-01-01"],
    ),
    "the same day twice": ("points.yaml", BASE, f"{BASE}\n    - {BASE}", ["points.base", "2000-01-01"]),
    "an end, which only the next value sets": (
        "points.yaml", BASE, BASE.replace("value", "until: 2020-01-01, value"), ["points.base", "until", "must have"],
    ),
    "a gap, told by no value": (
        "points.yaml", BASE, f"{BASE}\n    - {BASE.replace('2000', '2020').replace('80', 'null')}",
        ["points.base", "None", "whole number"],
    ),
    "a first day that is text": ("policy.yaml", "first_day: 2016-01-01", "first_day: soon", ["first_day", "'soon'"]),
    "a value that begins after the first day": (
        "points.yaml", "2000-01-01", "2016-01-02", ["points.base", "2016-01-02"],
    ),
}  # fmt: skip

VALUES: dict[str, Mistake] = {
    "points with a fraction": ("points.yaml", "value: 80", "value: 80.5", ["points.base", "80.5", "whole number"]),
    "points as text": ("points.yaml", "value: 80", "value: '80'", ["points.base", "'80'", "whole number"]),
    "a truth value for points": ("points.yaml", "value: 80", "value: true", ["points.base", "whole number"]),
    "more points than any column holds": (
        "points.yaml", "value: 80", f"value: {2**70}", ["points.base", "whole number"],
    ),
    "a violation that earns points": ("points.yaml", "value: -2", "value: 2", ["points.violation-minor", "to 0"]),
    "a merit that costs points": (
        "points.yaml", "value: 10,", "value: -10,", ["points.quality-prize-national", "from 0"],
    ),
    "a band that no score reaches": (
        "grades.yaml", "value: 88", "value: 95", ["bands.AAA", "2016-01-01", "out of reach"],
    ),
    "a band above all that merits can make": (
        "grades.yaml", "value: 95", "value: 101", ["bands.AAA", "101", "at most 100"],
    ),
    "more clean years than are counted": (
        "grades.yaml", "value: 2, source", "value: 4, source",
        ["preconditions.clean-years", "never hold", "caps.clean-year", "at most 3"],
    ),
    "a prize that has no points": (
        "grades.yaml", "[national, provincial]", "[national, county]",
        ["preconditions.prize-levels", "county", "never hold", "points.quality-prize-county"],
    ),
    "a pass on file of no kind": (
        "windows.yaml", "[random_draw, supervised_sampling, special, complaint]", "[]", ["passes.filed", "never hold"],
    ),
    "a grade as its own precondition": (
        "grades.yaml", "[pass_on_file]", "[A]", ["preconditions.A", "'A'", "pass_on_file"],
    ),
    "a pass that scores but isn't on file": (
        "windows.yaml", "special, complaint]", "complaint]", ["passes.scored", "special", "passes.filed"],
    ),
    "a penalty both serious and minor": (
        "severity.yaml", "[warning, criticism]", "[warning, closure]",
        ["severity.light-kinds", "closure", "severity.serious-kinds"],
    ),
    "a minor fine above the serious one": (
        "severity.yaml", "value: 50000", "value: 5000000", ["severity.small-fine", "2000000"],
    ),
    "repair after publication has ended": (
        "publication.yaml", "{general: 3, serious: 12}", "{general: 13, serious: 12}",
        ["publication.repair-months", "2025-12-25", "13", "12"],
    ),
    "bounds without room": ("windows.yaml", "value: 100,", "value: 0,", ["bounds.highest", "no room"]),
    "an unknown predicate": (
        "grades.yaml", "[pass_on_file]", "[good_name]", ["preconditions.A", "good_name", "pass_on_file"],
    ),
    "a mapping for a predicate": (
        "grades.yaml", "[pass_on_file]", "[{pass_on_file: 1}]", ["preconditions.A", "list"],
    ),
    "a grade without any precondition": ("grades.yaml", "[pass_on_file]", "[]", ["preconditions.A", "at least 1"]),
    "a predicate that stands twice": (
        "grades.yaml", "[valid_prize]", "[valid_prize, valid_prize]", ["preconditions.AAA", "once"],
    ),
    "an unknown ground": ("grades.yaml", "[listed,", "[disliked,", ["grounds.D", "disliked"]),
    "an unknown ceiling": (
        "grades.yaml", "value: C, source: own", "value: E, source: own", ["ceilings.violation-serious", "'E'"],
    ),
    "a ceiling of D, which only grounds give": (
        "grades.yaml", "value: C, source: own", "value: D, source: own", ["'D'", "AAA, AA, A, B, C"],
    ),
    "a list for a ceiling": (
        "grades.yaml", "value: C, source: own", "value: [C], source: own", ["ceilings.violation-serious", "['C']"],
    ),
    "an unknown tier": ("tiers.yaml", "value: 4", "value: 5", ["tiers.C", "from 1 to 4"]),
    "measures in one language": (
        "tiers.yaml", ", en: \"inspections by the yearly plan; guidance\"", "", ["measures.3", "en"],
    ),
    "months of publication as text": (
        "publication.yaml", MONTHS, MONTHS.replace("36", "long", 1), ["publication.months", "'long'", "whole"],
    ),
    "a severity that is never published": (
        "publication.yaml", MONTHS, MONTHS.replace("general", "ordinary", 1), ["publication.months", "ordinary"],
    ),
    "an unknown start of publication": (
        "publication.yaml", "publication_day", "service_day", ["publication.start", "service_day", "decision_day"],
    ),
    "an unknown penalty": ("severity.yaml", "closure]", "scolding]", ["severity.serious-kinds", "scolding"]),
    "a negative fine": ("severity.yaml", "value: 2000000", "value: -1", ["severity.serious-fine", "-1"]),
}  # fmt: skip

LISTS: dict[str, Mistake] = {
    "a list without legal basis": ("lists.yaml", f"        {LEGAL_BASIS}\n", "", ["lists.samr-44", "legal_basis"]),
    "a list whose basis is text": (
        "lists.yaml", LEGAL_BASIS, f"legal_basis: {ORDER}", ["lists.samr-44", "legal_basis", "level"],
    ),
    "a list whose basis has no standing": (
        "lists.yaml", "level: rule", "level: notice", ["lists.samr-44", "level", "regulation"],
    ),
    "a list without grounds": (
        "lists.yaml", "        grounds:\n", "        grounds: {}\n        note:\n", ["lists.samr-44", "note"],
    ),
    "a ground in one language": (
        "lists.yaml", ", en: serious violation of quality safety (article 7)", "", ["grounds", "en"],
    ),
    "a list that rests on a rule alone": ("lists.yaml", f", {UNDER}", "", ["lists.samr-44", "under which law"]),
    "a term as text": ("lists.yaml", "term_months: 36", "term_months: three years", ["term_months", "three years"]),
    "removal later than the end": (
        "lists.yaml", "earliest_removal_months: 12", "earliest_removal_months: 48", ["earliest_removal_months"],
    ),
    "remedies that are not told": ("lists.yaml", "remedies: {zh: ", "remedy: {zh: ", ["lists.samr-44", "remedies"]),
}  # fmt: skip

WHOLE: dict[str, Mistake] = {
    "a rule without sentence": ("sentences.yaml", "\npledge:", "\n# pledge:", ["pledge", "no sentence"]),
    "a sentence of no rule": (
        "sentences.yaml", "\npledge:", "\npromise: {zh: 承, en: p}\npledge:", ["promise", "neither"],
    ),
    "an outcome without sentence": ("sentences.yaml", "\nmended:", "\n# mended:", ["mended", "no sentence"]),
    "a sentence in one language": ("sentences.yaml", "base: {zh:", "base: {nl:", ["base", "zh"]),
    "a hole that nothing fills": ("sentences.yaml", "{points} 分。", "{score} 分。", ["base", "score", "points"]),
    "a hole that never ends": ("sentences.yaml", "{points} 分。", "{points 分。", ["base"]),
    "a division that is a number": ("industries.yaml", '"01":', "1:", ["1", "must be text"]),
    "a division of three digits": ("industries.yaml", '"01":', '"011":', ["'011'", "two digits"]),
    "an unknown risk": ("industries.yaml", "risk: II}", "risk: IV}", ["01", "IV", "III"]),
}  # fmt: skip

# A value that is right by itself, but no more with another file, which the refusal names.
CROSSED: dict[str, Mistake] = {
    "a later base that puts a band out of reach": (
        "points.yaml", BASE, f"{BASE}\n    - {BASE.replace('2000', '2027').replace('80', '70')}",
        ["grades.yaml", "bands.AAA", "2027-01-01", "at most 90"],
    ),
    "a lowest score that leaves none to the last grade": (
        "windows.yaml", "value: 0,", "value: 60,", ["grades.yaml", "bands.B", "C out of reach", "lowest score, 60"],
    ),
    "fewer clean years counted than a grade asks for": (
        "windows.yaml", "value: 3,", "value: 1,", ["grades.yaml", "preconditions.clean-years", "at most 1"],
    ),
}  # fmt: skip

REFUSED = WRITING | SHAPES | DAYS | VALUES | LISTS | WHOLE
NEEDED = (
    "bands.AA", "windows.on-file", "tiers.AAA", "points.base", "caps.merit", "preconditions.AAA", "grounds.D",
    "ceilings.violation-general", "publication.months", "severity.small-fine", "finality.objection-days",
)  # fmt: skip
