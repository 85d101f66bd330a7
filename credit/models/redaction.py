"""What the check for personal data found in texts, and what officers did about it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Listed, Number, Seq, Word


class TextCheck(Base):
    """What one form of the check found in the facts of an event version; known from the change `seq` on."""

    __tablename__ = "text_check"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "version", "checker"),
        Index("ix_text_check_found", "version", sqlite_where=text("found > 0"), postgresql_where=text("found > 0")),
    )

    version: Mapped[int] = mapped_column(BigId, ForeignKey("event.seq"), primary_key=True, autoincrement=False)
    checker: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[Number]
    seq: Mapped[Number]
    found: Mapped[int]


class Redaction(Base):
    """How a text is shown: masked, or (null) as it is, with every finding cleared.

    It holds for the text of its digest alone: another text about the same subject is checked anew.
    """

    __tablename__ = "redaction"
    __table_args__ = (
        CheckConstraint("subject IN ('event', 'listing', 'statement')", name="subject"),
        Index("ix_redaction_subject", "subject", "subject_id"),
        Index("ix_redaction_enterprise_id", "enterprise_id"),
    )

    seq: Mapped[Seq]
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    subject: Mapped[Word]
    subject_id: Mapped[Number]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    text_digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str | None] = mapped_column(Text)
    # kind, start and end of each finding that stays in the text
    cleared: Mapped[Listed]
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(256))
    made_on: Mapped[date]
