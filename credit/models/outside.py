"""Lists that other bodies keep (失信被执行人 and the like), as files of theirs told them on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Line, Seq, Word


class OutsideList(Base):
    """One whole copy of a list: what its keeper told by `data_as_of`. A later copy replaces it for later days."""

    __tablename__ = "outside_list"
    __table_args__ = (Index("ix_outside_list_list", "list", "data_as_of"),)

    seq: Mapped[Seq]
    list: Mapped[Word]
    data_as_of: Mapped[date]
    received_on: Mapped[date]
    rows: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))


class OutsideEntry(Base):
    """One entry of a copy. Without a code (or with one that fails its check) it is known by its name alone.

    `folded`: the name as search folds it. `until` null: no end is told.
    """

    __tablename__ = "outside_entry"
    __table_args__ = (
        Index("ix_outside_entry_code", "copy", "code"), Index("ix_outside_entry_folded", "copy", "folded")
    )  # fmt: skip

    copy: Mapped[int] = mapped_column(BigId, ForeignKey("outside_list.seq"), primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str | None] = mapped_column(String(18))
    name: Mapped[Line]
    folded: Mapped[Line]
    basis: Mapped[str] = mapped_column(Text)
    document_no: Mapped[Line]
    authority: Mapped[Line]
    since: Mapped[date]
    until: Mapped[date | None]
