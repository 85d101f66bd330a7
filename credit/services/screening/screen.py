"""A whole list of bidders at once: whom each means, what every source says, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.db import ChangeRow, db
from credit.errors import InvalidInput
from credit.rules import screening as rules
from credit.rules.law import Law
from credit.rules.screening import Kind
from credit.services.policies import law_on
from credit.services.screening import clearances, matches, sources
from credit.services.screening.sources import Source
from credit.terms import SourceState, Verdict

Told = dict[str, Any]
DEFAULT = "government-procurement"


@dataclass(frozen=True)
class Screening:
    """What a screening found, as the register knew it at change `seq`.

    `rows`: row, ref, code, name, group, verdict, by_group, known, wrong with problem_zh, problem_en and suggestion,
    cut; in the order sent. `matches` and `hits` as services.screening.matches and rules.screening have them, without
    what the buyer `cleared` (row, and clearances.CLEARED).
    """

    kind: Kind
    law: Law
    as_of: date
    seq: int
    rows: pl.DataFrame
    matches: pl.DataFrame
    hits: pl.DataFrame
    sources: list[Source]
    cleared: pl.DataFrame

    def summary(self) -> dict[str, int]:
        """How many bidders got each verdict."""
        counts = dict(self.rows.group_by("verdict").len().iter_rows())
        return {str(one): counts.get(str(one), 0) for one in Verdict}

    def looked_into(self) -> list[Told]:
        """Each source as it stood, and whether anybody was found there (schemas.screening.SourceTold)."""
        found = set(self.hits["list"].to_list())
        return [_source(one, found) for one in self.sources]


def screen(
    subjects: pl.DataFrame, kind_name: str, as_of: date, day: date, cleared: pl.DataFrame | None = None
) -> Screening:
    """Screen bidders (row, ref, code, name, group; null where empty) for a tender of a kind, taking part on `as_of`.

    `cleared`: clearances.CLEARED of the tender. Raises InvalidInput naming kind, BeforeRegister for a day that the
    register doesn't answer for.
    """
    law = law_on(day)
    law.check_asked(as_of, day)
    kind, seq = kind_of(law, kind_name, as_of), db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0
    inputs, firms = matches.match(subjects, as_of)
    mine = clearances.by_row(subjects, clearances.none() if cleared is None else cleared)
    found = clearances.without(firms, mine)
    looked_into = sources.of(kind, law, as_of, day)
    hits = clearances.without(sources.hits(inputs, found, looked_into, kind, law, as_of, day), mine)
    state = matches.standing(inputs, found)
    verdict = rules.verdicts(state, hits, [one.list for one in looked_into if one.why])
    rows = subjects.join(inputs.drop("code", "own"), on="row", maintain_order="left")
    rows = rows.join(state.select("row", "known"), on="row", maintain_order="left")
    rows = rows.join(verdict, on="row", maintain_order="left")
    rows = rules.together(rules.repeated(rows, found))
    return Screening(kind, law, as_of, seq, rows, found, hits, looked_into, mine)


def kind_of(law: Law, name: str, day: date) -> Kind:
    """A kind of tender by its name. Raises InvalidInput naming kind."""
    if "screening.kinds" not in law.provisions:
        told = "The policy in force knows no screening: enact the new one."
        raise InvalidInput(told, zh="现行评价政策没有核查规则，请先启用新版政策", errors={"kind": [told]})
    try:
        return rules.kind_of(law, name, day)
    except KeyError:
        known = ", ".join(law.value("screening.kinds", day))
        zh = f"没有“{name}”这种项目类型，可选：{known}"
        raise InvalidInput(f"Kinds are {known}.", zh=zh, errors={"kind": [f"One of {known}."]}) from None


def results(of: Screening) -> list[Told]:
    """Each bidder in the shape of schemas.screening.Result, in the order of the list.

    Most are found nowhere: they share one list of sources, and only the others are told one by one.
    """
    found, told, cleared = _by_row(of.matches), _by_row(of.hits), _by_row(of.cleared)
    nowhere = [_source(one, set()) for one in of.sources]
    columns = (
        "row", "ref", "code", "name", "group", "verdict", "by_group", "same_as", "wrong", "problem_zh", "problem_en",
        "suggestion",
    )  # fmt: skip
    rows = zip(*(of.rows[name].to_list() for name in columns), strict=True)
    return [
        {
            "ref": ref, "code": code, "name": name, "group": group, "verdict": verdict, "by_group": by_group,
            "same_as": same_as,
            **(_found(told[row], of) if row in told else {"sources": nowhere, "exclusions": [], "considerations": []}),
            "matches": [_match(one) for one in found[row]] if row in found else [],
            "input_error": {"zh": zh, "en": en} if wrong else None,
            "suggestion": mend if wrong else None,
            "cleared": [_cleared(one) for one in cleared[row]] if row in cleared else [],
        }
        for row, ref, code, name, group, verdict, by_group, same_as, wrong, zh, en, mend in rows
    ]  # fmt: skip


def _by_row(rows: pl.DataFrame) -> dict[int, list[Told]]:
    grouped: dict[int, list[Told]] = {}
    for one in rows.to_dicts():
        grouped.setdefault(one["row"], []).append(one)
    return grouped


def _found(hits: list[Told], of: Screening) -> Told:
    lists = {hit["list"] for hit in hits}
    return {
        "sources": [_source(one, lists) for one in of.sources],
        "exclusions": [_hit(one) for one in hits if one["effect"] == "exclude"],
        "considerations": [_hit(one) for one in hits if one["effect"] == "weigh"],
    }


def _source(one: Source, found: set[str]) -> Told:
    state = SourceState.FOUND if one.list in found else one.state
    why = {"zh": one.why[0], "en": one.why[1]} if one.why else None
    return {"list": one.list, "state": str(state), "data_as_of": one.data_as_of, "why": why}


HIT = ("list", "name", "code", "basis", "document_no", "authority", "since", "until", "sure")


def _hit(one: Told) -> Told:
    return {name: one[name] for name in HIT}


def _cleared(one: Told) -> Told:
    return {name: one[name] for name in ("id", "code", "list", "document_no", "by", "reason", "made_at")}


def _match(one: Told) -> Told:
    reasons = [{"zh": said["zh"], "en": said["en"]} for said in one["reasons"]]
    return {name: one[name] for name in ("code", "name", "relation", "score")} | {"reasons": reasons}
