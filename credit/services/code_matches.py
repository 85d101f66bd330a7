"""Firms found by code: the code itself, a mend of a failing one, an organization code, a registration number."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import polars as pl
from flask import current_app
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import func, select

from credit.db import db
from credit.models import Enterprise, EnterpriseVersion
from credit.rules.matching import codes
from credit.services.reading import among_words, frame

# row, enterprise_id, relation, edit (what was mended, null otherwise)
FOUND = {"row": pl.Int64, "enterprise_id": pl.Int64, "relation": pl.String, "edit": pl.String}
# What a column of a register may hold; anything else is on nobody's file.
PLAIN = "^[0-9A-Z]{1,32}$"


@dataclass
class _Held:
    """The irregular codes of the versions up to the last one that was read."""

    last: int = 0
    codes: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)


_irregular_codes: dict[str, _Held] = {}


def by_code(read: pl.DataFrame) -> pl.DataFrame:
    """The firms that bear what was typed, or one of its mends; `read`: row, code, kind of `read_codes`.

    Rows in the shape FOUND. A code that was given out again finds its last bearer as same_code and
    those before as predecessor.
    """
    typed = read.filter(pl.col("code").str.contains(PLAIN))
    same = _bearers(typed)
    left = typed.join(same, on="row", how="anti")
    parts = [
        same,
        _mended(left.filter(pl.col("kind").is_in([codes.CODE, codes.INVALID]))),
        _organizations(left.filter(pl.col("kind") == codes.ORGANIZATION)),
        _registrations(left.filter(pl.col("kind") == codes.REGISTRATION)),
    ]
    return pl.concat([part.select(pl.col(name).cast(kind) for name, kind in FOUND.items()) for part in parts])


def _bearers(typed: pl.DataFrame) -> pl.DataFrame:
    firms = _firms(Enterprise.code, typed["code"])
    found = typed.join(firms, on="code").with_columns(edit=None)
    last = pl.col("enterprise_id") == pl.col("enterprise_id").max().over("row")
    return found.with_columns(relation=pl.when(last).then(pl.lit("same_code")).otherwise(pl.lit("predecessor")))


def _firms(column: Any, values: pl.Series) -> pl.DataFrame:
    """`code` (or whatever the column holds) and `enterprise_id`."""
    bears = among_words(column, values.unique().to_list())
    return frame(select(column.label("code"), Enterprise.id.label("enterprise_id")).where(bears))


def _mended(failing: pl.DataFrame) -> pl.DataFrame:
    """Firms whose code is one slip away; also those whose own code is irregular and was accepted so."""
    mends = pl.concat([codes.mends_of(failing.filter(pl.col("kind") == codes.INVALID)["code"]), _irregular(failing)])
    known = _firms(Enterprise.code, mends["mend"])
    firms = mends.join(known, left_on="mend", right_on="code").unique(["code", "enterprise_id"], keep="first")
    return failing.join(firms, on="code").with_columns(relation=pl.lit("mended_code"))


def _irregular(failing: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a typed code and an accepted irregular one, one slip apart: no check digit tells of these."""
    typed = failing["code"].unique().to_list()
    own = sorted(_accepted()) if typed else []
    if not own:
        return pl.DataFrame(schema=codes.MENDS)
    near = process.cdist(typed, own, scorer=DamerauLevenshtein.distance, score_cutoff=1, workers=-1)
    rows, columns = (near == 1).nonzero()
    pairs = {"code": [typed[row] for row in rows], "mend": [own[column] for column in columns]}
    return pl.DataFrame(pairs | {"edit": ["irregular"] * len(rows)}, schema=codes.MENDS)


def _accepted() -> set[str]:
    """The irregular codes on file. Versions are never changed, so only later ones are read anew."""
    held = _irregular_codes.setdefault(current_app.config["DATABASE_URL"], _Held())
    version = EnterpriseVersion
    with held.lock:
        last = db.session.scalar(select(func.max(version.seq))) or 0
        if last > held.last:
            since = select(version.code).where(version.seq > held.last, version.accepted_because.is_not(None))
            held.codes |= set(db.session.scalars(since))
            held.last = last
        return held.codes


def _organizations(typed: pl.DataFrame) -> pl.DataFrame:
    firms = _firms(Enterprise.org_code, typed["code"])
    return typed.join(firms, on="code").with_columns(edit=None, relation=pl.lit("organization_code"))


def _registrations(typed: pl.DataFrame) -> pl.DataFrame:
    version = EnterpriseVersion
    words = typed["code"].unique().to_list()
    if not words:
        return pl.DataFrame(schema=FOUND)
    bears = among_words(version.legacy_id, words)
    firms = frame(select(version.legacy_id.label("code"), version.enterprise_id).where(bears).distinct())
    return typed.join(firms, on="code").with_columns(edit=None, relation=pl.lit("registration_number"))
