"""Receipts (核查凭证) and the keys that sign them. They bear no change number: a screening changes nothing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import Instant, Number


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
    of which a digest is kept. `who`: the department that asked, null for anybody.
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
