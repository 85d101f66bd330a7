"""Column types that both databases understand alike."""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, String
from sqlalchemy.orm import mapped_column

BigId = BigInteger().with_variant(Integer, "sqlite")
Instant = DateTime(timezone=True)

Seq = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=False)]
Serial = Annotated[int, mapped_column(BigId, primary_key=True)]
Number = Annotated[int, mapped_column(BigId)]
Code = Annotated[str, mapped_column(String(18))]
Word = Annotated[str, mapped_column(String(32))]
Line = Annotated[str, mapped_column(String(256))]
Listed = Annotated[list[Any], mapped_column(JSON)]
