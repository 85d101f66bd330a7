"""Cases and random histories in the frames that the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit.policy import load_policy
from credit.rules.classification import classify
from credit.rules.dossier import CEASED, FIRMS, LINKS, LISTINGS, Facts, dossier
from credit.rules.grading import Gradings, grade
from credit.rules.law import Law
from credit.services.classification import INPUTS
from credit.terms import Term
from tests.oracle import grade_one
from tests.varied_policy import varied

EVENT_ROW = INPUTS | {
    "event_id": pl.Int64, "document_no": pl.String, "of": pl.Int64, "campaign": pl.String,
    "gtin": pl.String, "product": pl.String,
}  # fmt: skip
LONG_AGO = date(1990, 1, 1)
Firm = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Reported:
    """What is known of several firms before any policy judges it; the n-th firm is enterprise n."""

    firms: pl.DataFrame
    events: pl.DataFrame
    ceased: pl.DataFrame
    links: pl.DataFrame
    listings: pl.DataFrame

    def classified(self, law: Law) -> pl.DataFrame:
        """The events with what the policy makes of each."""
        return self.events.drop("severity").join(classify(self.events, law), on="seq")

    def facts(self, law: Law) -> Facts:
        """What the kernel grades."""
        return Facts(
            self.firms, dossier(self.classified(law), self.ceased, self.links), self.listings
        )


def reported(firms: list[Firm]) -> Reported:
    """Several (firm, events, listings) in frames; event e of firm n is numbered 1000 n + e."""
    rows, ceased, links, known, listed = [], [], [], [], []
    for number, (firm, events, listings) in enumerate(firms):
        individual = firm.get("kind", "enterprise") == "individual"
        wants, status = firm.get("wants_grade", False), str(firm.get("status", "living"))
        known.append((number, LONG_AGO, None, firm.get("registered_on"), individual, wants, status))
        listed += [
            (number, place, row["since"], row["until"]) for place, row in enumerate(listings)
        ]
        for event in events:
            key = number * 1000 + event["id"]
            rows.append(_row(event, number, key, individual))
            ceased += [
                (key, str(row["ground"]), row["on"]) for row in event.get("cessations") or ()
            ]
            links += [
                (key, number, related["document_no"]) for related in event.get("related_to") or ()
            ]
    return Reported(
        pl.DataFrame(known, schema=FIRMS, orient="row"),
        pl.DataFrame(rows, schema=EVENT_ROW),
        pl.DataFrame(ceased, schema=CEASED, orient="row"),
        pl.DataFrame(links, schema=LINKS, orient="row"),
        pl.DataFrame(listed, schema=LISTINGS, orient="row"),
    )


def _row(event: dict[str, Any], number: int, key: int, individual: bool) -> dict[str, Any]:
    item, penalties = event.get("item") or {}, event.get("penalties")
    known = event | item | (event.get("notices") or {})
    flat = {name: _plain(value) for name, value in known.items() if name in EVENT_ROW}
    return flat | {
        "seq": key,
        "event_id": key,
        "enterprise_id": number,
        "code": "92340799000000000X" if individual else "91340799000000000X",
        "of": number * 1000 + event["of"] if event.get("of") else None,
        "penalties": [str(kind) for kind in penalties] if penalties else None,
        "proceedings": {True: "pending", False: "none", None: None}[event.get("proceedings")],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return str(value)
    return float(value) if type(value).__name__ == "Decimal" else value


def facts_of(firms: list[Firm], law: Law | None = None) -> Facts:
    """Facts of several (firm, events, listings); the n-th firm is enterprise n."""
    return reported(firms).facts(law or load_policy())


def graded(facts: Facts, asks: list[tuple[int, date]], law: Law | None = None) -> Gradings:
    """Grade (enterprise, day) pairs under the policy in force."""
    frame = pl.DataFrame(asks, schema={"enterprise": pl.Int64, "day": pl.Date}, orient="row")
    return grade(frame, facts, law or load_policy())


def findings_of(gradings: Gradings, ask: int) -> list[tuple[str, str, int, int | None]]:
    """(rule, outcome, points, event id within its firm) of one ask, in no order."""
    rows = gradings.findings.filter(pl.col("ask") == ask)
    return [
        (r["rule"], r["outcome"], r["points"], None if r["event"] is None else r["event"] % 1000)
        for r in rows.iter_rows(named=True)
    ]


def by_enterprise(gradings: Gradings) -> dict[int, dict[str, Any]]:
    """Every grading with its findings as tuples, by the number of its firm, in one pass."""
    found = {row["ask"]: row | {"findings": []} for row in gradings.gradings.iter_rows(named=True)}
    for row in gradings.findings.iter_rows(named=True):
        event = None if row["event"] is None else row["event"] % 1000
        found[row["ask"]]["findings"].append((row["rule"], row["outcome"], row["points"], event))
    return {row["enterprise"]: row for row in found.values()}


def agree(histories: list[dict[str, Any]], later: dict[str, dict[str, Any]] | None = None) -> None:
    """Asserts that kernel and oracle grade all alike, under the policy with those later values."""
    law = varied(later or {})
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in histories], law)
    asks = [(number, one["day"]) for number, one in enumerate(histories)]
    found = by_enterprise(graded(facts, asks, law))
    for number, one in enumerate(histories):
        expected = grade_one(one["firm"], one["events"], one["listings"], one["day"], later)
        wanted = {name: expected[name] for name in ("score", "grade", "tier")}
        assert {name: found[number][name] for name in wanted} == wanted, (one, later)
        assert _points(found[number]["findings"]) == _points(expected["findings"]), (one, later)


def _points(findings: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted((finding for finding in findings if finding[2]), key=str)
