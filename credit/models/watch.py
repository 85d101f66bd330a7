"""Special supervision (重点监管): what a department only watches. Internal: it is no list, and never public."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq


class Watch(Base):
    """A department watches an enterprise from a day on, and why."""

    __tablename__ = "watch"
    __table_args__ = (Index("ix_watch_enterprise_id", "enterprise_id"),)

    seq: Mapped[Seq]
    enterprise_id: Mapped[Number]
    code: Mapped[Code]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]


class WatchEnd(Base):
    """From when it watches no more, and why."""

    __tablename__ = "watch_end"

    watch: Mapped[int] = mapped_column(BigId, ForeignKey("watch.seq"), primary_key=True, autoincrement=False)
    seq: Mapped[Number]
    ended_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
