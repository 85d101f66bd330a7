"""Enterprises: find one by what somebody typed, register one, record what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from credit import identifiers
from credit.db import Change, db
from credit.errors import AmbiguousCode, BadCode, InvalidInput, UnknownEnterprise
from credit.models import Enterprise, EnterpriseVersion
from credit.services import enterprise_versions
from credit.services.enterprise_versions import KNOWN, NAMES
from credit.terms import EnterpriseKind, Term


def find(text: str) -> int:
    """The id of the enterprise with this code: 18 or 9 characters, any case or width.

    Raises BadCode (with mends that are on file), AmbiguousCode (choices), UnknownEnterprise.
    """
    key = identifiers.lookup_key(text)
    if key.kind == "organization_code":
        return _by_organization_code(key)
    if key.value.isprintable():  # PostgreSQL can't even compare with a NUL
        found = db.session.scalars(
            select(Enterprise.id).where(Enterprise.code == key.value).order_by(Enterprise.id.desc())
        ).first()
        if found is not None:
            return found
    if key.problem is not None:
        mends = suggestions([key.value])[key.value]
        raise BadCode(
            f"{key.problem.en}", zh=key.problem.zh, reason=key.problem.reason, suggestions=mends
        )
    raise UnknownEnterprise(
        f"No enterprise with the code {key.value} is on file.",
        zh=f"登记系统中没有代码为 {key.value} 的企业",
    )


def find_known(text: str, seq: int) -> int:
    """The id of the enterprise that bore this code last, as known at a change number.

    Of those that share an organization code, the living ones of then come first. Raises as `find` does.
    """
    key = identifiers.lookup_key(text)
    if not key.value.isprintable():
        return find(text)
    column = Enterprise.org_code if key.kind == "organization_code" else Enterprise.code
    bearers = db.session.execute(
        select(Enterprise.id, Enterprise.code).where(column == key.value).order_by(Enterprise.id)
    ).all()
    status = enterprise_versions.status_known([row.id for row in bearers], seq)
    known = [row for row in bearers if row.id in status]
    if not known:
        find(text)  # says what is wrong with a code that nobody bears
        raise UnknownEnterprise(
            f"{key.value} was not on file then.", zh=f"当时登记系统中没有代码为 {key.value} 的企业"
        )
    living = [row for row in known if status[row.id] == "living"]
    return _last_bearer(living if living and key.kind == "organization_code" else known)


def bearer_on(enterprise_id: int, day: date, seq: int | None = None) -> int:
    """Which of the enterprises that bore the code of this one, one after the other, bore it on a day.

    As known at a change number, or now. A code given out again must not put the old firm's facts on
    the new one.
    """
    code = select(Enterprise.code).where(Enterprise.id == enterprise_id).scalar_subquery()
    bearers = (
        select(Enterprise.id, func.min(EnterpriseVersion.valid_from))
        .join(EnterpriseVersion, EnterpriseVersion.enterprise_id == Enterprise.id)
        .where(Enterprise.code == code)
    )
    if seq is not None:
        bearers = bearers.where(EnterpriseVersion.seq <= seq)
    rows = db.session.execute(bearers.group_by(Enterprise.id).order_by(Enterprise.id)).all()
    borne = [number for number, since in rows if since <= day]
    if len(rows) == 1:
        return enterprise_id
    return int(borne[-1] if borne else rows[0][0])


def _by_organization_code(key: identifiers.LookupKey) -> int:
    rows = db.session.execute(
        select(Enterprise.id, Enterprise.code, Enterprise.living)
        .where(Enterprise.org_code == key.value)
        .order_by(Enterprise.id)
    ).all()
    if rows:
        return _last_bearer([row for row in rows if row.living] or rows)
    if key.problem is not None:
        raise BadCode(key.problem.en, zh=key.problem.zh, reason=key.problem.reason, suggestions=[])
    raise UnknownEnterprise(f"No enterprise with the organization code {key.value} is on file.")


def _last_bearer(rows: Sequence[Any]) -> int:
    """The last of the rows (id, code), which must have one code. Raises AmbiguousCode with the choices."""
    codes = sorted({row.code for row in rows})
    if len(codes) > 1:
        raise AmbiguousCode("Choose one of the codes.", zh="请选择其中一个代码", choices=named(codes))
    return int(rows[-1].id)


def named(codes: list[str]) -> list[dict[str, str]]:
    """These codes, each with the last name of the enterprise that bears it."""
    rows = db.session.execute(
        select(EnterpriseVersion.code, EnterpriseVersion.name)
        .where(EnterpriseVersion.code.in_(codes))
        .order_by(EnterpriseVersion.valid_from)
    )
    last = {row.code: row.name for row in rows}
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


def put(change: Change, given: dict[str, Any], day: date) -> tuple[int, bool]:
    """Register an enterprise or record what changed about it. Returns its id and whether anything did.

    `given` is as schemas.enterprise loads it; what it leaves out stays. A changed name becomes a
    former name on `valid_from`, or on `day` where none is given.
    """
    code = given["code"]
    old = db.session.scalars(
        select(Enterprise).where(Enterprise.code == code).order_by(Enterprise.id.desc())
    ).first()
    problem = identifiers.check_code(code)
    if problem is not None and old is None and not given.get("accepted_because"):
        raise BadCode(
            problem.en, zh=problem.zh, reason=problem.reason, suggestions=suggestions([code])[code]
        )
    told = {name: _word(given[name]) for name in KNOWN if given.get(name) is not None}
    if "parent_code" in told:
        told |= {
            "parent_code": _parent(code, told["parent_code"]),
            "kind": told.get("kind", EnterpriseKind.BRANCH.value),
        }
    if old is None or _is_another(old, told):
        return _register(change, told, given.get("valid_from"), day), True
    return old.id, enterprise_versions.learn(change, old, told, given.get("valid_from"), day)


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, Term) else value


def _parent(code: str, given: str) -> str:
    """The parent's code in one spelling; it need not be on file yet."""
    parent = identifiers.normalise(given)
    problem = identifiers.check_code(parent)
    known = problem and db.session.scalar(
        select(Enterprise.id).where(Enterprise.code == parent).limit(1)
    )
    if parent == code or (problem and not known):
        told = problem.en if problem else "An enterprise is no branch of itself."
        raise InvalidInput(told, zh="上级企业代码有误", errors={"parent_code": [told]})
    return parent


