"""Departments, their officers and keys. A key is shown once; only its digest is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from credit.db import db
from credit.errors import InvalidInput, NoKey, NotAllowed, UnknownDepartment
from credit.models import ApiKey, Department, Officer
from credit.terms import OfficerRole

SCOPES = ("events:write", "enterprises:write", "supervise", "decide", "audit", "administer")


class Bearer(NamedTuple):
    """Who acts: a department by a key that holds, or one of its officers; and what they may do."""

    key_id: int | None
    department_id: int
    department: str
    label: str
    scopes: tuple[str, ...]
    officer_id: int | None = None

    @property
    def actor(self) -> str:
        """How the changes and the audit name the one who acts."""
        return f"officer:{self.officer_id}" if self.officer_id else f"key:{self.key_id}"


def add(name: str, region: str | None = None) -> int:
    """A department by name; the same name again gives the same department."""
    name = _line("name", name)
    if region is not None and not re.fullmatch("[0-9]{6}", region):
        raise InvalidInput(f"{region!r} is no division: six digits of GB/T 2260.", errors={"region": ["Six digits."]})
    found = db.session.scalar(select(Department.id).where(Department.name == name))
    if found is not None:
        return found
    department = Department(name=name, region=region)
    db.session.add(department)
    db.session.flush()
    return department.id


def _line(field: str, text: str) -> str:
    """Text that a column holds: trimmed, neither empty nor longer than 256, without control characters."""
    text = text.strip()
    if not text or len(text) > 256 or not text.isprintable():
        raise InvalidInput(f"{field} needs 1 to 256 readable characters.", errors={field: ["1 to 256 characters."]})
    return text


def find(name: str) -> int:
    """The id of a department by its name or number."""
    number = int(name) if re.fullmatch("[0-9]{1,18}", name) else None
    found = db.session.scalar(select(Department.id).where(Department.name == _line("department", name)))
    if found is None and number is not None:
        found = db.session.scalar(select(Department.id).where(Department.id == number))
    if found is None:
        raise UnknownDepartment(f"No department {name!r}: `credit department add` makes one.")
    return found


def add_officer(department_id: int, name: str, role: OfficerRole) -> int:
    """An officer of a department."""
    officer = Officer(department_id=department_id, name=_line("name", name), role=str(role))
    db.session.add(officer)
    db.session.flush()
    return officer.id


def officers() -> list[dict[str, Any]]:
    """Every officer: id, name, role, department (its name)."""
    found = select(Officer, Department.name).join(Department, Department.id == Officer.department_id)
    return [
        {"id": officer.id, "name": officer.name, "role": officer.role, "department": department}
        for officer, department in db.session.execute(found.order_by(Officer.id))
    ]


def new_key(department_id: int, label: str, scopes: list[str], now: datetime) -> str:
    """A new key of a department, told this once: 256 random bits, kept as SHA-256 digest."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise NotAllowed(f"Unknown scopes {sorted(unknown)}; known: {', '.join(SCOPES)}.")
    label = _line("label", label) if label else ""
    key = f"qc_{secrets.token_urlsafe(32)}"
    db.session.add(
        ApiKey(department_id=department_id, label=label, digest=digest(key), scopes=scopes, created_at=now)
    )
    db.session.flush()
    return key


def digest(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def department_of(key: str, scope: str) -> int:
    """The department that a key speaks for. Raises NoKey or NotAllowed."""
    return allowed(bearer_of(key), scope).department_id


def allowed(bearer: Bearer | None, scope: str) -> Bearer:
    """The bearer, if there is one and the key has this scope. Raises NoKey or NotAllowed."""
    if bearer is None:
        raise NoKey("This key is unknown or revoked.", zh="密钥无效或已撤销")
    if scope not in bearer.scopes:
        raise NotAllowed(f"This key lacks the scope {scope}.", zh=f"该密钥没有 {scope} 权限")
    return bearer


def bearer_of(key: str) -> Bearer | None:
    """Whom a key speaks for; None where it is unknown or revoked."""
    return _bearer(ApiKey.digest == digest(key))


def bearer_by(number: int) -> Bearer | None:
    """Whom the key with this number speaks for now; None where it is unknown or revoked."""
    return _bearer(ApiKey.id == number)


def _bearer(condition: Any) -> Bearer | None:
    held = select(ApiKey, Department.name).join(Department, Department.id == ApiKey.department_id)
    found = db.session.execute(held.where(condition, ApiKey.revoked_at.is_(None))).first()
    if found is None:
        return None
    key, department = found
    return Bearer(key.id, key.department_id, department, key.label, tuple(key.scopes))
