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
from credit.services.enterprise_versions import given_out_again
from credit.services.enterprises import suggestions
from credit.services.files import read_table
from credit.services.reading import FEW, among
from credit.services.registry_rows import REJECTED, checked
from credit.services.writing import insert

FACTS = ["name", "short_name", "status", "kind", "legacy_id", "representative", "address", "region", "industry",
         "registered_on"]  # fmt: skip
INTERNAL = ("representative", "address")
COMPARED = [name for name in FACTS if name != "kind"]  # a file only guesses it from code and name
# What no register file tells stays as it is.
UNTOLD = ["parent_code", "wants_grade", "quality_officer", "accepted_because"]
VERSION = [column.name for column in EnterpriseVersion.__table__.columns]
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
    joined = good.join(_known(good), on="code", how="left", maintain_order="left")
    fresh = joined.filter(_is_fresh())
    ids = _register(change, fresh.select(good.columns), day)
    progress("registered", len(ids))
    changed = _differing(joined.filter(~_is_fresh()))
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
    """The latest version on file of each code of the file: FACTS as `old_...`, UNTOLD as they are."""
    ids = _bearers(good["code"].to_list()) if len(good) <= FEW else None
    versions = enterprise_versions(ids, more=INTERNAL).with_columns(old_status_since=_status_since())
    latest = versions.group_by("enterprise_id", maintain_order=True).last()
    old = latest.select(
        "code",
        "enterprise_id",
        "old_status_since",
        *UNTOLD,
        pl.col(FACTS).name.prefix("old_"),
        old_from="valid_from",
    )
    return old.unique("code", keep="last", maintain_order=True)


def _bearers(codes: list[str]) -> list[int]:
    return list(db.session.scalars(select(Enterprise.id).where(Enterprise.code.in_(codes))))


def _status_since() -> pl.Expr:
    """Since when the status of each version has held without a break; the versions in their order."""
    begins = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift()) for name in ("enterprise_id", "status")
    )
    return pl.when(begins).then("valid_from").forward_fill()


def _is_fresh() -> pl.Expr:
    """Rows of firms that aren't on file: the code is unknown, or it was given out again."""
    again: pl.Expr = given_out_again(
        pl.col("old_status"),
        pl.col("old_status_since"),
        pl.col("status").fill_null("living"),
        pl.col("registered_on"),
    )
    return pl.col("enterprise_id").is_null() | again.fill_null(False)


def _register(change: Change, fresh: pl.DataFrame, day: date) -> list[int]:
    if fresh.is_empty():
        return []
    first = (db.session.scalar(select(func.max(Enterprise.id))) or 0) + 1
    in_order = fresh.sort("code")  # indexes grow at their end
    rows = in_order.with_row_index("enterprise_id", offset=first).with_columns(
        pl.col("enterprise_id").cast(pl.Int64),
        pl.col("status").fill_null("living"),
        seq=pl.Series(change.take(len(fresh)), dtype=pl.Int64),
        valid_from=pl.col("registered_on").fill_null(day),
        wants_grade=pl.lit(False),
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
    _add_versions(rows)
    names.remember(rows.select("enterprise_id", text="name"))
    names.remember(rows.select("enterprise_id", text="short_name"))
    return rows["enterprise_id"].to_list()


def _differing(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something else than what is on file; what the file leaves out stays."""
    said = rows.with_columns(pl.coalesce(name, f"old_{name}").alias(name) for name in COMPARED)
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"old_{name}")) for name in COMPARED)
    return said.filter(other).with_columns(kind=pl.col("old_kind"))


def _change(change: Change, rows: pl.DataFrame, day: date) -> None:
    if rows.is_empty():
        return
    _add_versions(
        rows.with_columns(
            seq=pl.Series(change.take(len(rows)), dtype=pl.Int64),
            valid_from=pl.max_horizontal(pl.lit(day), "old_from"),
        )
    )
    turned = rows.filter(pl.col("status") != pl.col("old_status"))
    for living in (False, True):
        ids = turned.filter((pl.col("status") == "living") == living)["enterprise_id"].to_list()
        those = db.update(Enterprise).where(among(Enterprise.id, ids))
        db.session.execute(those.values(living=living))
    for name in ("name", "short_name"):
        renamed = rows.filter(pl.col(name).ne_missing(pl.col(f"old_{name}")))
        names.remember(renamed.select("enterprise_id", text=name))


def _add_versions(rows: pl.DataFrame) -> None:
    insert(EnterpriseVersion, rows.select(name for name in VERSION if name in rows.columns))


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
