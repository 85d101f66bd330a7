"""The closed set of keys of a policy: what each must hold, and the days that may choose its value."""

from __future__ import annotations

from typing import NamedTuple

from credit.policy.shapes import (
    CERTAINTIES,
    TEXT,
    TRUTH,
    WORDS,
    Shape,
    each,
    holding,
    list_of,
    months_of,
    one_of,
    whole,
)  # fmt: skip
from credit.rules.law import EVENT_DAY, GRADING_DAY
from credit.terms import (
    Award,
    Category,
    Grade,
    InspectionType,
    Kind,
    Level,
    Notice,
    Penalty,
    Severity,
)

# What a list may rest on (国办发〔2020〕49号); a ministry's rule only where it was made under one of these.
HIGHER = ("law", "regulation", "central_document", "local_regulation")
BASIS_LEVELS = (*HIGHER, "rule")
BANDED = ("AAA", "AA", "A", "B")
PREDICATES = ("pass_on_file", "registered_months", "clean_years", "valid_prize")
GROUNDS = ("listed", "crime", "grave_accident")
BAD = (
    "violation-minor", "violation-general", "violation-serious", "repeat", "false-records",
    "sampling-failed", "sampling-failed-safety", "inspection-refused",
)  # fmt: skip
GOOD = (
    "final-pass", "clean-year", "brand", "excellent-works", "certification", "pledge",
    *(f"quality-prize-{level}" for level in Level), *(f"standard-{level}" for level in Level),
)  # fmt: skip
CEILINGS = tuple(rule for rule in BAD if rule not in ("repeat", "false-records"))
CAPS = ("final-pass", "clean-year", "quality-prize", "brand", "certification", "standard", "pledge", "merit")
DUTIES = (
    "product-correction", "recheck", "second-recheck-from", "second-recheck", "report", "system", "redact",
    "listing-publication", "removal-acceptance", "removal-decision",
)  # fmt: skip
DEMANDS = ("withdrawal", "correction", "listing-review")
OBJECTIONS = ("decision", "answer", "whole", "statement")
COMPLAINTS = ("acceptance", "mediation", "decision", "extended", "telling")
SCREENING = ("lists", "kinds", "record-months", "record-penalties", "large-fine", "weighed-penalties")
SCREENED = ("court-debtors", "tax", "procurement", "samr-44")
DRAWS = ("risk-factor", "yearly-cap", "inspectors", "higher-level-months", "most-of-one-tier")
TASKS = ("checklists", "result-days")
WARNINGS = (
    "meeting-finals", "meeting-months", "false-alarm-percent", "odds", "credible-percent", "least-lots", "near-misses",
    "near-miss-months",
)  # fmt: skip
TARGETS = (
    "farm-share", "industry-share", "works-share", "satisfaction", "national-prizes", "provincial-prizes",
    "provincial-brands", "works-prizes",
)  # fmt: skip
REPAIRS = ("kinds", "excluded-penalties", "acceptance-days", "decision-days", "pledge", "retention-months")
# An award that the policy gives no points is no mistake; all other keys must be there.
OPTIONAL = {f"points.{rule}" for rule in GOOD if rule not in ("final-pass", "clean-year")}
# A policy of before these keys asks for no notice and sets no days: it stays readable.
OPTIONAL |= {"publication.notices", *(f"demands.{kind}-days" for kind in DEMANDS)}
OPTIONAL |= {f"duties.{kind}-days" for kind in DUTIES}
OPTIONAL |= {f"objections.{kind}-days" for kind in OBJECTIONS}
OPTIONAL |= {f"repairs.{part}" for part in REPAIRS} | {"falls.wait-days"}
OPTIONAL |= {f"screening.{part}" for part in SCREENING} | {f"draws.{part}" for part in DRAWS}
OPTIONAL |= {f"tasks.{part}" for part in TASKS} | {f"targets.{part}" for part in TARGETS} | {"statistics.least"}
OPTIONAL |= {f"warnings.{part}" for part in WARNINGS}
OPTIONAL |= {f"complaints.{kind}-days" for kind in COMPLAINTS} | {"complaints.retention-months"}


class Entry(NamedTuple):
    """The days by which a policy may have a key's value chosen, and the shape of the value."""

    law_of: tuple[str, ...]
    shape: Shape


GROUND = holding(
    {"zh": TEXT, "en": TEXT, "certainty": one_of(CERTAINTIES)},
    may={"categories": list_of(tuple(Category), least=1), "after_penalty": TRUTH},
)
LIST_PARTS = {
    "legal_basis": holding(
        {"zh": TEXT, "en": TEXT, "level": one_of(BASIS_LEVELS)},
        may={"under": holding({"zh": TEXT, "en": TEXT, "level": one_of(HIGHER)})},
    ),
    "term_months": whole(1, 1200),
    "earliest_removal_months": whole(0, 1200),
    "requires_upper_consent": TRUTH,
    "objection_days": whole(0, 365),
    "factor_test": TRUTH,
    "grounds": each(GROUND),
    "measures": WORDS,
    "removal_conditions": WORDS,
    "remedies": WORDS,
}
# A list of before these parts stays readable: no rule proposes for it, and a hearing needs no days ahead.
LIST_MAY = {
    "hearing_notice_days": whole(0, 365),
    "authority": holding({"zh": TEXT, "en": TEXT, "name": TEXT}),
    "no_honours": list_of(tuple(Award)),
    "legal_review": TRUTH,
    "secrecy_review": TRUTH,
    "credit_unit": TRUTH,
    "heavier": holding({"kinds": list_of(tuple(Penalty), least=1), "fine": TRUTH}),
}
LIST = Entry((EVENT_DAY,), holding(LIST_PARTS, LIST_MAY))


