"""The transparency log (透明日志): leaves, the nodes over them, and the heads that were signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Instant, Number, Seq, Serial, Word


class LogLeaf(Base):
    """What a leaf is about, which nobody learns from the leaf. Without its salt it is forgotten: the duty of deletion.

    `ref`: the receipt's number, or the change number of the act or correction, or the audit's entry.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    number: Mapped[Seq]
    kind: Mapped[Word]
    ref: Mapped[str] = mapped_column(String(32))
    salt: Mapped[str | None] = mapped_column(String(32))


class LogNode(Base):
    """The hash of a complete subtree; level 0 is the leaves. Rows are never changed."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogHead(Base):
    """A signed head: the root over the first `size` leaves; acts up to change `seq` are in it."""

    __tablename__ = "log_head"

    id: Mapped[Serial]
    made_at: Mapped[datetime] = mapped_column(Instant)
    size: Mapped[Number]
    root: Mapped[str] = mapped_column(String(64))
    seq: Mapped[Number]
    kid: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
