"""Warnings that monitors raised, and what officers did about them. Internal."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Serial, Word


class RiskWarning(Base):
    """A warning of a monitor (`kind`) about something (`subject`): open once, its evidence as last seen.

    `seen_on`: the last day on which the monitor found it; `last_on`: of the newest fact behind it.
    """

    __tablename__ = "warning"
    __table_args__ = (
        Index(
            "uq_warning_open", "kind", "subject", unique=True,
            sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_warning_state", "state", "raised_on"),
    )  # fmt: skip

    id: Mapped[Serial]
    kind: Mapped[Word]
    subject: Mapped[str] = mapped_column(String(512))
    level: Mapped[Word]
    state: Mapped[Word]
    raised_on: Mapped[date]
    seen_on: Mapped[date]
    last_on: Mapped[date]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner: Mapped[int | None] = mapped_column(BigId, ForeignKey("officer.id"))
    outcome: Mapped[str | None] = mapped_column(String(32))
    closed_on: Mapped[date | None]


class RiskWarningAct(Base):
    """One act of an officer on a warning."""

    __tablename__ = "warning_act"
    __table_args__ = (Index("ix_warning_act_warning_id", "warning_id"),)

    id: Mapped[Serial]
    warning_id: Mapped[int] = mapped_column(BigId, ForeignKey("warning.id"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    officer_id: Mapped[int] = mapped_column(BigId, ForeignKey("officer.id"))
    note: Mapped[str] = mapped_column(Text)