SCREENED_LIST = holding({"zh": TEXT, "en": TEXT, "keeper": WORDS, "fresh_days": whole(1, 3650)})
TENDER_KIND = holding(
    {"zh": TEXT, "en": TEXT, "excluding": list_of(SCREENED), "considered": list_of(SCREENED), "record": TRUTH}
)


def _by_either_day() -> dict[str, Shape]:
    """What one event costs, brings or leaves: the policy says by which day's law."""
    loss, gain = whole(-1000, 0), whole(0, 1000)
    return {
        **{f"points.{rule}": loss for rule in BAD},
        **{f"points.{rule}": gain for rule in GOOD if rule != "clean-year"},
        **{f"ceilings.{rule}": one_of((*BANDED, "C")) for rule in CEILINGS},
        "windows.repeat": whole(1, 1200),
    }


def _by_grading_day() -> dict[str, Shape]:
    """What is asked of an enterprise as it stands on a day, where there is no event to go by."""
    gain, count, months = whole(0, 1000), whole(0, 1000), whole(1, 1200)
    return {
        "points.base": gain,
        "points.clean-year": gain,
        **{f"caps.{kind}": count for kind in CAPS},
        "bounds.lowest": gain,
        "bounds.highest": gain,
        "windows.on-file": months,
        **{f"bands.{grade}": gain for grade in BANDED},
        **{f"preconditions.{grade}": list_of(PREDICATES, least=1) for grade in BANDED[:3]},
        "preconditions.registered-months": whole(0, 1200),
        "preconditions.clean-years": whole(0, 100),
        "preconditions.prize-levels": list_of(tuple(Level), least=1),
        "rated.registered-months": whole(0, 1200),
        "grounds.D": list_of(GROUNDS),
        **{f"tiers.{grade}": whole(1, 4) for grade in (*Grade, "unasked")},
        **{f"measures.{tier}": WORDS for tier in range(1, 5)},
        **{f"shares.{tier}": whole(0, 100) for tier in range(1, 5)},
        "falls.wait-days": whole(0, 60),
        "draws.risk-factor": holding(dict.fromkeys(("I", "II", "III"), whole(1, 100))),
        "draws.yearly-cap": whole(1, 366),
        "draws.inspectors": whole(2, 20),
        "draws.higher-level-months": whole(0, 120),
        "draws.most-of-one-tier": whole(1, 100),
        **{f"targets.{part}": whole(0, 100_000) for part in TARGETS},
        "statistics.least": whole(1, 1000),
        **{f"warnings.{part}": whole(1, 1000) for part in WARNINGS},
        "tasks.checklists": each(holding({"title": WORDS, "questions": each(WORDS)})),
        "screening.lists": each(SCREENED_LIST),
        "screening.kinds": each(TENDER_KIND),
        "screening.record-months": whole(1, 1200),
        "screening.large-fine": whole(1, 10**9),
        **{f"screening.{part}-penalties": list_of(tuple(Penalty)) for part in ("record", "weighed")},
    }


def _by_event_day() -> dict[str, Shape]:
    """What an event is, once and for all, when it is classified."""
    yuan = whole(0, 10**9)
    return {
        **{f"windows.{kind}": whole(1, 1200) for kind in ("final-pass", "award", "standard", "pledge")},
        "passes.scored": list_of(tuple(InspectionType)),
        "passes.filed": list_of(tuple(InspectionType)),
        "finality.objection-days": whole(0, 365),
        **{f"severity.{name}": yuan for name in ("serious-fine", "small-fine", "small-fine-individual")},
        **{f"severity.{name}-kinds": list_of(tuple(Penalty)) for name in ("serious", "light", "unpublished")},
        "publication.months": months_of(tuple(Severity), tuple(Severity)),
        "publication.repair-months": months_of(("general", "serious"), tuple(Severity)),
        "publication.start": one_of(("publication_day", "decision_day")),
        "publication.notices": list_of(tuple(Notice)),
        **{f"demands.{kind}-days": whole(1, 365) for kind in DEMANDS},
        **{f"duties.{kind}-days": whole(1, 365) for kind in DUTIES},
        "tasks.result-days": whole(1, 365),
        **{f"objections.{kind}-days": whole(1, 365) for kind in OBJECTIONS},
        **{f"complaints.{kind}-days": whole(1, 365) for kind in COMPLAINTS},
        "complaints.retention-months": whole(1, 1200),
        **{f"repairs.{kind}-days": whole(1, 365) for kind in ("acceptance", "decision")},
        "repairs.kinds": list_of((Kind.VIOLATION, Kind.INSPECTION)),
        "repairs.excluded-penalties": list_of(tuple(Penalty)),
        "repairs.pledge": WORDS,
        "repairs.retention-months": whole(1, 1200),
    }


ENTRIES = {
    **{key: Entry((EVENT_DAY, GRADING_DAY), shape) for key, shape in _by_either_day().items()},
    **{key: Entry((GRADING_DAY,), shape) for key, shape in _by_grading_day().items()},
    **{key: Entry((EVENT_DAY,), shape) for key, shape in _by_event_day().items()},
}


def entry_of(key: str) -> Entry | None:
    """What a key must hold; every `lists.` key is a list of its own. None: no such key."""
    return LIST if key.startswith("lists.") and key != "lists." else ENTRIES.get(key)
