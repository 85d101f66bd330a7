"""Why facts on file were changed, and who demanded it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Line, Number, Seq, Word


class Amendment(Base):
    """The reason of a correction (its event version has this `seq`) or of an act on a cessation."""

    __tablename__ = "amendment"
    __table_args__ = (
        CheckConstraint("act IN ('corrected', 'withdrawn', 'restored')", name="act"),
        Index("ix_amendment_event_id", "event_id"),
    )

    seq: Mapped[Seq]
    event_id: Mapped[Number]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    act: Mapped[Word]
    ground: Mapped[Word | None]
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]
    document_on: Mapped[date | None]
    made_on: Mapped[date]


class Demand(Base):
    """Somebody says that a fact on file is wrong: the department that reported it must answer."""

    __tablename__ = "demand"
    __table_args__ = (Index("ix_demand_event_id", "event_id"),)

    seq: Mapped[Seq]
    event_id: Mapped[Number]
    enterprise_id: Mapped[Number]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    demanded_by: Mapped[int] = mapped_column(ForeignKey("department.id"))
    ground: Mapped[Word]
    wrong: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]
    received_on: Mapped[date]


class DemandAnswerRow(Base):
    """The one answer to a demand: corrected, withdrawn, or refused with reasons."""

    __tablename__ = "demand_answer"
    __table_args__ = (CheckConstraint("answer IN ('corrected', 'withdrawn', 'refused')", name="answer"),)

    demand: Mapped[int] = mapped_column(BigId, ForeignKey("demand.seq"), primary_key=True, autoincrement=False)
    seq: Mapped[Number]
    answer: Mapped[Word]
    answered_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]
