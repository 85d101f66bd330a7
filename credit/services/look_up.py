"""Look-up: the public record as prepared, judged by the reader's day; any past day; to staff, as known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import polars as pl
from sqlalchemy import func, select

from credit.db import ChangeRow, db, instant
from credit.errors import UnknownEnterprise
from credit.models import EnterpriseVersion, Grading
from credit.reader import reader
from credit.services import enterprises
from credit.services.dossiers import load
from credit.services.grading import prepare, told_history
from credit.services.known import Known
from credit.services.policies import eras, law_among
from credit.services.publication import content_digest, finished, instant_text

LOOK_UP = """
SELECT body, etag, expires_on FROM record WHERE code = :code ORDER BY enterprise_id DESC LIMIT 1
"""
Hidden = Callable[[int], frozenset[int]]
BY_ID = "SELECT body, etag, expires_on FROM record WHERE enterprise_id = :id"


def nothing(_enterprise_id: int) -> frozenset[int]:
    """Nothing is hidden from this reader."""
    return frozenset()


@dataclass(frozen=True)
class Published:
    """A record ready to send: JSON bytes, its ETag, and the first day on which it is stale."""

    body: bytes
    etag: str
    expires_on: date

    def as_dict(self) -> dict[str, Any]:
        """The record as Python values."""
        record: dict[str, Any] = orjson.loads(self.body)
        return record


def public_record(text: str, day: date, as_of: date | None = None) -> Published:
    """The public record of a code (18 or 9 characters) for a reader on `day`.

    A stored record that is stale on the reader's day is graded anew, whatever job did not run.
    `as_of` asks for a past day: that of the firm which bore the code then, computed from what may
    be shown on `day`.
    """
    today = as_of is None or as_of == day
    if today and text.isprintable():
        row = reader().one(LOOK_UP, code=text)
        if row is not None and _day(row[2]) > day:
            return Published(bytes(row[0]), row[1], _day(row[2]))
    enterprise_id = enterprises.find(text)
    if not today:
        enterprise_id = enterprises.bearer_on(enterprise_id, as_of or day)
    row = reader().one(BY_ID, id=enterprise_id) if today else None
    if row is not None and _day(row[2]) > day:
        return Published(bytes(row[0]), row[1], _day(row[2]))
    return _made(enterprise_id, as_of or day, day, None)


def staff_record(text: str, as_of: date, seq: int, day: date, hidden: Hidden = nothing) -> Published:
    """What was true in law on the day `as_of`, as the register knew it at a change number.

    Byte by byte what was answered then, whatever was corrected, repaired or enacted since.
    `day` is the last day that may be asked for: that of the change number. `hidden` tells of an
    enterprise what this reader may not see.
    """
    enterprise_id = enterprises.bearer_on(enterprises.find_known(text, seq), as_of, seq)
    return _made(enterprise_id, as_of, day, seq, hidden(enterprise_id))


def _made(
    enterprise_id: int, as_of: date, day: date, seq: int | None, hidden: frozenset[int] = frozenset()
) -> Published:
    """A record computed now: of `as_of` as may be shown on `day`, or to staff as known at `seq`."""
    found = eras(seq)
    law_among(found, as_of).check_asked(as_of, day)
    shown_on = day if as_of < day and seq is None else None
    prepared = prepare([enterprise_id], found, as_of, shown_on, Known(seq, hidden=hidden))
    if prepared.records.is_empty():
        raise _unregistered(as_of)
    (record,) = prepared.records.iter_rows(named=True)
    content, last = content_digest(record["body"]), _last_grading(enterprise_id, seq)
    if last is not None and last.content == content and last.day <= as_of and not shown_on:
        graded_on, number, etag = last.day, last.seq, f"{content}-{last.seq}"
    else:
        number = last.seq if last is not None else _last_version(enterprise_id)
        graded_on, etag = as_of, f"{content}-{number}-{as_of:%Y%m%d}"
    body = finished(record["body"], graded_on, _known_at(number), number)
    return Published(body.encode(), etag, record["expires_on"])


def _unregistered(day: date) -> UnknownEnterprise:
    return UnknownEnterprise(f"The enterprise was not yet registered on {day}.", zh=f"该企业在{day}尚未登记")


def _last_grading(enterprise_id: int, seq: int | None) -> Any:
    """seq, day and content of the grading that was published last, as known at a change number."""
    found = select(Grading.seq, Grading.day, Grading.content).where(Grading.enterprise_id == enterprise_id)
    if seq is not None:
        found = found.where(Grading.seq <= seq)
    return db.session.execute(found.order_by(Grading.seq.desc()).limit(1)).first()


def _last_version(enterprise_id: int) -> int:
    owner = EnterpriseVersion.enterprise_id
    return int(db.session.scalar(select(func.max(EnterpriseVersion.seq)).where(owner == enterprise_id)) or 0)


def _known_at(seq: int) -> str:
    """The instant at which a change number became known."""
    later = select(ChangeRow.recorded_at).where(ChangeRow.last_seq >= seq)
    found = db.session.scalar(later.order_by(ChangeRow.last_seq).limit(1))
    return instant_text(instant(found)) if found else ""


def grade_history(text: str, day: date, as_of: date | None = None) -> list[dict[str, Any]]:
    """Spans of grade as of a day, latest first and open, from the facts that may be shown on `day`."""
    asked = as_of or day
    return _history(enterprises.bearer_on(enterprises.find(text), asked), asked, day, None)


def staff_history(text: str, as_of: date, seq: int, day: date, hidden: Hidden = nothing) -> list[dict[str, Any]]:
    """Spans of grade up to the day `as_of`, as the register knew them at a change number."""
    enterprise_id = enterprises.bearer_on(enterprises.find_known(text, seq), as_of, seq)
    return _history(enterprise_id, as_of, day, seq, hidden(enterprise_id))


def _history(
    enterprise_id: int, last: date, day: date, seq: int | None, hidden: frozenset[int] = frozenset()
) -> list[dict[str, Any]]:
    found, known = eras(seq), Known(seq, hidden=hidden)
    law = law_among(found, last if seq is not None else day)
    law.check_asked(last, day)
    shown_on = day if seq is None else last
    dossiers = load([enterprise_id], law, known, others=[era.law for era in found])
    past = told_history(dossiers, law, found, shown_on)
    begun = past.filter(pl.col("since") <= last).sort("since", descending=True)
    if begun.is_empty():
        raise _unregistered(last)
    return told_spans(begun.with_columns(until=pl.when(pl.col("until") <= last).then("until")))


def told_spans(spans: pl.DataFrame) -> list[dict[str, Any]]:
    """Spans of grade (since, until, grade) as the doors tell them: days as text, an open end null."""
    return [
        {
            "since": row["since"].isoformat(),
            "until": row["until"] and row["until"].isoformat(),
            "grade": row["grade"],
        }
        for row in spans.iter_rows(named=True)
    ]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
