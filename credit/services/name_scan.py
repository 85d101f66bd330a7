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
from credit.rules.matching.near import Keys, Texts, keys_of, near_pairs, pairs_with_key, texts_of
from credit.rules.matching.possible import bare_column
from credit.rules.name_columns import fold_column
from credit.services.reading import frame

BLOCK = 50_000


@dataclass
class _Held:
    """The names up to the last id that was read: their ids, their bare texts and the keys of these."""

    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    texts: Texts = field(default_factory=lambda: texts_of(pl.Series([], dtype=pl.String)))
    keys: Keys = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    lock: Lock = field(default_factory=Lock)


_held: dict[str, _Held] = {}


def near(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that are near to each of these distinct folded ones."""
    held = _all_names()
    asked, known = near_pairs(texts_of(bare_column(folded)), held.texts)
    return pl.DataFrame({"folded": folded.gather(pl.Series(asked)), "name_id": held.ids[known]})


def alike(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file with the same characters, equal ones among them."""
    held = _all_names()
    asked, known = pairs_with_key(texts_of(bare_column(folded)), held.keys)
    return pl.DataFrame({"folded": folded.gather(pl.Series(asked)), "name_id": held.ids[known]})


def _all_names() -> _Held:
    """Every name on file; what came since the last time is read in blocks."""
    held = _held.setdefault(current_app.config["DATABASE_URL"], _Held())
    with held.lock:
        while not (names := _next_names(held)).is_empty():
            texts = texts_of(bare_column(fold_column(names["text"])))
            held.texts = held.texts.followed_by(texts)
            held.keys = np.concatenate([held.keys, keys_of(texts)])
            held.ids = np.concatenate([held.ids, names["id"].to_numpy()])
        return held


def _next_names(held: _Held) -> pl.DataFrame:
    last = int(held.ids[-1]) if len(held.ids) else 0
    return frame(select(Name.id, Name.text).where(Name.id > last).order_by(Name.id).limit(BLOCK), bulk=True)
