"""Honours that a list bars (Order 44 article 15(4)): none may be given to an enterprise while it is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from credit.errors import AwardBlocked
from credit.rules.law import Law
from credit.services import listed
from credit.services.event_rows import Row


class Term(NamedTuple):
    """The days [since, until) on a list, and the kinds of honour that it bars."""

    since: date
    until: date
    document_no: str
    barred: frozenset[str]


class AwardBlocks:
    """The list terms of the enterprises of which some rows are awards."""

    def __init__(self, rows: Sequence[Row], law: Law) -> None:
        self.of: dict[int, list[Term]] = defaultdict(list)
        awarded = sorted({row["enterprise_id"] for row in rows if row["kind"] == "award"})
        kinds = law.under("lists")
        held = listed.held(awarded) if awarded else None
        for act, listing, _ in held.published if held else ():
            terms = kinds[listing.list].on(act.acted_on).value if listing.list in kinds else {}
            if barred := frozenset(terms.get("no_honours", ())):
                ends_on = date.fromisoformat(act.fields["ends_on"])
                until = held.end_of(act, ends_on)[1] if held else ends_on
                term = Term(act.acted_on, until, act.fields["document_no"], barred)
                self.of[listing.enterprise_id].append(term)

    def refuse(self, event: Row, enterprise_id: int) -> None:
        """Raises AwardBlocked for an honour given while its enterprise was listed."""
        if event["kind"] != "award":
            return
        for term in self.of.get(enterprise_id, ()):
            if str(event["category"]) in term.barred and term.since <= event["valid_from"] < term.until:
                raise AwardBlocked(
                    f"It was listed ({term.document_no}) from {term.since} on: no honours before {term.until}.",
                    zh=f"该企业自{term.since}起列入严重违法失信名单（{term.document_no}），{term.until}前不授予荣誉",
                    listed_since=str(term.since),
                    listed_until=str(term.until),
                )
