"""All names on file in a form that is scanned in a second: for long lists, instead of the bigram index.

Names are never changed or deleted, so what a process holds only grows: some 60 bytes a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
import polars as pl
from flask import current_app
from sqlalchemy import select

from credit.models import Name
from credit.rules.matching.near import Texts, near_pairs, texts_of
from credit.rules.matching.possible import bare_column
from credit.rules.name_columns import fold_column
from credit.services.reading import frame

BLOCK = 200_000


@dataclass
class _Held:
    """The names up to the last id that was read: their ids and their bare texts."""

    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    texts: Texts = field(default_factory=lambda: texts_of(pl.Series([], dtype=pl.String)))
    lock: Lock = field(default_factory=Lock)


_held: dict[str, _Held] = {}


def near(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that are near to each of these distinct folded ones."""
    held = _all_names()
    asked, known = near_pairs(texts_of(bare_column(folded)), held.texts)
    return pl.DataFrame({"folded": folded.gather(pl.Series(asked)), "name_id": held.ids[known]})


def _all_names() -> _Held:
    held = _held.setdefault(current_app.config["DATABASE_URL"], _Held())
    with held.lock:
        last = int(held.ids[-1]) if len(held.ids) else 0
        names = frame(select(Name.id, Name.text).where(Name.id > last).order_by(Name.id), bulk=True)
        for start in range(0, len(names), BLOCK):
            part = names.slice(start, BLOCK)
            texts = texts_of(bare_column(fold_column(part["text"])))
            held.texts = held.texts.followed_by(texts)
            held.ids = np.concatenate([held.ids, part["id"].to_numpy()])
        return held
