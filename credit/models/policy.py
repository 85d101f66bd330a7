"""Versions of the grading policy, and the acts by which they came into force."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Line, Seq, Word


class PolicyText(Base):
    """The full text of one policy, by its digest. It is never changed and never deleted."""

    __tablename__ = "policy_text"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[Line]
    files: Mapped[dict[str, str]] = mapped_column(JSON)


class PolicyAct(Base):
    """One act on a policy: drafted, checked, proposed, enacted. The last one tells its state.

    An enacted policy is in force on the days from `force_on` until the next one's.
    """

    __tablename__ = "policy_act"
    __table_args__ = (Index("ix_policy_act_digest", "digest", "seq"),)

    seq: Mapped[Seq]
    digest: Mapped[str] = mapped_column(ForeignKey("policy_text.digest"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    force_on: Mapped[date | None]
    officer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("officer.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
