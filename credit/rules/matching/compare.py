"""Compare two names of enterprises: what they mean for each other, how near they are, and why.

Brand, numbers and form decide; places, spelling and slips explain. A name alone never proves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from credit.rules.matching.cores import Finding, State, compare_cores, slip_of_whole
from credit.rules.matching.numerals import canonical, runs
from credit.rules.matching.parts import Parts, parts_of
from credit.rules.matching.reasons import Reason, reason
from credit.rules.matching.regions import compare_regions, read_beside

Relation = Literal["same", "variant", "hint", "related", "different"]
SAME, LEAST_VARIANT, LEAST_HINT, RELATED, MOST_DIFFERENT = 100, 80, 60, 55, 49
COSTS = {
    "numerals": 1, "place_word": 1, "form_words": 1, "place_moved": 3, "place_dropped": 6, "form_dropped": 9,
    "partnership": 3,
}  # fmt: skip
HINT_COSTS = {
    "sound": 5, "shape": 5, "swapped": 7, "form_loose": 8, "place_level": 8, "extra": 10, "wrong": 14,
    "trade_shortened": 16, "perhaps_place": 12,
}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """`score` 0 to 100: 100 same, from 80 variant, from 60 hint, 55 related, up to 49 different."""

    score: int
    relation: Relation
    reasons: tuple[Reason, ...]


def compare(asked_name: str, known_name: str) -> Comparison:
    """Compare two names as written. Symmetric in score and relation."""
    asked, known = parts_of(asked_name), parts_of(known_name)
    if not asked.folded or not known.folded:
        return Comparison(0, "different", (reason("empty"),))
    if asked.folded == known.folded:
        return Comparison(SAME, "same", (reason("equal" if asked_name == known_name else "spelling"),))
    if asked.tail and known.tail:
        found = _two_branches(asked, known)
    elif asked.tail or known.tail:
        found = _branch_and_parent(asked, known)
    else:
        found = _judged(asked, known, _differences(asked, known))
    return _perhaps_a_slip(asked, known) or found if found.relation == "different" else found


def _perhaps_a_slip(asked: Parts, known: Parts) -> Comparison | None:
    """One slip in the whole names can make them look like two firms."""
    slip = slip_of_whole(asked, known)
    return Comparison(LEAST_VARIANT - 1 - HINT_COSTS[slip.word], "hint", (slip,)) if slip else None


def _branch_and_parent(asked: Parts, known: Parts) -> Comparison:
    firm = _judged(asked, known, _differences(asked, known))
    if firm.relation == "variant":
        return _related(asked, known, firm)
    return _different(asked, known, list(firm.reasons))


def _two_branches(asked: Parts, known: Parts) -> Comparison:
    findings = _differences(asked, known)
    firm, tail = _judged(asked, known, findings), _tails(asked.tail, known.tail)
    within = asked.tail.startswith(known.tail) or known.tail.startswith(asked.tail)
    if tail.state == "hard" and within and firm.relation == "variant":
        return _related(asked, known, firm)
    return _judged(asked, known, [*findings, tail])


def _related(asked: Parts, known: Parts, firm: Comparison) -> Comparison:
    others = (each for each in firm.reasons if each.word != "wording")
    return Comparison(RELATED, "related", (reason("branch", asked.tail, known.tail), *others))


def _tails(asked: str, known: str) -> Finding:
    """Tails are compared as names are: 铜陵市分公司 and 铜陵分公司 are one, 铜陵支行 and 支行 aren't."""
    found = compare(asked, known)
    vague = {"place_dropped", "form_dropped", "trade_shortened"} & {each.word for each in found.reasons}
    if vague or found.relation in ("different", "related"):
        return Finding("hard", (reason("other_branch", asked, known),))
    states: dict[Relation, State] = {"same": "none", "variant": "soft", "hint": "slip"}
    return Finding(states[found.relation], found.reasons if found.relation != "same" else ())


def _differences(asked: Parts, known: Parts) -> list[Finding]:
    """Each part's difference: none, soft (another way to write), slip, or hard (another firm)."""
    one, other = read_beside(asked, known), read_beside(known, asked)
    return [_forms(one, other), _runs(one, other), compare_regions(one, other), compare_cores(one, other)]


def _forms(asked: Parts, known: Parts) -> Finding:
    words = [each.whole_form for each in (asked, known)]
    partnerships = {asked.partnership, known.partnership} - {""}
    if asked.group != known.group or len(partnerships) > 1:
        return Finding("hard", (reason("form", *words),))
    if asked.form == known.form:
        return Finding("none") if words[0] == words[1] else Finding("soft", (reason("form_words", *words),))
    if not asked.form or not known.form:
        return Finding("soft", (reason("form_dropped", *words),))
    if "company" in (asked.form, known.form) and {asked.form, known.form} & {"limited", "shares"}:
        return Finding("slip", (reason("form_loose", *words),))
    return Finding("hard", (reason("form", *words),))


def _runs(asked: Parts, known: Parts) -> Finding:
    one, other = runs(asked.core), runs(known.core)
    if one == other:
        return Finding("none", _numerals(asked.folded, known.folded) if one else ())
    return Finding("hard", (reason("number", " ".join(one), " ".join(other)),))


def _numerals(asked: str, known: str) -> tuple[Reason, ...]:
    """Told where the same numbers are written in two ways."""
    if asked != known and canonical(asked) == canonical(known):
        return (reason("numerals", asked, known),)
    return ()


def _judged(asked: Parts, known: Parts, findings: list[Finding]) -> Comparison:
    """One hard difference makes two firms; one slip makes a hint; the rest are variants."""
    told = [each for finding in findings for each in finding.reasons]
    states = {finding.state for finding in findings}
    if "hard" in states:
        hard = [each for finding in findings if finding.state == "hard" for each in finding.reasons]
        return _different(asked, known, hard)
    cost = sum(COSTS.get(each.word, 0) + HINT_COSTS.get(each.word, 0) for each in told)
    if "slip" in states:
        return Comparison(max(LEAST_VARIANT - 1 - cost, LEAST_HINT), "hint", tuple(told))
    return Comparison(max(SAME - 1 - cost, LEAST_VARIANT), "variant", tuple(told) or (reason("wording"),))


def _different(asked: Parts, known: Parts, reasons: list[Reason]) -> Comparison:
    """Another firm; the score only tells how much of the text is alike."""
    return Comparison(int(ratio(asked.folded, known.folded) * MOST_DIFFERENT / 100), "different", tuple(reasons))
