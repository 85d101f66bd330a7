"""Cases in the frames that grading reads, classified by a law."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules.classification import classify
from credit.rules.dossier import CEASED, FIRMS, LINKS, LISTINGS, Facts
from credit.rules.dossier import facts as dossier
from credit.rules.law import Law
from credit.services.classification import INPUTS
from credit.services.events import proceedings
from credit.services.policy_cases import Case
from credit.terms import Term

EVENTS = INPUTS | {
    "event_id": pl.Int64, "document_no": pl.String, "of": pl.Int64, "campaign": pl.String,
    "gtin": pl.String, "product": pl.String,
}  # fmt: skip
LONG_AGO = date(1990, 1, 1)
# More events than a case has: event e of case n is numbered MOST n + e.
MOST = 1000


def facts_of(cases: list[Case], law: Law) -> tuple[Facts, pl.DataFrame]:
    """The facts of the cases, the n-th as enterprise n, and their events as the law classifies them."""
    firms, events, ceased, links, listings = [], [], [], [], []
    for number, case in enumerate(cases):
        firm = {"kind": "enterprise", "wants_grade": False, "status": "living", **case.firm}
        single = firm["kind"] == "individual"
        known = (firm.get("registered_on"), single, firm["wants_grade"], str(firm["status"]))
        firms.append((number, LONG_AGO, None, *known))
        listings += [(number, place, row["since"], row["until"]) for place, row in enumerate(case.listings)]
        for event in case.events:
            key = number * MOST + event["id"]
            events.append(_row(event, number, key, single))
            ceased += [(key, str(row["ground"]), row["on"]) for row in event["cessations"]]
            links += [(key, number, other["document_no"]) for other in event.get("related_to") or ()]
    reported = pl.DataFrame(events, schema=EVENTS)
    classified = reported.drop("severity").join(classify(reported, law), on="seq")
    ends = pl.DataFrame(ceased, schema=CEASED, orient="row")
    other = pl.DataFrame(links, schema=LINKS, orient="row")
    held = pl.DataFrame(listings, schema=LISTINGS, orient="row")
    registered = pl.DataFrame(firms, schema=FIRMS, orient="row")
    return dossier(registered, classified, ends, other, held), classified


def _row(event: dict[str, Any], number: int, key: int, single: bool) -> dict[str, Any]:
    penalties, of = event.get("penalties"), event.get("of")
    flat = event | (event.get("item") or {}) | (event.get("notices") or {})
    return {name: _plain(value) for name, value in flat.items() if name in EVENTS} | {
        "seq": key,
        "event_id": key,
        "enterprise_id": number,
        "code": "92340799000000000X" if single else "91340799000000000X",
        "of": number * MOST + of if of else None,
        "penalties": [str(kind) for kind in penalties] if penalties else None,
        "proceedings": proceedings(event),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return str(value)
    return float(value) if type(value).__name__ == "Decimal" else value
