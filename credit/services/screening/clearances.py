"""Cleared hits: a buyer's word that a bidder is not the firm of that name; it holds for the one tender.

What rests on a code is never cleared: only a name that is alike can be somebody else's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import delete, func, insert, select

from credit.db import db, instant
from credit.errors import InvalidInput, UnknownReceipt
from credit.models import Clearance
from credit.rules.rechecks import bidder_key
from credit.services.publication import instant_text

Told = dict[str, Any]
MOST = 2_000
CLEARED: dict[Any, Any] = {
    "id": pl.Int64, "bidder": pl.String, "code": pl.String, "list": pl.String, "document_no": pl.String,
    "by": pl.String, "reason": pl.String, "made_at": pl.String,
}  # fmt: skip


def of(root: str) -> pl.DataFrame:
    """The clearances of a tender, in the shape CLEARED, in the order in which they were made."""
    rows = db.session.scalars(select(Clearance).where(Clearance.root == root).order_by(Clearance.id))
    told = [
        {name: getattr(one, name) for name in CLEARED} | {"made_at": instant_text(instant(one.made_at))} for one in rows
    ]
    return pl.DataFrame(told, schema=CLEARED)


def add(connection: Any, root: str, given: Told, results: list[Told], now: datetime) -> int:
    """Keep a clearance {bidder, code or list and document_no, by, reason}. The same again is no new one.

    `results`: the tender's last check. Raises InvalidInput where it found no such likeness, or one by code.
    """
    bidder = bidder_key(given["bidder"].get("code"), given["bidder"].get("name"))
    found = next((one for one in results if bidder_key(one["code"], one["name"]) == bidder), None)
    if found is None:
        raise _wrong("bidder", "No such bidder in the last check.", "上次核查的名单里没有这家")
    key = {name: given.get(name) for name in ("code", "list", "document_no")}
    if not _is_alike(found, key):
        told = "The last check found no likeness by name alone with that."
        raise _wrong("code", told, "上次核查没有仅凭名称相近的这一项")
    same = [Clearance.root == root, Clearance.bidder == bidder]
    same += [getattr(Clearance, name).is_not_distinct_from(value) for name, value in key.items()]
    known = connection.execute(select(Clearance.id).where(*same)).scalar()
    if known is not None:
        return int(known)
    if connection.execute(select(func.count()).where(Clearance.root == root)).scalar() >= MOST:
        raise _wrong("bidder", f"A tender keeps at most {MOST} clearances.", f"一个项目最多排除 {MOST} 项")
    row = key | {"root": root, "bidder": bidder, "by": given["by"], "reason": given["reason"], "made_at": now}
    return int(connection.execute(insert(Clearance).values(**row)).inserted_primary_key[0])


def _wrong(field: str, en: str, zh: str) -> InvalidInput:
    return InvalidInput(en, zh=zh, errors={field: [en]})


def _is_alike(found: Told, key: Told) -> bool:
    """Whether a check found this by name alone: an entry that isn't sure, or a firm that the bidder may be."""
    entries = [one for one in (*found["exclusions"], *found["considerations"]) if not one["sure"]]
    if key["code"]:
        firms = [one for one in found["matches"] if one["relation"] not in SURE]
        return key["code"] in {one["code"] for one in (*entries, *firms)}
    return (key["list"], key["document_no"]) in {(one["list"], one["document_no"]) for one in entries}


# What a code decided, or what follows from it; an equal name under another code is another firm anyway.
SURE = ("same_code", "organization_code", "registration_number", "parent", "branch", "other_code")


def withdraw(connection: Any, root: str, number: int) -> None:
    """Take a clearance back. Raises UnknownReceipt where the tender has none of that number."""
    gone = connection.execute(delete(Clearance).where(Clearance.id == number, Clearance.root == root))
    if gone.rowcount != 1:
        raise UnknownReceipt("The tender has no such clearance.", zh="本项目没有这项排除")


def none() -> pl.DataFrame:
    """No clearances."""
    return pl.DataFrame(schema=CLEARED)


def by_row(subjects: pl.DataFrame, cleared: pl.DataFrame) -> pl.DataFrame:
    """CLEARED with the row of each bidder that it is about; bidders (row, code, name) as they are written."""
    if cleared.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64} | CLEARED)
    rows = subjects.select("row", "code", "name").iter_rows()
    keyed = pl.DataFrame([(row, bidder_key(code, name)) for row, code, name in rows], ["row", "bidder"], orient="row")
    return keyed.join(cleared, on="bidder").cast({"row": pl.Int64} | CLEARED)


def without(rows: pl.DataFrame, cleared: pl.DataFrame) -> pl.DataFrame:
    """Firms or findings (row, sure, code, perhaps list and document_no) without those that are cleared by name."""
    if cleared.is_empty():
        return rows
    names = [["code"], ["list", "document_no"]] if "list" in rows.columns else [["code"]]
    for some in names:
        gone = cleared.select("row", *some).drop_nulls(some[0]).unique().with_columns(gone=pl.lit(True))
        joined = rows.join(gone, on=["row", *some], how="left", nulls_equal=True, maintain_order="left")
        rows = joined.filter(pl.col("sure") | pl.col("gone").is_null()).drop("gone")
    return rows
