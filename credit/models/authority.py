"""Departments, their officers and their keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import Instant, Line, Listed, Serial, Word


class Department(Base):
    """A department that reports events or decides listings."""

    __tablename__ = "department"

    id: Mapped[Serial]
    name: Mapped[Line] = mapped_column(unique=True)
    region: Mapped[str | None] = mapped_column(String(6))


class Officer(Base):
    """A person of a department, with what he or she may do."""

    __tablename__ = "officer"

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[Line]
    role: Mapped[Word]


class ApiKey(Base):
    """A department's key: shown once, kept as a SHA-256 digest (it is long and random)."""

    __tablename__ = "api_key"

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    label: Mapped[Line]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[Listed]
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
