"""The public record as people read it: a sum, then conditions, then a timeline."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from credit.terms import Kind, Outcome

Entry = dict[str, Any]
CONDITIONS = {Outcome.CEILING, Outcome.PRECONDITION, Outcome.NO_DATA}


def reasons(findings: list[Entry]) -> dict[str, list[Entry]]:
    """Findings as `sum` (with the running `total`), `conditions` of the grade, and `uncounted`."""
    scored = [finding for finding in findings if finding["points"]]
    rest = [finding for finding in findings if not finding["points"]]
    totals = accumulate(finding["points"] for finding in scored)
    return {
        "sum": [finding | {"total": total} for finding, total in zip(scored, totals, strict=True)],
        "conditions": [finding for finding in rest if finding["outcome"] in CONDITIONS],
        "uncounted": [finding for finding in rest if finding["outcome"] not in CONDITIONS],
    }


def timeline(record: Entry) -> list[Entry]:
    """Violations, inspections and awards as one list, latest first, each with its points."""
    entries = [
        *(_entry(Kind.VIOLATION, event, event["decided_on"]) for event in record["violations"]),
        *(_entry(Kind.INSPECTION, event, event["occurred_on"]) for event in record["inspections"]),
        *(_entry(Kind.AWARD, event, event["valid_from"]) for event in record["awards"]),
    ]
    for entry in entries:
        entry["points"] = sum(
            finding["points"] for finding in record["findings"] if finding["event"] == entry["id"]
        )
    return sorted(entries, key=lambda entry: (entry["day"], entry["id"]), reverse=True)


def _entry(kind: Kind, event: Entry, day: str) -> Entry:
    return event | {"kind": kind, "day": day}
