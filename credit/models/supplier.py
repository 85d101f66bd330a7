"""Supplier lists (供应商关注名单): whom a buyer follows. Not special supervision, which is the departments' own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Instant, Line, Number, Word


class SupplierList(Base):
    """A buyer's list; whoever has its secret has it, and its feed's token opens the feed alone.

    `checked_seq`, `checked_on`: the state of the register and the day that the verdicts are of. `last_change` counts
    changes of verdicts; `told`: up to which the receiver at `url` took them; after `failures` not before `retry_at`.
    """

    __tablename__ = "supplier_list"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    feed: Mapped[str] = mapped_column(String(64))
    name: Mapped[Line]
    kind: Mapped[str] = mapped_column(String(64))
    url: Mapped[str | None] = mapped_column(String(2000))
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_on: Mapped[date]
    checked_seq: Mapped[Number]
    checked_on: Mapped[date | None]
    last_change: Mapped[Number]
    told: Mapped[Number]
    failures: Mapped[int]
    retry_at: Mapped[datetime | None] = mapped_column(Instant)


class Supplier(Base):
    """One supplier of a list with its last verdict. Only the last change is known: what ended is not told again."""

    __tablename__ = "supplier"

    list_id: Mapped[str] = mapped_column(ForeignKey("supplier_list.id"), primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Line | None]
    verdict: Mapped[Word | None]
    change: Mapped[int | None] = mapped_column(BigId)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
