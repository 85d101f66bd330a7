"""Inspection tasks: what is to be inspected by whom and when, the acts on it, and its evidence. Internal."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Seq, Serial, Word


class InspectionTask(Base):
    """A task, of a draw (`draw_id`, `place`), or given by hand: on a complaint, a special check, a re-check.

    `type`: on whose initiative, as the inspection event will say it. `of_event`: the failure whose correction is looked
    at, by the duty `follows` (recheck, second-recheck). `lead`: the number of the complaint or report behind it.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("draw_id", "place"),
        Index("ix_inspection_state", "department_id", "state", "due_on"),
        Index("ix_inspection_enterprise_id", "enterprise_id"),
        Index("ix_inspection_of_event", "of_event"),
    )

    id: Mapped[Seq]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    code: Mapped[Code]
    type: Mapped[Word]
    state: Mapped[Word]
    subject: Mapped[Line]
    checklist: Mapped[str] = mapped_column(String(64))
    document_no: Mapped[Line]
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    place: Mapped[int | None]
    of_event: Mapped[int | None] = mapped_column(BigId)
    follows: Mapped[str | None] = mapped_column(String(32))
    lead: Mapped[int | None] = mapped_column(BigId)
    made_on: Mapped[date]
    due_on: Mapped[date]
    inspected_on: Mapped[date | None]
    done_on: Mapped[date | None]


class InspectionTaskInspector(Base):
    """To whom a task is given."""

    __tablename__ = "inspection_inspector"
    __table_args__ = (Index("ix_inspection_inspector_inspector_id", "inspector_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True)


class InspectionAct(Base):
    """One act on a task, with what it said."""

    __tablename__ = "inspection_act"
    __table_args__ = (Index("ix_inspection_act_task_id", "task_id", "seq"),)

    seq: Mapped[Seq]
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)


class InspectionFile(Base):
    """Evidence of a visit, stored under a random name."""

    __tablename__ = "inspection_file"
    __table_args__ = (Index("ix_inspection_file_task_id", "task_id"),)

    id: Mapped[Serial]
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    stored: Mapped[str] = mapped_column(String(32))
    name: Mapped[Line]
    type: Mapped[Word]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
