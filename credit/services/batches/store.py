"""The batches on file: opened once for each idempotency key, found again, and told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select

from credit.db import db
from credit.errors import OtherBody, UnknownBatch
from credit.models import Batch
from credit.services.batches.checking import Whole
from credit.services.mappings import Mapping, from_plain

OPEN = ("recording", "grading")
BLOCK = 2**20


@dataclass(frozen=True)
class Sent:
    """What was sent: the file, its name, its format's suffix, and how it is to be read.

    `options`: kind, strict, dry_run, declared (for all rows), as JSON has them.
    """

    path: Path
    name: str
    suffix: str
    options: dict[str, Any] = field(default_factory=dict)
    mapping: Mapping | None = None

    def digest(self) -> str:
        """SHA-256 of the file and of how it is to be read."""
        return digest_of(self.path, self.suffix, self.options, self.mapping.digest if self.mapping else None)


def digest_of(path: Path, suffix: str, options: dict[str, Any], mapping: str | None) -> str:
    """SHA-256 of a file and of how it is to be read."""
    made = hashlib.sha256(orjson.dumps([suffix, options, mapping], option=orjson.OPT_SORT_KEYS))
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            made.update(block)
    return made.hexdigest()


class Sender(NamedTuple):
    """Who sends a batch, and for which department."""

    department_id: int
    actor: str


def known(department_id: int, key: str, digest: str) -> Batch | None:
    """The batch of this department with this key, if there is one. Raises OtherBody where it was another one."""
    found = db.session.scalars(
        select(Batch).where(Batch.department_id == department_id, Batch.idempotency_key == key)
    ).one_or_none()
    if found is not None and found.digest != digest:
        raise OtherBody(
            "This Idempotency-Key was used for another batch: choose a new key for a new batch.",
            zh="该幂等键已用于另一批次，请为新批次使用新的键",
            batch=found.id,
            on_file=found.digest,
            sent=digest,
        )
    return found


def unfinished(department_id: int, digest: str) -> Batch | None:
    """A batch of the same file that was begun and not ended."""
    same = select(Batch).where(Batch.department_id == department_id, Batch.digest == digest)
    return db.session.scalars(same.where(Batch.state.in_(OPEN)).order_by(Batch.id).limit(1)).one_or_none()


def next_key(department_id: int, digest: str) -> str:
    """A key for the same file once more: a command that is given twice is two batches."""
    same = select(func.count()).where(Batch.department_id == department_id, Batch.digest == digest)
    return f"sha256:{digest}-{(db.session.scalar(same) or 0) + 1}"


def confirmed(trial: Batch, path: Path) -> Sent:
    """What was tried, to be kept this time."""
    plain = trial.options.get("mapping")
    options = trial.options["sent"] | {"dry_run": False}
    return Sent(path, trial.file_name, trial.format, options, from_plain(plain) if plain else None)


def check_same(batch: Batch, path: Path) -> None:
    """Raises OtherBody unless this is the file of the batch."""
    digest = digest_of(path, batch.format, batch.options["sent"], batch.options["sent_mapping"])
    if digest != batch.digest:
        raise OtherBody(
            f"This is not the file of batch {batch.id}.", zh="这不是该批次的文件", on_file=batch.digest, sent=digest
        )


def opened(
    who: Sender, key: str, digest: str, sent: Sent, asked: dict[str, Any], whole: Whole, at: datetime, day: date
) -> Batch:
    """The batch with this key: a new one, or the one that somebody opened before. Raises OtherBody.

    `sent` as it was understood, `asked` as it was asked for: what the digest covers.
    """
    found = known(who.department_id, key, digest)
    if found is not None:
        return found
    mapping = sent.mapping.source if sent.mapping else None
    options = sent.options | {"headers": whole.headers, "mapping": mapping} | asked
    counts = dict.fromkeys(("done", "recorded", "on_file", "rejected", "firms", "graded"), 0)
    made = Batch(
        department_id=who.department_id, actor=who.actor, idempotency_key=key, digest=digest,
        file_name=sent.name[:256], format=sent.suffix, options=options,
        received_on=day, received_at=at, state="recording", rows=whole.rows, **counts,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def find(number: int, department_id: int) -> Batch:
    """A department's own batch. Raises UnknownBatch for what isn't there and for another's."""
    found = db.session.get(Batch, number, populate_existing=True)
    if found is None or found.department_id != department_id:
        raise UnknownBatch(f"No batch {number} of this department.", zh=f"本部门没有编号为 {number} 的批次")
    return found


def of_department(department_id: int, limit: int = 50, before: int | None = None) -> Sequence[Batch]:
    """A department's batches, the newest first."""
    found = select(Batch).where(Batch.department_id == department_id).order_by(Batch.id.desc())
    if before is not None:
        found = found.where(Batch.id < before)
    return db.session.scalars(found.limit(limit)).all()
