"""What-if: one enterprise with supposed events and cessations beside the enterprise as it is.

The suppositions go through the same classification and dossier as facts do. Nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit.errors import UnknownEnterprise
from credit.rules.compared import compared
from credit.services import enterprises
from credit.services.ages import ages
from credit.services.dossiers import Dossiers, load
from credit.services.forecast import ahead, eras_from
from credit.services.policies import Era, law_among
from credit.services.supposed import Supposed
from credit.services.suppositions import notices, suppose
from credit.services.tellings import TOLD, Telling, tellings


@dataclass(frozen=True)
class Side:
    """The enterprise as it is, or as it would be: on the day, and what lies ahead."""

    telling: Telling
    ahead: dict[str, Any]
    dossiers: Dossiers

    def as_dict(self) -> dict[str, Any]:
        """The grading with its findings, as schemas.what_if.Side has it."""
        told = self.telling
        return {
            "score": told.score,
            "grade": told.grade,
            "tier": told.tier,
            "findings": [_shown(finding) for finding in told.findings],
        }


def what_if(asked: dict[str, Any], department_id: int) -> dict[str, Any]:
    """Both sides, as schemas.what_if.WhatIf has them. `asked` is loaded by load_what_if.

    Told to supervisors: from all that the register knows, with the tier. Raises InvalidInput that
    names an event or cessation by its place, UnknownEnterprise.
    """
    enterprise_id, on = enterprises.find(asked["code"]), asked["on"]
    found = eras_from(on)
    law = law_among(found, on)
    before = _side(enterprise_id, found, on, None)
    supposed = suppose(asked, enterprise_id, department_id, before.dossiers.events)
    after = _side(enterprise_id, found, on, supposed)
    firm = before.dossiers.versions.filter(pl.col("valid_from") <= on).row(-1, named=True)
    return {
        "code": firm["code"],
        "name": firm["name"],
        "on": on.isoformat(),
        "policy": {"id": law.id, "digest": law.digest},
        "before": before.as_dict(),
        "after": after.as_dict(),
        "changed": [
            {"change": change, "before": old and _shown(old), "after": new and _shown(new)}
            for change, old, new in compared(before.telling.findings, after.telling.findings)
        ],
        "forecast": {"before": before.ahead, "after": after.ahead},
        "notices": notices(asked, after.dossiers.events),
    }


def _side(enterprise_id: int, found: list[Era], on: date, supposed: Supposed | None) -> Side:
    laws = [era.law for era in found]
    dossiers = load([enterprise_id], law_among(found, on), supposed=supposed, others=laws)
    over = ages(dossiers, found)
    asks = pl.DataFrame({"enterprise": [enterprise_id], "day": [on]})
    told = tellings(over, asks, dossiers.events)
    if not told:
        raise UnknownEnterprise(f"Not yet registered on {on}.", zh=f"该企业在{on}尚未登记")
    return Side(told[0], ahead(over, dossiers.events, on), dossiers)


def _shown(finding: dict[str, Any]) -> dict[str, Any]:
    until: date | None = finding["until"]
    return {name: finding[name] for name in TOLD} | {"until": until and until.isoformat()}
