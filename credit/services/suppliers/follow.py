"""Following a list: it is screened again once the register or the day has moved, and what changed is noted.

Reading sets it going, so that nobody is told a verdict of yesterday; for receivers the background does.
"""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from sqlalchemy import bindparam, func, or_, select, update

from credit.db import ChangeRow, aside, db
from credit.models import Supplier, SupplierList
from credit.services.reading import frame
from credit.services.screening.screen import screen

SUBJECTS = {"row": pl.Int64, "ref": pl.String, "code": pl.String, "name": pl.String, "group": pl.String}


def up_to_date(number: str, day: date, now: datetime) -> None:
    """Bring a list's verdicts to `day` and to what the register knows. Of two at once one writes."""
    found = db.session.get_one(SupplierList, number)
    seq = db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0
    before, count = (found.checked_seq, found.checked_on), found.last_change
    if before == (seq, day):
        return
    held = frame(select(Supplier.code, Supplier.verdict).where(Supplier.list_id == number).order_by(Supplier.code))
    moved = _moved(held, found.kind, day)
    changes = moved.filter(pl.col("was").is_not_null())
    numbers = dict(zip(changes["code"].to_list(), range(count + 1, count + 1 + len(changes)), strict=True))
    with aside() as connection:
        same = SupplierList.checked_on.is_not_distinct_from(before[1])
        first = update(SupplierList).where(SupplierList.id == number, SupplierList.checked_seq == before[0], same)
        values = {"checked_seq": seq, "checked_on": day, "seen_on": day, "last_change": count + len(changes)}
        if connection.execute(first.values(**values)).rowcount != 1:
            return
        one = update(Supplier).where(Supplier.list_id == number, Supplier.code == bindparam("of"))
        noted = one.values(name=bindparam("called"), verdict=bindparam("now"))
        rows = [{"of": row["code"], "called": row["name"], "now": row["verdict"]} for row in moved.to_dicts()]
        if rows:
            connection.execute(noted, rows)
        if numbers:
            counted = one.values(change=bindparam("counted"), changed_at=now)
            connection.execute(counted, [{"of": code, "counted": count} for code, count in numbers.items()])


def _moved(held: pl.DataFrame, kind: str, day: date) -> pl.DataFrame:
    """code, name, verdict, was: the suppliers whose verdict is another one than was noted (`was` null: none was)."""
    if held.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("code", "name", "verdict", "was"), pl.String))
    subjects = held.select("code").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in ("ref", "name", "group")]
    found = screen(subjects.with_columns(*empty).select(*SUBJECTS), kind, day, day)
    named = found.matches.filter(pl.col("relation") == "same_code").unique("row", keep="first")
    now = found.rows.select("row", "code", "verdict").join(named.select("row", "name"), on="row", how="left")
    both = now.join(held.rename({"verdict": "was"}), on="code")
    return both.filter(pl.col("verdict").ne_missing(pl.col("was"))).select("code", "name", "verdict", "was")


def changed(number: str, after: int = 0, most: int = 200) -> list[Supplier]:
    """The suppliers whose verdict has changed since change `after`, the latest first; each once."""
    rows = select(Supplier).where(Supplier.list_id == number, Supplier.change > after)
    return list(db.session.scalars(rows.order_by(Supplier.change.desc()).limit(most)))


def waiting(day: date, now: datetime) -> list[str]:
    """Lists with a receiver that are not up to date, or whose receiver is to be told something."""
    seq = db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0
    one = SupplierList
    moved = or_(one.checked_seq != seq, one.checked_on.is_distinct_from(day), one.told < one.last_change)
    ready = or_(one.retry_at.is_(None), one.retry_at <= now)
    return list(db.session.scalars(select(one.id).where(one.url.is_not(None), moved, ready)))
