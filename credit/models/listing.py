"""Listings on lists that have a legal basis, and every act on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq, Word


class Listing(Base):
    """One enterprise on one list on one legal basis. `fingerprint`: of its code (rules.fingerprints)."""

    __tablename__ = "listing"
    __table_args__ = (Index("ix_listing_enterprise_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    code: Mapped[Code]
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    list: Mapped[Word]
    ground: Mapped[Word]
    facts: Mapped[str] = mapped_column(Text)
    event_id: Mapped[int | None] = mapped_column(BigId)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))


class ListingAct(Base):
    """One act on a listing and the state that it led to. The last act tells the state."""

    __tablename__ = "listing_act"
    __table_args__ = (Index("ix_listing_act_listing_id", "listing_id", "seq"),)

    seq: Mapped[Seq]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    enterprise_id: Mapped[Number]
    act: Mapped[Word]
    state: Mapped[Word]
    acted_on: Mapped[date]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    document_no: Mapped[Line | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
