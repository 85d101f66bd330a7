"""Batches of reports: what was sent, how far the work on it has come, and what became of each row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Instant, Line, Number, Serial, Word


class Batch(Base):
    """One batch of a department, once for each idempotency key. Its row is its progress.

    `done` rows of `rows` are worked, `graded` of the `firms` that they touch are graded and published.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("state IN ('recording', 'grading', 'done', 'refused')", name="state"),
        CheckConstraint("done <= rows AND graded <= firms", name="progress"),
        UniqueConstraint("department_id", "idempotency_key"),
    )

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    actor: Mapped[Line]
    idempotency_key: Mapped[str] = mapped_column(String(256))
    # SHA-256 of what was sent, and of how it is to be read.
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[Line]
    format: Mapped[Word]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_on: Mapped[date]
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[Word]
    rows: Mapped[Number]
    done: Mapped[Number]
    recorded: Mapped[Number]
    on_file: Mapped[Number]
    rejected: Mapped[Number]
    firms: Mapped[Number]
    graded: Mapped[Number]


class BatchPart(Base):
    """What became of some rows that follow each other: a Parquet table, one row each.

    `enterprises`: the ids that new events of this part touch, as 64-bit numbers in rising order.
    """

    __tablename__ = "batch_part"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    first: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    rows: Mapped[Number]
    results: Mapped[bytes] = mapped_column(LargeBinary)
    enterprises: Mapped[bytes] = mapped_column(LargeBinary)
