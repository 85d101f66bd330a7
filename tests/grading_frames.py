"""Cases and random histories in the frames that the kernel reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.policy import load_policy
from credit.rules.classification import classify
from credit.rules.dossier import CEASED, FIRMS, LINKS, LISTINGS, Facts, dossier
from credit.rules.grading import Gradings, grade
from credit.services.classification import INPUTS
from credit.terms import Term

EVENT_ROW = INPUTS | {
    "event_id": pl.Int64, "document_no": pl.String, "of": pl.Int64, "campaign": pl.String,
    "gtin": pl.String, "product": pl.String,
}  # fmt: skip
LONG_AGO = date(1990, 1, 1)


def facts_of(
    firms: list[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]],
) -> Facts:
    """Facts of several (firm, events, listings); the n-th firm is enterprise n."""
    rows, ceased, links, known, listed = [], [], [], [], []
    for number, (firm, events, listings) in enumerate(firms):
        individual = firm.get("kind", "enterprise") == "individual"
        known.append(
            (
                number,
                LONG_AGO,
                None,
                firm.get("registered_on"),
                individual,
                firm.get("wants_grade", False),
                str(firm.get("status", "living")),
            )
        )
        listed += [
            (number, place, row["since"], row["until"]) for place, row in enumerate(listings)
        ]
        for event in events:
            item = event.get("item") or {}
            flat = {
                name: _plain(value) for name, value in (event | item).items() if name in EVENT_ROW
            }
            key = number * 1000 + event["id"]
            of = number * 1000 + event["of"] if event.get("of") else None
            code = "92340799000000000X" if individual else "91340799000000000X"
            penalties = (
                [str(kind) for kind in event["penalties"]] if event.get("penalties") else None
            )
            rows.append(
                flat
                | {
                    "seq": key,
                    "event_id": key,
                    "enterprise_id": number,
                    "code": code,
                    "of": of,
                    "penalties": penalties,
                }
            )
            ceased += [
                (key, str(row["ground"]), row["on"]) for row in event.get("cessations") or ()
            ]
            links += [
                (key, number, related["document_no"]) for related in event.get("related_to") or ()
            ]
    frame = pl.DataFrame(rows, schema=EVENT_ROW)
    classified = frame.drop("severity").join(classify(frame, load_policy()), on="seq")
    return Facts(
        pl.DataFrame(known, schema=FIRMS, orient="row"),
        dossier(
            classified,
            pl.DataFrame(ceased, schema=CEASED, orient="row"),
            pl.DataFrame(links, schema=LINKS, orient="row"),
        ),
        pl.DataFrame(listed, schema=LISTINGS, orient="row"),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return str(value)
    return float(value) if type(value).__name__ == "Decimal" else value


def graded(facts: Facts, asks: list[tuple[int, date]]) -> Gradings:
    """Grade (enterprise, day) pairs under the policy in force."""
    frame = pl.DataFrame(asks, schema={"enterprise": pl.Int64, "day": pl.Date}, orient="row")
    return grade(frame, facts, load_policy())


def findings_of(gradings: Gradings, ask: int) -> list[tuple[str, str, int, int | None]]:
    """(rule, outcome, points, event id within its firm) of one ask, in no order."""
    rows = gradings.findings.filter(pl.col("ask") == ask)
    return [
        (r["rule"], r["outcome"], r["points"], None if r["event"] is None else r["event"] % 1000)
        for r in rows.iter_rows(named=True)
    ]
