"""Departments, their officers and their keys."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Instant, Line, Listed, Serial, Word


class Department(Base):
    """A department that reports events or decides listings, and what it may report (null: no limit stated)."""

    __tablename__ = "department"

    id: Mapped[Serial]
    name: Mapped[Line] = mapped_column(unique=True)
    region: Mapped[str | None] = mapped_column(String(6))
    regions: Mapped[Listed | None]
    kinds: Mapped[Listed | None]
    categories: Mapped[Listed | None]


class Officer(Base):
    """A person of a department, with what he or she may do and, where there is a login, how to sign in.

    The password is kept as its Argon2 digest. `totp_step` is the last time step whose code was used.
    A session is good for one `epoch`: whatever ends all sessions of the officer adds one.
    """

    __tablename__ = "officer"
    __table_args__ = (
        CheckConstraint(
            "role IN ('reporter', 'supervisor', 'handler', 'decider', 'legal', 'secrecy', 'credit', 'auditor', "
            "'administrator')",
            name="role",
        ),
        CheckConstraint("(login IS NULL) = (password IS NULL)", name="login"),
    )

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[Line]
    role: Mapped[Word]
    login: Mapped[str | None] = mapped_column(String(64), unique=True)
    password: Mapped[str | None] = mapped_column(String(256))
    must_change: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_step: Mapped[int | None] = mapped_column(BigId)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    epoch: Mapped[int] = mapped_column(default=0)


class ApiKey(Base):
    """A department's key, or one of an officer's: shown once, kept as a SHA-256 digest (it is long and random).

    It holds until `expires_at`; null only where it was made before keys had an end.
    """

    __tablename__ = "api_key"

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    label: Mapped[Line]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[Listed]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
