"""Receipts (核查凭证) and the keys that sign them. They bear no change number: a screening changes nothing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import Instant, Line, Number, Serial


class SigningKey(Base):
    """The public part of a key, kept for ever: what it signed stays verifiable. The private part is a file."""

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)


class Receipt(Base):
    """The proof of one answer. `body`: the answer as canonical JSON, compressed; opened by the holder's secret,
    of which a digest is kept. `who`: the department that asked, null for anybody. `root`: the first check of the same
    tender, of whose secret (or a later check's) this one's holder knew; null for the first.
    """

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    as_of: Mapped[date]
    seq: Mapped[Number]
    policy: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    refers_to: Mapped[str | None] = mapped_column(String(22))
    who: Mapped[str | None] = mapped_column(String(64))
    root: Mapped[str | None] = mapped_column(String(22), index=True)


class Clearance(Base):
    """A buyer's word that a bidder is not the firm (or the list's entry) that bears its name; for one tender alone."""

    __tablename__ = "clearance"

    id: Mapped[Serial]
    root: Mapped[str] = mapped_column(ForeignKey("receipt.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    bidder: Mapped[Line]
    code: Mapped[str | None] = mapped_column(String(18))
    list: Mapped[str | None] = mapped_column(String(32))
    document_no: Mapped[str | None] = mapped_column(String(256))
    by: Mapped[Line]
    reason: Mapped[str] = mapped_column(Text)
