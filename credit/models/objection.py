"""What enterprises file about facts on record: objections (异议), statements (企业声明), applications for repair."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq, Word


class Filing(Base):
    """One objection, statement or application about one violation, inspection or listing. Its number is the case's.

    No personal data stands here: this is what the public mark is made of. `secret` is a digest, `content`
    that of the grounds, by which the same objection again is known. `performed_on`: when, as the applicant
    says, the duties of the decision were performed.
    """

    __tablename__ = "filing"
    __table_args__ = (
        CheckConstraint("kind IN ('objection', 'statement', 'repair')", name="kind"),
        CheckConstraint("(event_id IS NULL) <> (listing_id IS NULL)", name="subject"),
        Index("ix_filing_enterprise_id", "enterprise_id"),
    )

    seq: Mapped[Seq]
    kind: Mapped[Word]
    enterprise_id: Mapped[Number]
    code: Mapped[Code]
    event_id: Mapped[int | None] = mapped_column(BigId)
    listing_id: Mapped[int | None] = mapped_column(BigId)
    document_no: Mapped[Line]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    filed_on: Mapped[date]
    performed_on: Mapped[date | None]
    entered_by: Mapped[Line]
    secret: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)


class FilingWords(Base):
    """What was said and by whom: personal data, which only the department that decides reads."""

    __tablename__ = "filing_words"

    filing: Mapped[int] = mapped_column(BigId, ForeignKey("filing.seq"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)
    contact: Mapped[Line]
    phone: Mapped[Line]
    email: Mapped[Line]


class FilingFile(Base):
    """An attachment: under which random name it is stored, and what it was called."""

    __tablename__ = "filing_file"
    __table_args__ = (Index("ix_filing_file_filing", "filing"),)

    seq: Mapped[Seq]
    filing: Mapped[int] = mapped_column(ForeignKey("filing.seq"))
    stored: Mapped[Word]
    name: Mapped[Line]
    type: Mapped[Word]
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(Text)


class FilingAct(Base):
    """One act on a filing: another department asked, its answer, the decision, what was suspended shown again.

    An application for repair is accepted or not, then decided; a repair got by false documents is revoked.
    """

    __tablename__ = "filing_act"
    __table_args__ = (
        CheckConstraint("act IN ('ask', 'answer', 'decide', 'resume', 'accept', 'reject', 'revoke')", name="act"),
        Index("ix_filing_act_filing", "filing"),
    )

    seq: Mapped[Seq]
    filing: Mapped[int] = mapped_column(ForeignKey("filing.seq"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    outcome: Mapped[Word | None]
    mended: Mapped[Word | None]
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]
