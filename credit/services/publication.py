"""Publication (公示): the ready-made public record, written when things change (read in look_up.py)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import delete, select

from credit.db import Base, Change, db
from credit.models import Grading, Record, Span, Standing
from credit.services.grading import Prepared
from credit.services.reading import among, frame
from credit.services.writing import insert

STANDING = ["enterprise", "facts_seq", "score", "grade", "tier", "expires_on"]


def content_digest(body: str) -> str:
    """What a record tells, in 16 hexadecimal digits. Its ETag begins with it."""
    return hashlib.blake2b(body.encode(), digest_size=8).hexdigest()


def instant_text(moment: datetime) -> str:
    """An instant as the register tells it: UTC, microseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def finished(body: str, day: date | str, known: str, seq: int | str) -> str:
    """A record with its last fields: the day it was graded on, of when its data are, its number."""
    return f'{body.removesuffix("}")},"graded_on":"{day}","data_as_of":"{known}","seq":{seq}}}'


def publish(change: Change, prepared: Prepared, day: date) -> int:
    """Write the records that changed, each with a number of its own. Returns how many did.

    A record whose content is what it was keeps its number, so that nobody is told of nothing.
    """
    digests = pl.Series(map(content_digest, prepared.records["body"]), dtype=pl.String)
    records = prepared.records.with_columns(content=digests)
    joined = records.join(_stored(records), on="enterprise", how="left", maintain_order="left")
    same = (pl.col("content") == pl.col("old_content")).fill_null(False)
    _foresee(joined.filter(same), prepared.spans, day)
    _stand(records)
    changed = joined.filter(~same)
    if changed.is_empty():
        return 0
    numbers, known = change.take(len(changed)), instant_text(change.recorded_at)
    whole = [
        finished(body, day, known, seq).encode()
        for body, seq in zip(changed["body"], numbers, strict=True)
    ]
    changed = changed.with_columns(
        seq=pl.Series(numbers, dtype=pl.Int64), day=pl.lit(day), body=pl.Series(whole, dtype=pl.Binary)
    ).with_columns(etag=pl.format("{}-{}", "content", "seq"))
    _replace(changed, prepared.spans)
    digest = pl.lit(prepared.law.digest)
    told = ("seq", "code", "day", "score", "grade", "tier", "content")
    insert(Grading, changed.select(*told, enterprise_id="enterprise", digest=digest))
    return len(changed)


def _stored(records: pl.DataFrame) -> pl.DataFrame:
    columns = (Record.enterprise_id.label("enterprise"), Record.etag, Record.expires_on.label("old_expires"))
    held = frame(select(*columns).where(among(Record.enterprise_id, records["enterprise"].to_list())))
    return held.with_columns(old_content=pl.col("etag").str.slice(0, 16)).drop("etag")


def _foresee(same: pl.DataFrame, spans: pl.DataFrame, day: date) -> None:
    """Of records that say what they said: when they stop being true, and the grades ahead.

    These may have moved by facts that are not public yet: the record keeps its number and its ETag.
    """
    if same.is_empty():
        return
    moved = same.filter(pl.col("expires_on") != pl.col("old_expires"))
    if not moved.is_empty():
        due = db.update(Record.__table__).where(
            Record.__table__.c.enterprise_id == db.bindparam("id")
        )
        rows = [
            {"id": row[0], "due": row[1]}
            for row in moved.select("enterprise", "expires_on").iter_rows()
        ]
        db.session.connection().execute(due.values(expires_on=db.bindparam("due")), rows)
    columns = (Span.enterprise_id.label("enterprise"), Span.since, Span.until, Span.grade)
    ids = same["enterprise"].to_list()
    held = frame(select(*columns).where(among(Span.enterprise_id, ids)))
    ahead = held.filter(pl.col("until").is_null() | (pl.col("until") > day)).with_columns(
        since=pl.max_horizontal("since", pl.lit(day))
    )
    foreseen = spans.join(same.select("enterprise"), on="enterprise", how="semi")
    both = pl.concat([ahead, foreseen.select(ahead.columns)])
    other = both.filter(pl.len().over(ahead.columns) == 1).select("enterprise").unique()
    others = same.join(other, on="enterprise", how="semi")
    _forget(Span, others)
    _keep_spans(spans, others)


def _stand(records: pl.DataFrame) -> None:
    """How each enterprise stands now: the narrow row of those for whom it is another one."""
    ids = records["enterprise"].to_list()
    columns = (getattr(Standing, name) for name in STANDING[1:])
    chosen = select(Standing.enterprise_id.label("enterprise"), *columns)
    held = frame(chosen.where(among(Standing.enterprise_id, ids)))
    now = records.select(pl.col(name).cast(held.schema[name]) for name in STANDING)
    moved = now.join(held, on=STANDING, how="anti", nulls_equal=True)
    _forget(Standing, moved)
    insert(Standing, moved.rename({"enterprise": "enterprise_id"}))


def _replace(changed: pl.DataFrame, spans: pl.DataFrame) -> None:
    """The new records and spans instead of the old ones."""
    old = changed.filter(pl.col("old_content").is_not_null())
    _forget(Record, old)
    _forget(Span, old)
    insert(
        Record,
        changed.select(
            "code", "seq", "expires_on", "etag", "name", "region", "industry", "status", "body",
            enterprise_id="enterprise", graded_on="day",
        ),
    )  # fmt: skip
    _keep_spans(spans, changed)


def _forget(model: type[Base], firms: pl.DataFrame) -> None:
    if not firms.is_empty():
        owner = model.__table__.c.enterprise_id
        db.session.execute(delete(model).where(among(owner, firms["enterprise"].to_list())))


def _keep_spans(spans: pl.DataFrame, firms: pl.DataFrame) -> None:
    kept = spans.join(firms.select("enterprise", "code"), on="enterprise")
    insert(Span, kept.select("code", "since", "until", "grade", enterprise_id="enterprise"))
