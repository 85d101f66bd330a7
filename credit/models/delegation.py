"""Delegation (委托): an officer lets a colleague act in his or her role for some days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Line, Number, Seq, Word


class Delegation(Base):
    """The deputy may act in the officer's role from `since` to `until`, both included."""

    __tablename__ = "delegation"
    __table_args__ = (Index("ix_delegation_deputy_id", "deputy_id"),)

    seq: Mapped[Seq]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[Word]
    since: Mapped[date]
    until: Mapped[date]
    reason: Mapped[Line]


class DelegationEnd(Base):
    """It was ended early; that day is the first without it."""

    __tablename__ = "delegation_end"

    delegation: Mapped[int] = mapped_column(BigId, ForeignKey("delegation.seq"), primary_key=True, autoincrement=False)
    seq: Mapped[Number]
    ended_on: Mapped[date]
