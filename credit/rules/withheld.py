"""Why a fact on file isn't shown, and how its department mends it where it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from credit.rules.classification import UNDECIDED
from credit.rules.law import Law
from credit.rules.notices import missing
from credit.terms import Notice

Row = Mapping[str, Any]


class Reason(NamedTuple):
    """A stable word, what it means, and the field to report, if any."""

    reason: str
    zh: str
    en: str
    field: str | None = None


WITHDRAWN = Reason("withdrawn", "报送部门已撤回，不再公示。", "Its department withdrew it: no longer shown.")


OBJECTED = Reason(
    "objection-pending",
    "企业已提出异议：报送复检结果，或以更正报送终局日期（final_on）后，才公示和计分。",
    "The enterprise objected: shown and counted once the re-inspection is reported, or final_on by a correction.",
    "final_on",
)


def reasons(event: Row, made: Row, law: Law, day: date) -> list[Reason]:
    """Why an event may not be shown on `day`, from what was reported and what the policy made of it.

    `event` has the columns of the event table, `made` those of its classification. Empty: it may,
    unless something else ended it.
    """
    if not made["public"]:
        kinds = {"violation": _violation, "inspection": _inspection}
        return list(kinds[event["kind"]](event, made, law))
    if made["in_force_on"] == UNDECIDED:
        return [OBJECTED]
    if day < made["in_force_on"]:
        return [_from(made["in_force_on"])]
    if made["shown_until"] is not None and day >= made["shown_until"]:
        until = made["shown_until"]
        return [Reason("ended", f"公示已于 {until} 届满。", f"Its publication ended on {until}.")]
    return []


def _from(day: date) -> Reason:
    return Reason(
        "not-yet",
        f"自 {day} 起公示：此前尚未送达、告知或终局。",
        f"Shown from {day} on: until then not served, announced or final.",
    )


def _violation(event: Row, made: Row, law: Law) -> Iterator[Reason]:
    if event["procedure"] == "simple":
        yield Reason(
            "simple-procedure", "简易程序作出的处罚不予公示。", "Decided in the simple procedure: never shown."
        )
    alone = law.value("severity.unpublished-kinds", max(event["decided_on"], law.first_day))
    if set(event["penalties"] or ()) <= set(alone):
        yield Reason("warning-alone", "仅受警告的处罚不予公示。", "A warning alone is never shown.")
    elif made["severity"] == "minor" and not event["publication_basis"]:
        yield Reason(
            "minor-without-basis",
            "轻微违法没有注明公示依据（publication_basis），不予公示。",
            "A minor violation without a basis for publication (publication_basis) is not shown.",
            "publication_basis",
        )
    for notice in missing(event, law):
        yield lacking(notice)


def lacking(notice: Notice) -> Reason:
    """A required fact of notice that was not reported."""
    return Reason(
        "notice-missing",
        f"缺少告知事实：{notice.zh}（{notice}）。请以更正补报，补报后公示并计分。",
        f"Notice missing: {notice.en} ({notice}). Report it by a correction; then it shows and counts.",
        str(notice),
    )


def _inspection(event: Row, made: Row, law: Law) -> Iterator[Reason]:
    if event["result"] == "invalid":
        yield Reason("sample-invalid", "样品无效，不予公示。", "The sample was invalid: not shown.")
    else:
        yield Reason(
            "producer-unconfirmed",
            "标称生产者没有确认产品为其生产（producer_confirmed），不予公示。",
            "The named producer has not confirmed that the product is its own (producer_confirmed).",
            "producer_confirmed",
        )
