"""Publication (公示): the ready-made public record, written when things change, judged by the reader's day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
import polars as pl
from sqlalchemy import delete, select

from credit.db import Change, db, instant
from credit.errors import BeforeRegister, UnknownEnterprise
from credit.models import ChangeRow, EnterpriseVersion, Grading, Record, Span
from credit.policy import load_policy
from credit.reader import reader
from credit.services import enterprises
from credit.services.dossiers import load
from credit.services.grading import Prepared, history, prepare
from credit.services.reading import frame
from credit.services.writing import insert

LOOK_UP = """
SELECT body, etag, expires_on FROM record WHERE code = :code ORDER BY enterprise_id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Published:
    """A public record ready to send: JSON bytes, its ETag, and the first day on which it is stale."""

    body: bytes
    etag: str
    expires_on: date


def publish(change: Change, prepared: Prepared, day: date) -> int:
    """Write the records that changed, each with a number of its own. Returns how many did.

    A record whose content is what it was keeps its number, so that nobody is told of nothing.
    """
    records = prepared.records.with_columns(
        digest=pl.Series([hashlib.blake2b(body.encode(), digest_size=8).hexdigest() for body in prepared.records["body"]], dtype=pl.String)
    )
    stored = _stored(records["enterprise"].to_list()) if len(records) <= 1000 else _stored(None)
    joined = records.join(stored, on="enterprise", how="left", maintain_order="left")
    same = (pl.col("digest") == pl.col("old_digest")) & (pl.col("expires_on") == pl.col("old_expires"))
    changed = joined.filter(~same.fill_null(False))
    if changed.is_empty():
        return 0
    numbers = change.take(len(changed))
    digest = load_policy().digest
    changed = changed.with_columns(seq=pl.Series(numbers, dtype=pl.Int64), day=pl.lit(day))
    tail = _tail(pl.lit(day.isoformat()), pl.lit(_text(change.recorded_at)), pl.col("seq"))
    changed = changed.with_columns(
        code=pl.col("code"),
        body=(pl.col("body").str.slice(0, pl.col("body").str.len_chars() - 1) + tail).cast(pl.Binary),
        etag=pl.col("digest") + "-" + pl.col("seq").cast(pl.String),
    )
    _replace(changed, prepared.spans)
    insert(
        Grading,
        changed.select(
            "seq", "code", "day", "score", "grade", "tier", enterprise_id="enterprise", digest=pl.lit(digest)
        ),
    )
    return len(changed)


def _stored(ids: list[int] | None) -> pl.DataFrame:
    statement = select(Record.enterprise_id.label("enterprise"), Record.etag, Record.expires_on.label("old_expires"))
    if ids is not None:
        statement = statement.where(Record.enterprise_id.in_(ids))
    return frame(statement).with_columns(old_digest=pl.col("etag").str.slice(0, 16)).drop("etag")


def _replace(changed: pl.DataFrame, spans: pl.DataFrame) -> None:
    """The new records and spans instead of the old ones."""
    old = changed.filter(pl.col("old_digest").is_not_null())["enterprise"].to_list()
    for start in range(0, len(old), 500):
        ids = old[start : start + 500]
        db.session.execute(delete(Record).where(Record.enterprise_id.in_(ids)))
        db.session.execute(delete(Span).where(Span.enterprise_id.in_(ids)))
    insert(
        Record,
        changed.select(
            "code", "seq", "expires_on", "etag", "name", "region", "industry", "status", "body",
            enterprise_id="enterprise", graded_on="day",
        ),
    )  # fmt: skip
    kept = spans.join(changed.select("enterprise", "code"), on="enterprise")
    insert(Span, kept.select("code", "since", "until", "grade", enterprise_id="enterprise"))


def _tail(day: pl.Expr, known: pl.Expr, seq: pl.Expr) -> pl.Expr:
    return pl.format(',"graded_on":"{}","data_as_of":"{}","seq":{}}}', day, known, seq)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def public_record(text: str, day: date, as_of: date | None = None) -> Published:
    """The public record of a code (18 or 9 characters) for a reader on `day`.

    A stored record that is stale on the reader's day is graded anew, whatever job did not run.
    `as_of` asks for a past day: computed from what may be shown on `day`.
    """
    if as_of is None or as_of == day:
        row = reader().one(LOOK_UP, code=text)
        if row is not None and _day(row[2]) > day:
            return Published(bytes(row[0]), row[1], _day(row[2]))
    enterprise_id = enterprises.find(text)
    return _made(enterprise_id, day, as_of or day)


def _made(enterprise_id: int, day: date, as_of: date) -> Published:
    law = load_policy()
    if not law.first_day <= as_of <= day:
        raise BeforeRegister(f"Ask for a day from {law.first_day} to {day}.", first_day=str(law.first_day))
    if as_of < day:
        prepared = prepare([enterprise_id], law, as_of, shown_on=day)
        if prepared.records.is_empty():
            raise UnknownEnterprise(f"The enterprise was not yet registered on {as_of}.")
    else:
        row = reader().one("SELECT body, etag, expires_on FROM record WHERE enterprise_id = :id", id=enterprise_id)
        if row is not None and _day(row[2]) > day:
            return Published(bytes(row[0]), row[1], _day(row[2]))
        prepared = prepare([enterprise_id], law, day)
    (record,) = prepared.records.iter_rows(named=True)
    digest = hashlib.blake2b(record["body"].encode(), digest_size=8).hexdigest()
    seq, known = _last_known(enterprise_id)
    tail = f',"graded_on":"{as_of}","data_as_of":"{known}","seq":{seq}}}'
    body = record["body"][:-1] + tail
    return Published(body.encode(), f"{digest}-{seq}-{as_of:%Y%m%d}", record["expires_on"])


def _last_known(enterprise_id: int) -> tuple[int, str]:
    """The number of the stored record, and when it became known."""
    latest = db.session.scalar(select(Record.seq).where(Record.enterprise_id == enterprise_id))
    latest = latest or db.session.scalar(
        select(db.func.max(EnterpriseVersion.seq)).where(EnterpriseVersion.enterprise_id == enterprise_id)
    )
    known = db.session.scalar(
        select(ChangeRow.recorded_at).where(ChangeRow.last_seq >= latest).order_by(ChangeRow.last_seq).limit(1)
    )
    return int(latest or 0), _text(instant(known)) if known else ""


def grade_history(text: str, day: date, as_of: date | None = None) -> list[dict[str, Any]]:
    """Spans of grade up to `as_of` (or `day`), latest first, from the facts that may be shown on `day`."""
    law = load_policy()
    known = load([enterprises.find(text)], law, day)
    rows = history(known, law, day).filter(pl.col("since") <= (as_of or day)).sort("since", descending=True)
    return [
        {"since": row["since"].isoformat(), "until": row["until"] and row["until"].isoformat(), "grade": row["grade"]}
        for row in rows.iter_rows(named=True)
    ]


def as_dict(published: Published) -> dict[str, Any]:
    """The record as Python values."""
    record: dict[str, Any] = orjson.loads(published.body)
    return record


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
