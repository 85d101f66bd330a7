"""The way of the data: dossier, grading, tier, publication. One function walks it for whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import exists, select

from credit.db import Change, db
from credit.models import Grading, Record, Standing
from credit.services import feed_listings
from credit.services.classification import keep_missing
from credit.services.dossiers import all_ids
from credit.services.grading import prepare
from credit.services.known import NOW, Known
from credit.services.policies import Era, adopt, eras, law_among, law_on
from credit.services.publication import publish
from credit.services.regrading import moved_among
from credit.services.related import parents_of
from credit.services.text_checks import keep_missing as keep_missing_texts

CHUNK = 50_000


def advance(change: Change, ids: Iterable[int], day: date, known: Known = NOW) -> int:
    """Grade these enterprises as of `day` and publish what changed. Returns how many records did.

    Recording an event calls it for one, the daily run for those that are due, a new policy for all.
    A branch takes its parent along, whose record shows the branch's serious facts.
    """
    adopt(day)
    concerned = list(ids)
    concerned = sorted({*concerned, *parents_of(concerned)})
    found = eras()
    _classify_ahead(found, concerned, day)
    changed = sum(
        publish(change, prepare(some, found, day, known=known), day) for some in _chunks(concerned)
    )
    feed_listings.follow(change, concerned, law_among(found, day), day)
    return changed


def daily(change: Change, day: date) -> tuple[int, int]:
    """Grade anew whoever is due on `day`. Returns how many were, and how many records changed.

    On the first day of a new policy that is everyone.
    """
    ids = due(day)
    changed = advance(change, ids, day)
    feed_listings.mix(change)
    return len(ids), changed


def _classify_ahead(found: list[Era], ids: list[int], day: date) -> None:
    """Classify events under each law to come too, so that its first day needs no job."""
    laws = [era.law for era in found if era.until is None or era.until > day]
    for law in laws if len(laws) > 1 else ():
        keep_missing(law, ids)


def regrade(change: Change, day: date) -> int:
    """Grade every enterprise anew. Returns how many records changed.

    The record is made anew of whoever stands otherwise than before, was told of a new fact, or
    is due; all others were graded from the same facts under the same law, and say the same.
    """
    adopt(day)
    law = law_on(day)
    if _last_digest() not in (None, law.digest):
        keep_missing(law)
        keep_missing_texts(change, list(_chunks(all_ids())))
        return advance(change, all_ids(), day)
    moved = moved_among(_chunks(all_ids()), law, day)
    checked = keep_missing_texts(change, list(_chunks(all_ids())))
    shown = advance(change, checked, day) if checked else 0
    left = sorted(set(moved).difference(checked)) if checked else moved
    return shown + advance(change, left, day, Known(committed=True))


def policy_is_new(day: date) -> bool:
    """Whether the last grading was made under another law than that of `day`, or by an older release.

    The program's own policy files have no say in it: law doesn't change by deployment.
    """
    last = _last_digest()
    unstood = select(Record.enterprise_id).where(
        ~exists().where(Standing.enterprise_id == Record.enterprise_id)
    )
    older = db.session.scalar(unstood.limit(1)) is not None
    return last is not None and (last != law_on(day).digest or older)


def _last_digest() -> str | None:
    return db.session.scalar(select(Grading.digest).order_by(Grading.seq.desc()).limit(1))


def due(day: date) -> list[int]:
    """The enterprises whose record is stale on `day`."""
    return list(db.session.scalars(select(Record.enterprise_id).where(Record.expires_on <= day)))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
