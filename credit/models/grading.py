"""Gradings as they were made, and what is prepared from them for reading."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq, Word


class Grading(Base):
    """One grading, appended when the score, the grade or what the public sees changed."""

    __tablename__ = "grading"
    __table_args__ = (Index("ix_grading_enterprise_id", "enterprise_id"),)

    seq: Mapped[Seq]
    enterprise_id: Mapped[Number]
    code: Mapped[Code]
    day: Mapped[date]
    score: Mapped[int | None]
    grade: Mapped[str | None] = mapped_column(String(3))
    tier: Mapped[str | None] = mapped_column(String(1))
    digest: Mapped[str] = mapped_column(String(64))
    # Digest of what the public was told; null where an older release made the row.
    content: Mapped[str | None] = mapped_column(String(16))


class Standing(Base):
    """How each enterprise stands, in one narrow row, for those who go through the whole register.

    It was graded from facts up to the number `facts_seq`, and stands so on days before `expires_on`.
    """

    __tablename__ = "standing"

    enterprise_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    facts_seq: Mapped[Number]
    score: Mapped[int | None]
    grade: Mapped[str | None] = mapped_column(String(3))
    tier: Mapped[str | None] = mapped_column(String(1))
    expires_on: Mapped[date]


class Record(Base):
    """The public record, ready to send; true on days before `expires_on`."""

    __tablename__ = "record"

    enterprise_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[Code] = mapped_column(index=True)
    seq: Mapped[Number] = mapped_column(index=True)
    graded_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    etag: Mapped[Word]
    name: Mapped[Line]
    region: Mapped[str | None] = mapped_column(String(6))
    industry: Mapped[str | None] = mapped_column(String(5))
    status: Mapped[Word]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Span(Base):
    """The grade of an enterprise on the days [since, until); the last span is open.

    Future spans are included: the search by grade needs no job to have run.
    """

    __tablename__ = "span"
    __table_args__ = (Index("ix_span_grade_code", "grade", "code"),)

    code: Mapped[str] = mapped_column(String(18), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    grade: Mapped[str | None] = mapped_column(String(3))
    enterprise_id: Mapped[int] = mapped_column(
        BigId, primary_key=True, autoincrement=False, index=True
    )
