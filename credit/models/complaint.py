"""Complaints (投诉) and reports (举报) of the public: the case, what is sealed of it, acts, files and leads."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Seq, Word


class Complaint(Base):
    """One case. No word of the sender stands here, nor the firm's name as typed: those are sealed.

    `secret`, `reward`: digests, of what only the sender holds. `person`: keyed digest of the telephone, by which
    the same person is known again; null when anonymous. `joined`: the case that it was joined to.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("kind IN ('complaint', 'report')", name="kind"),
        Index("ix_complaint_department_id", "department_id", "state"),
        Index("ix_complaint_enterprise_id", "enterprise_id"),
        Index("ix_complaint_person", "person", "filed_on"),
        Index("ix_complaint_closed_on", "closed_on"),
        Index("ix_complaint_filed_on", "filed_on"),
    )

    seq: Mapped[Seq]
    kind: Mapped[Word]
    category: Mapped[Word]
    state: Mapped[Word]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    enterprise_id: Mapped[int | None] = mapped_column(BigId)
    code: Mapped[Code]
    item_code: Mapped[Word]
    happened_on: Mapped[date | None]
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    joined: Mapped[int | None] = mapped_column(BigId, ForeignKey("complaint.seq"))
    secret: Mapped[str] = mapped_column(Text)
    reward: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)


class ComplaintSealed(Base):
    """What was said and by whom, encrypted (JWE); the row goes at the end of keeping. `kid`: which key opens it."""

    __tablename__ = "complaint_sealed"

    complaint: Mapped[int] = mapped_column(
        BigId, ForeignKey("complaint.seq"), primary_key=True, autoincrement=False
    )
    kid: Mapped[Line]
    body: Mapped[str] = mapped_column(Text)


class ComplaintFile(Base):
    """An attachment, encrypted on disk under a random name; what it was called is sealed with the words."""

    __tablename__ = "complaint_file"
    __table_args__ = (Index("ix_complaint_file_complaint", "complaint"),)

    seq: Mapped[Seq]
    complaint: Mapped[int] = mapped_column(BigId, ForeignKey("complaint.seq"))
    stored: Mapped[Word]
    type: Mapped[Word]
    size: Mapped[int] = mapped_column(Integer)


class ComplaintAct(Base):
    """One act on a case; `reason` is what its sender reads, without personal data."""

    __tablename__ = "complaint_act"
    __table_args__ = (Index("ix_complaint_act_complaint", "complaint"),)

    seq: Mapped[Seq]
    complaint: Mapped[int] = mapped_column(BigId, ForeignKey("complaint.seq"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    reason: Mapped[str] = mapped_column(Text)


class ComplaintLead(Base):
    """A lead to a check outside the quota (线索): what inspectors need, nothing of the person."""

    __tablename__ = "complaint_lead"

    seq: Mapped[Seq]
    complaint: Mapped[int] = mapped_column(BigId, ForeignKey("complaint.seq"))
    enterprise_code: Mapped[Line]
    item_code: Mapped[Word]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date]
