"""Import of a register file: enterprises set-wise, good rows in, each bad row named with its mend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import func, select

from credit.db import Change, db
from credit.errors import FileRefused
from credit.models import Enterprise, EnterpriseVersion
from credit.services import names, way
from credit.services.dossiers import enterprise_versions
from credit.services.enterprises import suggestions
from credit.services.files import read_table
from credit.services.reading import among, frame
from credit.services.registry_rows import REJECTED, checked
from credit.services.writing import insert

FACTS = ["name", "short_name", "status", "kind", "legacy_id", "region", "industry", "registered_on"]
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Imported:
    """Counts of rows, and the rejected rows: line, column, code, reason, suggestion."""

    new: int
    changed: int
    unchanged: int
    rejected: pl.DataFrame


def import_enterprises(
    change: Change, path: Path, day: date, progress: Progress = lambda step, count: None
) -> Imported:
    """Take a register file (CSV, XLSX, JSONL, Parquet; Chinese or English headers).

    A repeated file changes nothing; a changed name becomes a former name on `day`.
    """
    progress("read", 0)
    good, bad = checked(read_table(path), day, _accepted())
    progress("checked", len(good))
    if good.is_empty() and bad.is_empty():
        raise FileRefused(f"{path.name} has no rows.")
    known = _known(good)
    joined = good.join(known, on="code", how="left", maintain_order="left")
    fresh = joined.filter(pl.col("enterprise_id").is_null())
    ids = _register(change, fresh, day)
    progress("registered", len(ids))
    changed = _differing(joined.filter(pl.col("enterprise_id").is_not_null()))
    _change(change, changed, day)
    way.advance(change, [*ids, *changed["enterprise_id"].to_list()], day)
    progress("published", len(ids) + len(changed))
    return Imported(
        len(fresh), len(changed), len(good) - len(fresh) - len(changed), _with_mends(bad)
    )


def _accepted() -> set[str]:
    """The failing codes that an administrator verified."""
    verified = EnterpriseVersion.accepted_because.is_not(None)
    return set(db.session.scalars(select(EnterpriseVersion.code).where(verified).distinct()))


def _known(good: pl.DataFrame) -> pl.DataFrame:
    """The latest version on file of each code of the file, columns prefixed `old_`."""
    codes = good["code"].to_list()
    few = (
        select(Enterprise.id).where(Enterprise.code.in_(codes))
        if len(codes) <= 500
        else select(Enterprise.id)
    )
    ids = list(db.session.scalars(few))
    latest = enterprise_versions(ids).group_by("enterprise_id", maintain_order=True).last()
    old = latest.select(
        "code",
        "enterprise_id",
        "parent_code",
        "wants_grade",
        *(pl.col(name).alias(f"old_{name}") for name in FACTS if name in latest.columns),
        old_from="valid_from",
        old_seq="seq",
    )
    return old.unique("code", keep="last", maintain_order=True)


def _register(change: Change, fresh: pl.DataFrame, day: date) -> list[int]:
    if fresh.is_empty():
        return []
    first = (db.session.scalar(select(func.max(Enterprise.id))) or 0) + 1
    in_order = fresh.drop("enterprise_id").sort("code")  # indexes grow at their end
    rows = in_order.with_row_index("enterprise_id", offset=first).with_columns(
        pl.col("enterprise_id").cast(pl.Int64),
        pl.col("status").fill_null("living"),
        seq=pl.Series(change.take(len(fresh)), dtype=pl.Int64),
        valid_from=pl.col("registered_on").fill_null(day),
    )
    insert(
        Enterprise,
        rows.select(
            "code",
            id="enterprise_id",
            org_code=pl.col("code").str.slice(8, 9),
            living=pl.col("status") == "living",
        ),
    )
    _add_versions(
        rows.with_columns(parent_code=pl.lit(None, dtype=pl.String), wants_grade=pl.lit(False))
    )
    names.remember(rows.select("enterprise_id", text="name"))
    names.remember(rows.select("enterprise_id", text="short_name"))
    return rows["enterprise_id"].to_list()


def _differing(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something else than what is on file; what the file leaves out stays."""
    compared = [name for name in FACTS if f"old_{name}" in rows.columns and name != "kind"]
    said = rows.with_columns(pl.coalesce(name, f"old_{name}").alias(name) for name in compared)
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"old_{name}")) for name in compared)
    return said.filter(other).with_columns(kind=pl.col("old_kind"))


def _change(change: Change, rows: pl.DataFrame, day: date) -> None:
    if rows.is_empty():
        return
    versions = _with_the_rest(rows).with_columns(
        seq=pl.Series(change.take(len(rows)), dtype=pl.Int64),
        valid_from=pl.max_horizontal(pl.lit(day), "old_from"),
    )
    _add_versions(versions)
    for row in rows.filter(pl.col("status") != pl.col("old_status")).iter_rows(named=True):
        db.session.execute(
            db.update(Enterprise)
            .where(Enterprise.id == row["enterprise_id"])
            .values(living=row["status"] == "living")
        )
    for name in ("name", "short_name"):
        renamed = rows.filter(pl.col(name).ne_missing(pl.col(f"old_{name}")))
        names.remember(renamed.select("enterprise_id", text=name))


def _with_the_rest(rows: pl.DataFrame) -> pl.DataFrame:
    """What no register file tells stays: quality officer, accepted code, registration number."""
    version = EnterpriseVersion
    rest = frame(
        select(
            version.seq.label("old_seq"), version.legacy_id.label("old_legacy_id"), version.quality_officer,
            version.accepted_because,
        ).where(among(version.enterprise_id, rows["enterprise_id"].to_list()))
    )  # fmt: skip
    joined = rows.join(rest, on="old_seq", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("legacy_id", "old_legacy_id").alias("legacy_id"))


def _add_versions(rows: pl.DataFrame) -> None:
    kept = [name for name in ("quality_officer", "accepted_because") if name in rows.columns]
    insert(
        EnterpriseVersion,
        rows.select(
            "seq",
            "enterprise_id",
            "valid_from",
            "code",
            *FACTS,
            "parent_code",
            "wants_grade",
            *kept,
        ),
    )


def _with_mends(bad: pl.DataFrame) -> pl.DataFrame:
    """Suggest the one-edit mends of failing codes that are on file."""
    codes = (
        bad.filter(pl.col("column") == "code", pl.col("code").is_not_null())["code"]
        .unique()
        .to_list()
    )
    mends = {code: " / ".join(found) for code, found in suggestions(codes).items() if found}
    mended = pl.col("code").replace_strict(mends, default=None, return_dtype=pl.String)
    told = pl.when((pl.col("column") == "code") & mended.is_not_null()).then(
        pl.lit("是否为 ") + mended + "?"
    )
    return bad.with_columns(suggestion=told.otherwise("suggestion")).select(*REJECTED).sort("line")
