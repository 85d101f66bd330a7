"""Which law is in force on a day, as known at a change number: the policy versions of the register.

The first version is the one that the program brings. Each later one was drafted, checked and
enacted by two officers (services/enactment.py). A version holds on the days from `since`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.errors import UnknownPolicy
from credit.models import PolicyAct, PolicyText
from credit.policy import FOLDER, load_policy, policy_texts, read_policy
from credit.rules.law import Law

IN_FORCE = ("adopted", "enacted")
_laws: dict[str, Law] = {}


@dataclass(frozen=True)
class Era:
    """The days [since, until) on which one law is in force; an open end is None.

    `enacted_on`: the day on which it was adopted or enacted; None before anything was entered.
    """

    since: date
    until: date | None
    law: Law
    enacted_on: date | None = None


def eras(seq: int | None = None) -> list[Era]:
    """Every era that was known at a change number (None: now), in the order of time.

    A version takes the place of all before it from its first day in force on.
    """
    begun: list[Era] = []
    for act in _acts(seq):
        since = act.force_on or date.min
        begun = [era for era in begun if era.since < since]
        begun.append(Era(since, None, law_by(act.digest), act.acted_on))
    begun = begun or [Era(date.min, None, load_policy())]
    ends = [era.since for era in begun[1:]] + [None]
    return [replace(era, until=until) for era, until in zip(begun, ends, strict=True)]


def law_on(day: date, seq: int | None = None) -> Law:
    """The law in force on `day`, as known at a change number (None: now)."""
    return law_among(eras(seq), day)


def law_among(found: Sequence[Era], day: date) -> Law:
    """The law of the era that `day` falls into."""
    return next(era.law for era in reversed(found) if era.since <= day)


def law_by(digest: str) -> Law:
    """The policy with this digest. Raises UnknownPolicy."""
    if digest not in _laws:
        _laws[digest] = read_policy(files_of(digest))
    return _laws[digest]


def files_of(digest: str) -> dict[str, str]:
    """The full text of a policy: its files by name. Raises UnknownPolicy."""
    files = db.session.scalar(select(PolicyText.files).where(PolicyText.digest == digest))
    if files is None:
        raise UnknownPolicy(f"No policy {digest}.", zh=f"没有编号为 {digest} 的评价规则")
    return files


def turns() -> list[int]:
    """The change numbers at which it became known which law is or will be in force, rising."""
    return [act.seq for act in _acts(None)]


def adopt(day: date) -> None:
    """Enter the policy that the program brings as the first version, if there is none yet.

    It is known from the beginning: it takes the number 0.
    """
    if db.session.scalar(select(PolicyAct.seq).where(PolicyAct.act.in_(IN_FORCE)).limit(1)) is None:
        law = keep_text(policy_texts(FOLDER))
        _enter(0, law.digest, "adopted", day)


def keep_text(files: dict[str, str]) -> Law:
    """Keep the full text of a policy, once. Raises PolicyError with file, key and what is allowed."""
    law = read_policy(files)
    if db.session.get(PolicyText, law.digest) is None:
        db.session.add(PolicyText(digest=law.digest, name=law.id, files=files))
        db.session.flush()
    return law


def enter(change: Change, digest: str, act: str, day: date, **given: Any) -> int:
    """One act on a policy, with `force_on`, `officer_id`, `fields` as given. Returns its number."""
    (seq,) = change.take()
    _enter(seq, digest, act, day, **given)
    return seq


def _enter(seq: int, digest: str, act: str, day: date, **given: Any) -> None:
    db.session.add(PolicyAct(seq=seq, digest=digest, act=act, acted_on=day, **({"fields": {}} | given)))
    db.session.flush()


def _acts(seq: int | None) -> Sequence[PolicyAct]:
    found = select(PolicyAct).where(PolicyAct.act.in_(IN_FORCE)).order_by(PolicyAct.seq)
    if seq is not None:
        found = found.where(PolicyAct.seq <= seq)
    return db.session.scalars(found).all()
