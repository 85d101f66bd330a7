"""Enterprises: find one by what somebody typed, register one, record what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit import identifiers
from credit.db import Change, db
from credit.errors import AmbiguousCode, BadCode, UnknownEnterprise
from credit.models import Enterprise, EnterpriseVersion
from credit.services import names

KNOWN = (
    "code", "name", "short_name", "status", "kind", "parent_code", "legacy_id", "region",
    "industry", "registered_on", "quality_officer", "wants_grade", "accepted_because",
)  # fmt: skip


def find(text: str) -> int:
    """The id of the enterprise with this code: 18 or 9 characters, any case or width.

    Raises BadCode (with mends that are on file), AmbiguousCode (choices), UnknownEnterprise.
    """
    key = identifiers.lookup_key(text)
    if key.kind == "organization_code":
        return _by_organization_code(key)
    found = db.session.scalars(
        select(Enterprise.id).where(Enterprise.code == key.value).order_by(Enterprise.id.desc())
    ).first()
    if found is not None:
        return found
    if key.problem is not None:
        mends = suggestions([key.value])[key.value]
        raise BadCode(f"{key.problem.en}", zh=key.problem.zh, reason=key.problem.reason, suggestions=mends)
    raise UnknownEnterprise(f"No enterprise with the code {key.value} is on file.", zh=f"登记系统中没有代码为 {key.value} 的企业")


def _by_organization_code(key: identifiers.LookupKey) -> int:
    rows = db.session.execute(
        select(Enterprise.id, Enterprise.code, Enterprise.living).where(Enterprise.org_code == key.value)
    ).all()
    living = [row for row in rows if row.living] or rows
    if len(living) > 1:
        raise AmbiguousCode(
            "Choose one of the codes.", zh="请选择其中一个代码", choices=_named([row.code for row in living])
        )
    if not living:
        if key.problem is not None:
            raise BadCode(key.problem.en, zh=key.problem.zh, reason=key.problem.reason, suggestions=[])
        raise UnknownEnterprise(f"No enterprise with the organization code {key.value} is on file.")
    return living[0].id


def _named(codes: list[str]) -> list[dict[str, str]]:
    rows = db.session.execute(
        select(EnterpriseVersion.code, EnterpriseVersion.name)
        .where(EnterpriseVersion.code.in_(codes))
        .order_by(EnterpriseVersion.valid_from)
    )
    last = {code: name for code, name in rows}
    return [{"code": code, "name": last.get(code, "")} for code in codes]


def suggestions(codes: list[str]) -> dict[str, list[str]]:
    """For each failing code the one-edit mends that are on file, in one query."""
    mends = {code: identifiers.mends(code) for code in codes}
    every = sorted({mend for some in mends.values() for mend in some})
    known: set[str] = set()
    for start in range(0, len(every), 500):
        part = every[start : start + 500]
        known |= set(db.session.scalars(select(Enterprise.code).where(Enterprise.code.in_(part))))
    return {code: [mend for mend in some if mend in known] for code, some in mends.items()}


def latest(enterprise_id: int) -> EnterpriseVersion:
    """The last version of an enterprise in law that the register knows."""
    return db.session.scalars(
        select(EnterpriseVersion)
        .where(EnterpriseVersion.enterprise_id == enterprise_id)
        .order_by(EnterpriseVersion.valid_from.desc(), EnterpriseVersion.seq.desc())
        .limit(1)
    ).one()


def put(change: Change, given: dict[str, Any], day: date) -> tuple[int, bool]:
    """Register an enterprise or record what changed about it. Returns its id and whether anything did.

    `given` is as schemas.enterprise loads it. A changed name becomes a former name on `day`.
    """
    code = given["code"]
    problem = identifiers.check_code(code)
    if problem is not None and not given.get("accepted_because"):
        raise BadCode(problem.en, zh=problem.zh, reason=problem.reason, suggestions=suggestions([code])[code])
    old = db.session.scalars(
        select(Enterprise).where(Enterprise.code == code).order_by(Enterprise.id.desc())
    ).first()
    if old is None:
        return _register(change, given, day), True
    last = latest(old.id)
    now = {name: getattr(last, name) for name in KNOWN}
    wanted = now | {name: given[name] for name in KNOWN if given.get(name) is not None}
    if wanted == now:
        return old.id, False
    valid_from = max(given.get("valid_from") or day, last.valid_from)
    _add_version(change, old.id, wanted, valid_from)
    old.living = wanted["status"] == "living"
    fresh = [
        {"enterprise_id": old.id, "text": wanted[name]}
        for name in ("name", "short_name")
        if wanted[name] and wanted[name] != now[name]
    ]
    if fresh:
        names.remember(pl.DataFrame(fresh))
    return old.id, True


def _register(change: Change, given: dict[str, Any], day: date) -> int:
    enterprise = Enterprise(
        code=given["code"],
        org_code=identifiers.org_code_of(given["code"]),
        living=given.get("status", "living") == "living",
    )
    db.session.add(enterprise)
    db.session.flush()
    kind = "individual" if given["code"].startswith("92") else "enterprise"
    whole = {"status": "living", "kind": kind, "wants_grade": False} | {k: v for k, v in given.items() if v is not None}
    valid_from = given.get("valid_from") or given.get("registered_on") or day
    _add_version(change, enterprise.id, {name: whole.get(name) for name in KNOWN}, valid_from)
    texts = [whole.get("name"), whole.get("short_name")]
    names.remember(
        pl.DataFrame({"enterprise_id": [enterprise.id] * 2, "text": texts}, schema={"enterprise_id": pl.Int64, "text": pl.String})
    )
    return enterprise.id


def _add_version(change: Change, enterprise_id: int, known: dict[str, Any], valid_from: date) -> None:
    (seq,) = change.take()
    db.session.add(EnterpriseVersion(seq=seq, enterprise_id=enterprise_id, valid_from=valid_from, **known))
    db.session.flush()