def _is_another(old: Enterprise, told: dict[str, Any]) -> bool:
    """Whether the code of a deregistered enterprise was given out again: registered after its end."""
    known = enterprise_versions.last_status(old.id)
    said = told.get("status", "living"), told.get("registered_on", date.min)
    return bool(enterprise_versions.given_out_again(*known, *said))


def _register(change: Change, told: dict[str, Any], valid_from: date | None, day: date) -> int:
    status, code = told.get("status", "living"), told["code"]
    firm = Enterprise(code=code, org_code=identifiers.org_code_of(code), living=status == "living")
    db.session.add(firm)
    db.session.flush()
    usual = {"status": status, "kind": _kind(told), "wants_grade": False}
    whole = dict.fromkeys(KNOWN) | usual | told
    enterprise_versions.add(change, firm.id, whole, valid_from or told.get("registered_on") or day)
    enterprise_versions.remember(firm.id, [whole[name] for name in NAMES])
    return firm.id


def _kind(told: dict[str, Any]) -> str:
    """What the code or the name says where nobody does: individual businesses have codes 92..."""
    if told["code"].startswith("92"):
        return str(EnterpriseKind.INDIVIDUAL)
    return str(
        EnterpriseKind.BRANCH if told["name"].endswith("分公司") else EnterpriseKind.ENTERPRISE
    )
