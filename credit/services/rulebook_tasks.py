"""Checklists in the rulebook: whoever is inspected can read beforehand what will be asked."""

from __future__ import annotations

from datetime import date

from credit.rules.law import Law
from credit.services.rulebook_grades import Rows, held, source


def tasks(law: Law, day: date) -> Rows:
    """Rows of label, values and source, a checklist each; none under a policy without checklists."""
    found = held(law, "tasks", day).get("checklists")
    if found is None:
        return []
    _, dated = found
    return [
        {
            "label": one["title"],
            "values": [words for _, words in sorted(one["questions"].items())],
            "source": source(dated),
        }
        for one in dated.value.values()
    ]
