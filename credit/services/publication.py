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
from credit.errors import UnknownEnterprise
from credit.models import ChangeRow, EnterpriseVersion, Grading, Record, Span
from credit.policy import load_policy
from credit.reader import reader
from credit.services import enterprises
from credit.services.dossiers import load
from credit.services.grading import Prepared, history, prepare
from credit.services.reading import among, frame
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
        digest=pl.Series(
            [
                hashlib.blake2b(body.encode(), digest_size=8).hexdigest()
                for body in prepared.records["body"]
            ],
            dtype=pl.String,
        )
    )
    ids = records["enterprise"].to_list()
    joined = records.join(_stored(ids), on="enterprise", how="left", maintain_order="left")
    same = (pl.col("digest") == pl.col("old_digest")).fill_null(False)
    _foresee(joined.filter(same), prepared.spans, ids, day)
    changed = joined.filter(~same)
    if changed.is_empty():
        return 0
    numbers = change.take(len(changed))
    digest = load_policy().digest
    changed = changed.with_columns(seq=pl.Series(numbers, dtype=pl.Int64), day=pl.lit(day))
    tail = _tail(pl.lit(day.isoformat()), pl.lit(_text(change.recorded_at)), pl.col("seq"))
    changed = changed.with_columns(
        code=pl.col("code"),
        body=(pl.col("body").str.slice(0, pl.col("body").str.len_chars() - 1) + tail).cast(
            pl.Binary
        ),
        etag=pl.col("digest") + "-" + pl.col("seq").cast(pl.String),
    )
    _replace(changed, prepared.spans)
    insert(
        Grading,
        changed.select(
            "seq",
            "code",
            "day",
            "score",
            "grade",
            "tier",
            enterprise_id="enterprise",
            digest=pl.lit(digest),
        ),
    )
    return len(changed)


def _stored(ids: list[int]) -> pl.DataFrame:
    statement = select(
        Record.enterprise_id.label("enterprise"),
        Record.etag,
        Record.expires_on.label("old_expires"),
    ).where(among(Record.enterprise_id, ids))
    return frame(statement).with_columns(old_digest=pl.col("etag").str.slice(0, 16)).drop("etag")


def _foresee(same: pl.DataFrame, spans: pl.DataFrame, ids: list[int], day: date) -> None:
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
    held = frame(select(*columns).where(among(Span.enterprise_id, ids)))
    ahead = held.filter(pl.col("until").is_null() | (pl.col("until") > day)).with_columns(
        since=pl.max_horizontal("since", pl.lit(day))
    )
    both = pl.concat([ahead, spans.select(ahead.columns)])
    other = both.filter(pl.len().over(ahead.columns) == 1).select("enterprise").unique()
    others = same.join(other, on="enterprise", how="semi")
    _forget(Span, others["enterprise"].to_list())
    _keep_spans(spans, others)


def _replace(changed: pl.DataFrame, spans: pl.DataFrame) -> None:
    """The new records and spans instead of the old ones."""
    old = changed.filter(pl.col("old_digest").is_not_null())["enterprise"].to_list()
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


def _forget(model: type[Record] | type[Span], ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        db.session.execute(delete(model).where(model.enterprise_id.in_(ids[start : start + 500])))


def _keep_spans(spans: pl.DataFrame, firms: pl.DataFrame) -> None:
    kept = spans.join(firms.select("enterprise", "code"), on="enterprise")
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
    if (as_of is None or as_of == day) and text.isprintable():
        row = reader().one(LOOK_UP, code=text)
        if row is not None and _day(row[2]) > day:
            return Published(bytes(row[0]), row[1], _day(row[2]))
    enterprise_id = enterprises.find(text)
    return _made(enterprise_id, day, as_of or day)


def _made(enterprise_id: int, day: date, as_of: date) -> Published:
    law = load_policy()
    law.check_asked(as_of, day)
    if as_of < day:
        prepared = prepare([enterprise_id], law, as_of, shown_on=day)
        if prepared.records.is_empty():
            raise UnknownEnterprise(f"The enterprise was not yet registered on {as_of}.")
    else:
        row = reader().one(
            "SELECT body, etag, expires_on FROM record WHERE enterprise_id = :id", id=enterprise_id
        )
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
        select(db.func.max(EnterpriseVersion.seq)).where(
            EnterpriseVersion.enterprise_id == enterprise_id
        )
    )
    known = db.session.scalar(
        select(ChangeRow.recorded_at)
        .where(ChangeRow.last_seq >= latest)
        .order_by(ChangeRow.last_seq)
        .limit(1)
    )
    return int(latest or 0), _text(instant(known)) if known else ""


def grade_history(text: str, day: date, as_of: date | None = None) -> list[dict[str, Any]]:
    """Spans of grade as of a day, latest first and open, from the facts that may be shown on `day`."""
    law, last = load_policy(), as_of or day
    law.check_asked(last, day)
    known = load([enterprises.find(text)], law, day)
    begun = history(known, law, day).filter(pl.col("since") <= last).sort("since", descending=True)
    rows = begun.with_columns(until=pl.when(pl.col("until") <= last).then("until"))
    return [
        {
            "since": row["since"].isoformat(),
            "until": row["until"] and row["until"].isoformat(),
            "grade": row["grade"],
        }
        for row in rows.iter_rows(named=True)
    ]


def as_dict(published: Published) -> dict[str, Any]:
    """The record as Python values."""
    record: dict[str, Any] = orjson.loads(published.body)
    return record


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
