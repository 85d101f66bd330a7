"""Draws: inspectors, plans, the acts on a plan, what a commitment binds, and who was drawn. Internal."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Listed, Number, Seq, Serial, Word


class Inspector(Base):
    """Somebody of the directory of inspectors. `regions`: first digits of codes, none for all."""

    __tablename__ = "inspector"

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[Line]
    regions: Mapped[Listed]
    qualifications: Mapped[Listed]
    left_on: Mapped[date | None]
    # Who signs in as this inspector, to see the tasks that are his or hers.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), unique=True)


class InspectorRecusal(Base):
    """An enterprise from which an inspector stays away (回避), and why."""

    __tablename__ = "inspector_recusal"

    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(18), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[date]


class Draw(Base):
    """A plan as it was written. Its name is part of every ticket: no two draws have the same."""

    __tablename__ = "draw"

    id: Mapped[Seq]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_on: Mapped[date]
    plan_id: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[Line]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)


class DrawAct(Base):
    """One act on a plan; the last one tells the state. A plan is drawn once, whoever asks at the same time."""

    __tablename__ = "draw_act"
    __table_args__ = (
        Index("ix_draw_act_draw_id", "draw_id", "seq"),
        Index(
            "uq_draw_act_once", "draw_id", "act", unique=True,
            sqlite_where=text("act <> 'commit'"), postgresql_where=text("act <> 'commit'"),
        ),
    )  # fmt: skip

    seq: Mapped[Seq]
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    act: Mapped[Word]
    acted_on: Mapped[date]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)


class DrawSecret(Base):
    """What a commitment binds and nobody is told before its time: the seed; the salt never.

    `inputs`: candidates as they will be published (pseudonym, number of the stratum), CSV, deflated.
    """

    __tablename__ = "draw_secret"

    commitment: Mapped[int] = mapped_column(BigId, ForeignKey("draw_act.seq"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(Text)
    inputs: Mapped[bytes] = mapped_column(LargeBinary)


class Drawn(Base):
    """An enterprise that was drawn, in the order of tickets. The ticket is written in 16 hexadecimal digits."""

    __tablename__ = "drawn"
    __table_args__ = (UniqueConstraint("draw_id", "enterprise_id"), Index("ix_drawn_enterprise_id", "enterprise_id"))

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    enterprise_id: Mapped[Number]
    code: Mapped[Code]
    drawn_on: Mapped[date]
    pseudonym: Mapped[str] = mapped_column(String(32))
    ticket: Mapped[str] = mapped_column(String(16))
    tier: Mapped[str] = mapped_column(String(1))
    risk: Mapped[str] = mapped_column(String(3))
    region: Mapped[str | None] = mapped_column(String(6))
    industry: Mapped[str | None] = mapped_column(String(5))


class DrawnInspector(Base):
    """Who was drawn to inspect a drawn enterprise."""

    __tablename__ = "drawn_inspector"
    __table_args__ = (Index("ix_drawn_inspector_inspector_id", "inspector_id"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True)
