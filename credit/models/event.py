"""Quality credit events, how the policy classified them, and what ended them early."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Listed, Number, Seq, Word


class Event(Base):
    """One version of one event, as reported. A first version has `event_id` = `seq`."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("kind IN ('violation', 'inspection', 'award')", name="kind"),
        CheckConstraint("fine IS NULL OR fine >= 0", name="fine"),
        Index("ix_event_enterprise_id", "enterprise_id"),
        Index(
            "ix_event_corrected", "event_id",
            sqlite_where=text("replaces IS NOT NULL"), postgresql_where=text("replaces IS NOT NULL"),
        ),
        Index(
            "ix_event_failed", "department_id", "occurred_on",
            sqlite_where=text("result = 'fail'"), postgresql_where=text("result = 'fail'"),
        ),
        Index("ix_event_received_on", "department_id", "received_on"),
        Index(
            "ix_event_gtin", "gtin",
            sqlite_where=text("gtin IS NOT NULL"), postgresql_where=text("gtin IS NOT NULL"),
        ),
        Index(
            "uq_event_identity", "code", "document_no", "kind", "department_id", "source_ref", unique=True,
            sqlite_where=text("replaces IS NULL"), postgresql_where=text("replaces IS NULL"),
        ),
    )  # fmt: skip

    seq: Mapped[Seq]
    event_id: Mapped[Number]
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[Word]
    code: Mapped[Code]
    document_no: Mapped[Line]
    source_ref: Mapped[Line]
    content_digest: Mapped[str] = mapped_column(String(64))
    # when this version was received, and with which batch; without one it was reported by itself
    received_on: Mapped[date | None]
    report_id: Mapped[int | None] = mapped_column(BigId)
    authority: Mapped[Line]
    occurred_on: Mapped[date]
    role: Mapped[str | None] = mapped_column(String(32))
    producer_confirmed: Mapped[bool | None]
    gtin: Mapped[str | None] = mapped_column(String(14))
    lot: Mapped[str | None] = mapped_column(String(64))
    product: Mapped[str | None] = mapped_column(String(256))
    model: Mapped[str | None] = mapped_column(String(256))
    category: Mapped[str | None] = mapped_column(String(32))
    level: Mapped[str | None] = mapped_column(String(32))
    # violation
    penalties: Mapped[Listed | None]
    procedure: Mapped[str | None] = mapped_column(String(32))
    severity: Mapped[str | None] = mapped_column(String(32))
    publication_basis: Mapped[str | None] = mapped_column(Text)
    fine: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    confiscated: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    facts: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None]
    published_on: Mapped[date | None]
    served_on: Mapped[date | None]
    publication_notice_on: Mapped[date | None]
    repair_notice_on: Mapped[date | None]
    proceedings: Mapped[str | None] = mapped_column(Text)
    heavier: Mapped[bool | None]
    restricted_until: Mapped[date | None]
    performed_on: Mapped[date | None]
    criminal: Mapped[bool | None]
    # inspection
    type: Mapped[str | None] = mapped_column(String(32))
    campaign: Mapped[str | None] = mapped_column(String(256))
    result: Mapped[str | None] = mapped_column(String(32))
    stage: Mapped[str | None] = mapped_column(String(32))
    of: Mapped[int | None] = mapped_column(BigId)
    safety_item: Mapped[bool | None]
    failed_items: Mapped[Listed | None]
    laboratory: Mapped[str | None] = mapped_column(String(256))
    report_no: Mapped[str | None] = mapped_column(String(256))
    final_on: Mapped[date | None]
    objected_on: Mapped[date | None]
    ordered_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    # award
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class EventLink(Base):
    """This event version says that it rests on the same facts as another document."""

    __tablename__ = "event_link"

    seq: Mapped[int] = mapped_column(ForeignKey("event.seq"), primary_key=True)
    document_no: Mapped[str] = mapped_column(String(256), primary_key=True)
    enterprise_id: Mapped[Number] = mapped_column(index=True)


class Classification(Base):
    """What the policy (by digest) made of an event version. A later law adds a row.

    Days are intervals [in_force_on, until), [in_force_on, shown_until); null is open.
    """

    __tablename__ = "classification"
    __table_args__ = (UniqueConstraint("enterprise_id", "seq", "digest"),)

    seq: Mapped[int] = mapped_column(ForeignKey("event.seq"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    enterprise_id: Mapped[Number]
    rule: Mapped[Word]
    severity: Mapped[str | None] = mapped_column(String(32))
    public: Mapped[bool]
    in_force_on: Mapped[date]
    until: Mapped[date | None]
    shown_until: Mapped[date | None]
    repair_from: Mapped[date | None]


class CessationRow(Base):
    """An act that ends what an event counts for: repaired, revoked, masked, withdrawn."""

    __tablename__ = "cessation"
    __table_args__ = (Index("ix_cessation_event_id", "event_id"),)

    seq: Mapped[Seq]
    event_id: Mapped[Number]
    enterprise_id: Mapped[Number]
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    ground: Mapped[Word]
    ceased_on: Mapped[date]
    document_no: Mapped[Line]
