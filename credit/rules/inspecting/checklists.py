"""Checklists (检查表): questions of the policy, each answered with yes, no or not applicable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from credit.errors import InvalidInput
from credit.rules.inspecting.refusals import UnknownChecklist
from credit.rules.law import Law

KEY, GENERAL = "tasks.checklists", "general"
ANSWERS = ("yes", "no", "na")
Questions = dict[str, dict[str, str]]


def check(name: str, law: Law, day: date) -> None:
    """Raises UnknownChecklist."""
    known = _known(law, day)
    if name not in known:
        raise UnknownChecklist(
            f"Choose one of: {', '.join(known)}.", zh=f"请从中选择：{'、'.join(known)}", known=list(known),
            errors={"checklist": [f"Choose one of: {', '.join(known)}."]},
        )  # fmt: skip


def titles(law: Law, day: date) -> dict[str, dict[str, str]]:
    """What each checklist is called: zh and en."""
    return {name: told["title"] for name, told in _known(law, day).items()}


def questions(name: str, law: Law, day: date) -> Questions:
    """The questions of a checklist by their ids, in the ids' order; none where the policy lost the list."""
    return dict(sorted(_known(law, day).get(name, {"questions": {}})["questions"].items()))


def check_answers(asked: Questions, answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
    """Every question answered, none that isn't asked, and a note to each no. Raises InvalidInput by question."""
    wrong: dict[str, list[str]] = {}
    for question in asked:
        if question not in answers:
            wrong[f"answers.{question}"] = ["Answer yes, no or na."]
        elif answers[question] == "no" and not notes.get(question, "").strip():
            wrong[f"notes.{question}"] = ["Say what was found: a no needs a note."]
    for given, field in ((answers, "answers"), (notes, "notes")):
        wrong |= {f"{field}.{name}": ["The checklist doesn't ask this."] for name in given if name not in asked}
    if wrong:
        raise InvalidInput(
            "The checklist isn't whole.", zh="检查表未填完整：每项须选择，选“否”的须说明情况", errors=wrong
        )


def _known(law: Law, day: date) -> dict[str, Any]:
    """Under a policy of before checklists there is one without questions."""
    if KEY not in law.provisions:
        return {GENERAL: {"title": {"zh": "一般检查", "en": "general"}, "questions": {}}}
    found: dict[str, Any] = law.value(KEY, day)
    return found
