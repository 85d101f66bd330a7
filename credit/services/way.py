"""The way of the data: dossier, grading, tier, publication. One function walks it for whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from credit.db import Change, db
from credit.models import Grading, Record
from credit.policy import load_policy
from credit.services.classification import keep_missing
from credit.services.dossiers import all_ids
from credit.services.grading import prepare
from credit.services.publication import publish
from credit.services.related import parents_of

CHUNK = 50_000


def advance(change: Change, ids: Iterable[int], day: date) -> int:
    """Grade these enterprises as of `day` and publish what changed. Returns how many records did.

    Recording an event calls it for one, the daily run for those that are due, a new policy for all.
    A branch takes its parent along, whose record shows the branch's serious facts.
    """
    law = load_policy()
    concerned = list(ids)
    concerned = sorted({*concerned, *parents_of(concerned)})
    return sum(publish(change, prepare(some, law, day), day) for some in _chunks(concerned))


def take_policy(change: Change, day: date) -> int:
    """Bring everything under the policy in force: classify what it has not classified, grade all."""
    keep_missing(load_policy())
    return advance(change, all_ids(), day)


def policy_is_new() -> bool:
    """Whether the last grading was made under another policy than the one in force."""
    last = db.session.scalar(select(Grading.digest).order_by(Grading.seq.desc()).limit(1))
    return last is not None and last != load_policy().digest


def due(day: date) -> list[int]:
    """The enterprises whose record is stale on `day`."""
    return list(db.session.scalars(select(Record.enterprise_id).where(Record.expires_on <= day)))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
