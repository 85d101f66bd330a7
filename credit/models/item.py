"""Items: whose prefix a GTIN begins with, and recalls."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Code, Line, Listed, Number, Seq


class ItemPrefix(Base):
    """An enterprise holds a GS1 company prefix on the days [valid_from, valid_until); null is open.

    A GTIN-8 is issued one by one: its prefix is all its eight digits, with six zeros in front. A
    later version names the one that it `replaces`.
    """

    __tablename__ = "item_prefix"
    __table_args__ = (Index("ix_item_prefix_prefix", "prefix"),)

    seq: Mapped[Seq]
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    prefix: Mapped[str] = mapped_column(String(14))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Recall(Base):
    """One version of a recall (召回) of an item; no lots means all of them. Open until `closed_on`."""

    __tablename__ = "recall"
    __table_args__ = (
        Index("ix_recall_gtin", "gtin"),
        Index("ix_recall_document", "department_id", "document_no"),
    )

    seq: Mapped[Seq]
    recall_id: Mapped[Number]
    replaces: Mapped[int | None] = mapped_column(BigId, unique=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    code: Mapped[Code]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    document_no: Mapped[Line]
    gtin: Mapped[str] = mapped_column(String(14))
    lots: Mapped[Listed]
    product: Mapped[Line]
    hazard: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
