"""Facts of the whole register as Parquet, bucket by bucket, as known at one change number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import select

from credit.db import Register, db
from credit.models import Enterprise, PolicyText
from credit.policy import FOLDER, policy_texts
from credit.rules.dossier import Facts
from credit.rules.law import Law
from credit.services.dossiers import load
from credit.services.known import Known
from credit.services.policies import Era, eras
from credit.services.reading import frame
from credit.spark import folder

# So many enterprises in one bucket: what one export step, and one task of Spark, holds in memory.
IN_BUCKET = 20_000


def export(
    to: Path, day: date, buckets: int | None = None, progress: Callable[[int], None] = lambda _: None
) -> folder.Exported:
    """Write what grading reads of every enterprise, classified by the policy in force on `day`.

    Memory holds one bucket at a time. What is recorded meanwhile stays out: rows are read up to
    the change number with which the export began. `progress` is told the buckets that are
    written. Raises FileRefused if the folder holds something.
    """
    folder.new_folder(to)
    seq = db.session.scalar(select(Register.last_seq)) or 0
    era = _era(day, seq)
    firms = _bucketed(buckets)
    count = int(firms["buckets"][0]) if len(firms) else buckets or 1
    held = dict.fromkeys(("enterprises", "firms", "events", "listings"), 0)
    by_bucket = firms.partition_by("bucket", as_dict=True)
    for number in range(count):
        ids = by_bucket.pop((number,), firms.clear())["id"].to_list()
        facts = facts_known(ids, era.law, seq)
        folder.keep_bucket(to, number, facts)
        held["enterprises"] += facts.firms["enterprise"].n_unique()
        held["firms"] += len(facts.firms)
        held["events"] += len(facts.events)
        held["listings"] += len(facts.listings)
        progress(number + 1)
    folder.keep_policy(to, _texts(era.law))
    manifest = folder.Exported(
        seq=seq,
        day=day,
        since=max(era.since, era.law.first_day),
        last=era.until - timedelta(days=1) if era.until else None,
        digest=era.law.digest,
        buckets=count,
        **held,
    )
    folder.keep_manifest(to, manifest)
    return manifest


def facts_known(ids: Sequence[int], law: Law, seq: int) -> Facts:
    """What was known of these enterprises at a change number, as this law classifies it."""
    return load(ids, law, Known(seq=seq), to_show=False).facts


def _era(day: date, seq: int) -> Era:
    return next(era for era in reversed(eras(seq)) if era.since <= day)


def _bucketed(buckets: int | None) -> pl.DataFrame:
    """Every enterprise with its bucket, in the order of their ids: id, bucket, buckets."""
    firms = frame(select(Enterprise.id, Enterprise.code).order_by(Enterprise.id))
    count = buckets or -(-len(firms) // IN_BUCKET) or 1
    numbers = [folder.bucket_of(code, count) for code in firms["code"]]
    return firms.select("id", bucket=pl.Series(numbers, dtype=pl.Int64), buckets=pl.lit(count))


def _texts(law: Law) -> dict[str, str]:
    """The files of a policy: as enacted, or as the program brings them."""
    kept = db.session.scalar(select(PolicyText.files).where(PolicyText.digest == law.digest))
    return kept or policy_texts(FOLDER)
