"""Whose event it is: a name that fits the code, and a department that may report it. Set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.errors import OtherEnterprise, RegisterError
from credit.models import Enterprise, EnterpriseVersion, Name
from credit.rules.jurisdiction import Jurisdiction
from credit.rules.jurisdiction import refused as outside
from credit.rules.names import fold
from credit.services import enterprises, jurisdiction
from credit.services.bearers import Firm, Found
from credit.services.dossiers import stored
from credit.services.known import NOW
from credit.services.reading import among, among_words

VERSION = ("seq", "replaces", "enterprise_id", "valid_from", "region")
ASKED: dict[Any, Any] = {"place": pl.Int64, "kind": pl.String, "category": pl.String, "region": pl.String}


def refused(given: Sequence[dict[str, Any]], found: Sequence[Found], department_id: int) -> dict[int, RegisterError]:
    """By their places the events that this department may not report, and those whose code is another
    enterprise's than the name says.
    """
    firms = {place: firm for place, firm in enumerate(found) if isinstance(firm, Firm)}
    return _outside(given, firms, department_id) | _misnamed(given, firms)


def _outside(given: Sequence[dict[str, Any]], firms: dict[int, Firm], department_id: int) -> dict[int, RegisterError]:
    over = jurisdiction.of(department_id)
    if over == Jurisdiction() or not firms:
        return {}
    regions = _regions(sorted({firm.id for firm in firms.values()})) if over.regions else {}
    rows = [
        (place, str(given[place]["kind"]), _text(given[place].get("category")), regions.get(firm.id) or firm.code[2:8])
        for place, firm in firms.items()
    ]
    table = pl.DataFrame(rows, schema=ASKED, orient="row").select("place", field=outside(over)).drop_nulls("field")
    return {place: jurisdiction.refusal(over, field) for place, field in table.iter_rows()}


def _regions(ids: Sequence[int]) -> dict[int, str | None]:
    """Where these enterprises are now, as far as the register knows it."""
    versions = NOW.current(stored(EnterpriseVersion, VERSION, ids, NOW)).sort("enterprise_id", "valid_from", "seq")
    latest = versions.group_by("enterprise_id").agg(pl.col("region").last())
    return dict(latest.iter_rows())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _misnamed(given: Sequence[dict[str, Any]], firms: dict[int, Firm]) -> dict[int, RegisterError]:
    """Those whose name is none that the enterprise bears or bore: both are shown."""
    named = {place: (firm, given[place]["name"]) for place, firm in firms.items() if given[place].get("name")}
    if not named:
        return {}
    borne = _names({firm.id for firm, _ in named.values()})
    other = {
        place: (firm, name)
        for place, (firm, name) in named.items()
        if name not in borne[firm.id] and fold(name) not in {fold(one) for one in borne[firm.id]}
    }
    return _shown(other)


def _names(ids: set[int]) -> dict[int, set[str]]:
    """Every name that these enterprises bear or bore, short ones too."""
    borne: dict[int, set[str]] = defaultdict(set)
    for enterprise_id, text in db.session.execute(
        select(Name.enterprise_id, Name.text).where(among(Name.enterprise_id, sorted(ids)))
    ):
        borne[enterprise_id].add(text)
    return borne


def _shown(other: dict[int, tuple[Firm, str]]) -> dict[int, RegisterError]:
    if not other:
        return {}
    on_file = {one["code"]: one["name"] for one in enterprises.named(sorted({firm.code for firm, _ in other.values()}))}
    bearing = _bearing({name for _, name in other.values()})
    return {
        place: OtherEnterprise(
            f"{firm.code} is the code of {on_file[firm.code]}, not of {name}.",
            zh=f"{firm.code} 是“{on_file[firm.code]}”的代码，不是“{name}”的",
            on_file={"code": firm.code, "name": on_file[firm.code]},
            sent={"code": firm.code, "name": name},
            suggestions=bearing.get(name, []),
        )
        for place, (firm, name) in other.items()
    }


def _bearing(names: set[str]) -> dict[str, list[str]]:
    """The codes of the enterprises that bear or bore exactly these names."""
    codes: dict[str, list[str]] = defaultdict(list)
    held = select(Name.text, Enterprise.code).join(Enterprise, Enterprise.id == Name.enterprise_id)
    for text, code in db.session.execute(held.where(among_words(Name.text, sorted(names))).order_by(Enterprise.id)):
        codes[text].append(code)
    return codes
