"""Whose code it is: the enterprises that some codes mean on some days, set-wise, or why there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from credit import identifiers
from credit.db import db
from credit.errors import AmbiguousCode, BadCode, RegisterError, UnknownEnterprise
from credit.models import Enterprise, EnterpriseVersion
from credit.services import enterprises
from credit.services.reading import among, among_words

MOST_MENDED = 200


class Firm(NamedTuple):
    """An enterprise: its id, and its code as it stands on file."""

    id: int
    code: str
    org_code: str
    living: bool


Found = Firm | RegisterError


def bearers(wanted: Sequence[tuple[str, date]]) -> list[Found]:
    """For each code (18 or 9 characters, any spelling) and day the firm that bore it then.

    A code given out again must not put the old firm's facts on the new one. Where there is none, the
    error that `enterprises.find` would raise; mends are looked up for the first 200 wrong codes.
    """
    values = {text: identifiers.normalise(text) for text, _ in wanted}
    short = _firms(Enterprise.org_code, {value for value in values.values() if len(value) == 9})
    by_org: dict[str, list[Firm]] = defaultdict(list)
    for firm in short:
        by_org[firm.org_code].append(firm)
    codes = {value for value in values.values() if len(value) != 9} | {firm.code for firm in short}
    by_code: dict[str, list[Firm]] = defaultdict(list)
    for firm in _firms(Enterprise.code, codes):
        by_code[firm.code].append(firm)
    begun = _begun([firm.id for same in by_code.values() if len(same) > 1 for firm in same])
    meant = {text: _meant(value, by_code, by_org) for text, value in values.items()}
    told = _explained(text for text, codes_of in meant.items() if not codes_of)
    told |= _ambiguous({text: codes_of for text, codes_of in meant.items() if len(codes_of) > 1})
    return [told[text] if text in told else _on(by_code[meant[text][0]], begun, day) for text, day in wanted]


def _firms(column: Any, texts: set[str]) -> list[Firm]:
    """The enterprises with these codes, the eldest first. PostgreSQL can't even compare with a NUL."""
    printable = sorted(text for text in texts if text.isprintable())
    if not printable:
        return []
    columns = (Enterprise.id, Enterprise.code, Enterprise.org_code, Enterprise.living)
    found = select(*columns).where(among_words(column, printable)).order_by(Enterprise.id)
    return list(map(Firm._make, db.session.execute(found)))


def _meant(value: str, by_code: dict[str, list[Firm]], by_org: dict[str, list[Firm]]) -> list[str]:
    """The codes on file that a text means: none, one, or the several of an organization code."""
    if len(value) != 9:
        return [value] if value in by_code else []
    held = by_org.get(value, [])
    return [firm.code for firm in held if firm.living] or list(dict.fromkeys(firm.code for firm in held))


def _ambiguous(several: dict[str, list[str]]) -> dict[str, RegisterError]:
    """The choices of each text that means several enterprises."""
    every = [code for codes in several.values() for code in codes]
    names = {choice["code"]: choice for choice in enterprises.named(every)} if every else {}
    return {
        text: AmbiguousCode(
            "Choose one of the codes.", zh="请选择其中一个代码", choices=[names[code] for code in codes]
        )
        for text, codes in several.items()
    }


def _begun(ids: list[int]) -> dict[int, date]:
    """The first day of those that bore a code one after the other."""
    if not ids:
        return {}
    owner = EnterpriseVersion.enterprise_id
    first = select(owner, func.min(EnterpriseVersion.valid_from)).where(among(owner, ids))
    rows = db.session.execute(first.group_by(owner)).all()
    return {row[0]: row[1] for row in rows}


def _on(same: list[Firm], begun: dict[int, date], day: date) -> Firm:
    if len(same) == 1:
        return same[0]
    borne = [firm for firm in same if begun[firm.id] <= day]
    return borne[-1] if borne else same[0]


def _explained(texts: Iterable[str]) -> dict[str, RegisterError]:
    """Why these codes mean nobody: wrong (with the mends that are on file), or unknown."""
    keys = {text: identifiers.lookup_key(text) for text in texts}
    wrong = [key.value for key in keys.values() if key.problem and key.kind != "organization_code"]
    mends = enterprises.suggestions(list(dict.fromkeys(wrong))[:MOST_MENDED])
    return {text: _problem(key, mends.get(key.value, [])) for text, key in keys.items()}


def _problem(key: identifiers.LookupKey, mends: list[str]) -> RegisterError:
    if key.problem is not None:
        return BadCode(key.problem.en, zh=key.problem.zh, reason=key.problem.reason, suggestions=mends)
    if key.kind == "organization_code":
        return UnknownEnterprise(f"No enterprise with the organization code {key.value} is on file.")
    return UnknownEnterprise(
        f"No enterprise with the code {key.value} is on file.", zh=f"登记系统中没有代码为 {key.value} 的企业"
    )
