"""Enterprises: who they are, and each version of what is known about them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Number, Seq, Serial, Word


class Enterprise(Base):
    """One enterprise for ever; its code is unique among the living."""

    __tablename__ = "enterprise"
    __table_args__ = (
        Index(
            "uq_enterprise_code_living", "code", unique=True,
            sqlite_where=text("living"), postgresql_where=text("living"),
        ),
        Index("ix_enterprise_code", "code"),
    )  # fmt: skip

    id: Mapped[Serial]
    code: Mapped[Code]
    org_code: Mapped[str] = mapped_column(String(9), index=True)
    living: Mapped[bool] = mapped_column(default=True)


class EnterpriseVersion(Base):
    """What was true in law from `valid_from` on, as the register learned it at `seq`.

    A change of name, status or region is a new version with a later `valid_from`; a correction
    has the same or an earlier day and names the version that it `replaces`. `representative` (法定代表人) and
    `address` are for staff who look for a case: personal data, or may be a home, never public.
    """

    __tablename__ = "enterprise_version"
    __table_args__ = (Index("ix_enterprise_version_enterprise_id", "enterprise_id"),)

    seq: Mapped[Seq]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    valid_from: Mapped[date]
    code: Mapped[Code]
    name: Mapped[Line]
    short_name: Mapped[str | None] = mapped_column(String(256))
    status: Mapped[Word]
    kind: Mapped[Word]
    parent_code: Mapped[str | None] = mapped_column(String(18))
    legacy_id: Mapped[str | None] = mapped_column(String(32))
    representative: Mapped[str | None] = mapped_column(String(128))
    address: Mapped[str | None] = mapped_column(String(512))
    region: Mapped[str | None] = mapped_column(String(6))
    industry: Mapped[str | None] = mapped_column(String(5))
    registered_on: Mapped[date | None]
    quality_officer: Mapped[bool | None]
    wants_grade: Mapped[bool]
    accepted_because: Mapped[str | None] = mapped_column(Text)


class Name(Base):
    """A name that an enterprise bears or bore, never changed and never deleted.

    The search index refers to these rows by id. `folded`: as names are compared, so that equal ones are joined.
    """

    __tablename__ = "name"
    __table_args__ = (Index("ix_name_enterprise_id", "enterprise_id"), Index("ix_name_folded", "folded"))

    id: Mapped[Serial]
    enterprise_id: Mapped[Number]
    text: Mapped[Line]
    folded: Mapped[Line]
