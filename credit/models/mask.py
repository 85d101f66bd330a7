"""What takes records out of sight for good or for a time: a court's ruling, and deletion once their time is over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq, Word


class Mask(Base):
    """While a plan of reorganisation is carried out that a court approved, bad records aren't shown.

    The records masked by it have a cessation of the ground `masked` with its document number.
    """

    __tablename__ = "mask"
    __table_args__ = (Index("ix_mask_enterprise_id", "enterprise_id"),)

    seq: Mapped[Seq]
    enterprise_id: Mapped[Number]
    code: Mapped[Code]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    court: Mapped[Line]
    document_no: Mapped[Line]
    ruled_on: Mapped[date]
    masked_on: Mapped[date]


class MaskEnd(Base):
    """The end of a mask: the plan failed (what it masked is shown again) or was performed (it is repaired)."""

    __tablename__ = "mask_end"
    __table_args__ = (CheckConstraint("how IN ('failed', 'performed')", name="how"),)

    mask: Mapped[int] = mapped_column(BigId, ForeignKey("mask.seq"), primary_key=True, autoincrement=False)
    seq: Mapped[Number]
    how: Mapped[Word]
    ended_on: Mapped[date]
    document_no: Mapped[Line]
    reason: Mapped[str] = mapped_column(Text)


class Deletion(Base):
    """The proof that a bad record was deleted when its time was over: no word of it, but what its rows hashed to."""

    __tablename__ = "deletion"
    __table_args__ = (Index("ix_deletion_enterprise_id", "enterprise_id"),)

    event_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seq: Mapped[Number]
    enterprise_id: Mapped[Number]
    department_id: Mapped[Number]
    kind: Mapped[Word]
    ended_on: Mapped[date]
    due_on: Mapped[date]
    deleted_on: Mapped[date]
    rows: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
