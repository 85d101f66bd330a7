"""Equal names: those on file that fold to the same text, a few statements for a whole list."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from credit.models import Name
from credit.services.reading import among_words, frame


def with_text(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that fold to each of these distinct texts."""
    asked = folded.str.slice(0, 256).to_list()
    return frame(select(Name.folded, Name.id.label("name_id")).where(among_words(Name.folded, asked)))
