"""A whole list of bidders at once: whom each means, what every source says, and the verdict."""

from __future__ import annotations

import gc
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from operator import not_
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

    Most are found nowhere: they share one list of sources, and only the others are told one by one. Without the
    collector of cycles meanwhile: there are none in what is made here, and looking for them takes as long again.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _results(of)
    finally:
        if collecting:
            gc.enable()


def _results(of: Screening) -> list[Told]:
    said = pl.struct(pl.element().struct.field("zh"), pl.element().struct.field("en"))
    matched = _by_row(of.matches.with_columns(pl.col("reasons").list.eval(said)), MATCH)
    found, cleared = _by_row(of.hits, (*HIT, "effect")), _by_row(of.cleared, CLEARED)
    told = _found(found, of)
    nowhere: Told = {"sources": [_source(one, set()) for one in of.sources], "exclusions": [], "considerations": []}
    rows = zip(*(of.rows[name].to_list() for name in COLUMNS), strict=True)
    return [
        {
            "ref": ref, "code": code, "name": name, "group": group, "verdict": verdict, "by_group": by_group,
            "same_as": same_as, **told.get(row, nowhere), "matches": matched.get(row, []),
            "input_error": {"zh": zh, "en": en} if wrong else None, "suggestion": mend if wrong else None,
            "cleared": cleared.get(row, []),
        }
        for row, ref, code, name, group, verdict, by_group, same_as, wrong, zh, en, mend in rows
    ]  # fmt: skip


COLUMNS = (
    "row", "ref", "code", "name", "group", "verdict", "by_group", "same_as", "wrong", "problem_zh", "problem_en",
    "suggestion",
)  # fmt: skip
HIT = ("list", "name", "code", "basis", "document_no", "authority", "since", "until", "sure")
MATCH = ("code", "name", "relation", "score", "reasons")
CLEARED = ("id", "code", "list", "document_no", "by", "reason", "made_at")


def _by_row(rows: pl.DataFrame, names: Sequence[str]) -> dict[int, list[Told]]:
    """By row the dictionaries of these columns, as they are told."""
    grouped: dict[int, list[Told]] = {}
    for row, one in zip(rows["row"].to_list(), rows.select(names).to_dicts(), strict=True):
        grouped.setdefault(row, []).append(one)
    return grouped


def _found(found: dict[int, list[Told]], of: Screening) -> dict[int, Told]:
    """By row what was found, and where; rows that were found in the same places share their sources."""
    places: dict[frozenset[str], list[Told]] = {}
    told = {}
    for row, hits in found.items():
        lists = frozenset(hit["list"] for hit in hits)
        if lists not in places:
            places[lists] = [_source(one, lists) for one in of.sources]
        excluding = [hit.pop("effect") == "exclude" for hit in hits]
        told[row] = {
            "sources": places[lists], "exclusions": list(compress(hits, excluding)),
            "considerations": list(compress(hits, map(not_, excluding))),
        }  # fmt: skip
    return told


def _source(one: Source, found: Collection[str]) -> Told:
    state = SourceState.FOUND if one.list in found else one.state
    why = {"zh": one.why[0], "en": one.why[1]} if one.why else None
    return {"list": one.list, "state": str(state), "data_as_of": one.data_as_of, "why": why}
