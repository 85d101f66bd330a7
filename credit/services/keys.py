"""Keys of departments: shown once, kept as digests, for some scopes and some time, rotated, revoked at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select, update

from credit.db import Change, db, instant
from credit.errors import ExpiredKey, InvalidInput, NotAllowed, UnknownKey, WrongState
from credit.models import ApiKey, Department, Officer
from credit.rules.permissions import SCOPES, scopes_of
from credit.services.departments import Bearer, line

LONGEST_DAYS = 3650


class MadeKey(NamedTuple):
    """A new key, told this once, and until when it holds."""

    id: int
    key: str
    expires_at: datetime


def new(
    change: Change,
    department_id: int,
    label: str,
    scopes: list[str],
    days: int | None = None,
    officer_id: int | None = None,
) -> MadeKey:
    """A new key of a department: 256 random bits, kept as SHA-256 digest. `days`: CREDIT_KEY_DAYS if not told.

    With an officer it is that person's: it opens what the role opens, as long as the officer has it.
    Raises NotAllowed for a scope that nobody knows or for another department's officer, InvalidInput.
    """
    if officer_id is not None:
        officer = db.session.get(Officer, officer_id)
        if officer is None or officer.department_id != department_id:
            raise NotAllowed("This officer is none of the department.", zh="该人员不属于此部门")
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise NotAllowed(f"Unknown scopes {sorted(unknown)}; known: {', '.join(SCOPES)}.")
    if not scopes:
        raise InvalidInput("A key needs a scope.", zh="请至少选择一项权限", errors={"scopes": ["At least one."]})
    lasting = int(current_app.config["CREDIT_KEY_DAYS"]) if days is None else days
    if not 1 <= lasting <= LONGEST_DAYS:
        told = f"A key holds 1 to {LONGEST_DAYS} days."
        raise InvalidInput(told, zh=f"密钥有效期为 1 到 {LONGEST_DAYS} 天", errors={"days": [told]})
    key = f"qc_{secrets.token_urlsafe(32)}"
    kept = ApiKey(
        department_id=department_id,
        officer_id=officer_id,
        label=line("label", label) if label else "",
        digest=digest(key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_at=change.recorded_at,
        expires_at=change.recorded_at + timedelta(days=lasting),
    )
    db.session.add(kept)
    db.session.flush()
    change.about |= {"key": kept.id, "scopes": kept.scopes}
    return MadeKey(kept.id, key, change.recorded_at + timedelta(days=lasting))


def rotate(change: Change, number: int, grace: timedelta) -> MadeKey:
    """A new key with the same department, label, scopes and term; the old one holds for a grace more, at most.

    Raises UnknownKey; WrongState where the old one was revoked or has ended.
    """
    old = _key(number)
    now = change.recorded_at
    if old.revoked_at is not None or _ended(old, now):
        raise WrongState("This key is over: make a new one.", zh="该密钥已失效，请新建")
    held = instant(old.expires_at) - instant(old.created_at) if old.expires_at else None
    made = new(change, old.department_id, old.label, list(old.scopes), held.days if held else None, old.officer_id)
    old.expires_at = min(now + grace, instant(old.expires_at)) if old.expires_at else now + grace
    change.about |= {"replaces": old.id, "old_until": old.expires_at.isoformat()}
    return made


def revoke(change: Change, number: int) -> None:
    """From now on the key opens nothing. Again: nothing more. Raises UnknownKey."""
    key = _key(number)
    key.revoked_at = key.revoked_at or change.recorded_at
    change.about |= {"key": key.id}


def _key(number: int) -> ApiKey:
    found = db.session.get(ApiKey, number)
    if found is None:
        raise UnknownKey(f"No key has the number {number}.", zh=f"没有编号为 {number} 的密钥")
    return found


def digest(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def bearer_of(key: str) -> Bearer | None:
    """Whom a key speaks for, whether it has ended or not; None where it is unknown or revoked."""
    held = (
        select(ApiKey, Department.name, Officer)
        .join(Department, Department.id == ApiKey.department_id)
        .outerjoin(Officer, Officer.id == ApiKey.officer_id)
    )
    found = db.session.execute(held.where(ApiKey.digest == digest(key), ApiKey.revoked_at.is_(None))).first()
    if found is None:
        return None
    kept, department = found[0], found[1]
    officer: Officer | None = found[2]
    if officer is None:
        return Bearer(kept.id, kept.department_id, department, kept.label, tuple(kept.scopes))
    if officer.disabled_at is not None:
        return None
    scopes = tuple(scope for scope in kept.scopes if scope in scopes_of(officer.role))
    return Bearer(kept.id, officer.department_id, department, kept.label, scopes, officer.id)


def refuse_ended(bearer: Bearer | None, now: datetime) -> None:
    """Raises ExpiredKey where the bearer's key has ended."""
    if bearer is None or bearer.key_id is None:
        return
    key = _key(bearer.key_id)
    if _ended(key, now):
        raise ExpiredKey(
            f"This key ended on {instant(key.expires_at or now):%Y-%m-%d}. Let an administrator of the register "
            f"make a new one: `credit key new`, or at /desk/people.",
            zh="密钥已到期。请登记系统管理员新建密钥（credit key new 或“人员与密钥”页）",
        )


def _ended(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and instant(key.expires_at) <= now


def unused_on(bearer: Bearer, day: date) -> bool:
    """Whether this day is not yet noted as the last one on which the bearer's key was used."""
    return bearer.key_id is not None and _key(bearer.key_id).last_used_on != day


def note_use(bearer: Bearer, day: date) -> None:
    """Note the day on which a key was last used."""
    db.session.execute(update(ApiKey).where(ApiKey.id == bearer.key_id).values(last_used_on=day))


def every(now: datetime, department_id: int | None = None) -> list[dict[str, Any]]:
    """Every key: id, label, department, officer (names; no officer: null), scopes, created_at, expires_at,
    last_used_on, state.

    state: holds, ended, revoked. The latest first.
    """
    found = (
        select(ApiKey, Department.name, Officer.name)
        .join(Department, Department.id == ApiKey.department_id)
        .outerjoin(Officer, Officer.id == ApiKey.officer_id)
    )
    if department_id is not None:
        found = found.where(ApiKey.department_id == department_id)
    return [
        {
            "id": key.id,
            "label": key.label,
            "department": department,
            "officer": officer,
            "scopes": list(key.scopes),
            "created_at": instant(key.created_at),
            "expires_at": instant(key.expires_at) if key.expires_at else None,
            "last_used_on": key.last_used_on,
            "state": "revoked" if key.revoked_at else "ended" if _ended(key, now) else "holds",
        }
        for key, department, officer in db.session.execute(found.order_by(ApiKey.id.desc()))
    ]
