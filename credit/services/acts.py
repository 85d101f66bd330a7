"""Who took which change number, and when: the acts behind facts, for staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, column, func, select, values
from sqlalchemy.orm import aliased

from credit.db import ChangeRow, db, instant
from credit.models import ApiKey, Officer
from credit.services.publication import instant_text


class Act(NamedTuple):
    """One act: its instant as text, the actor, and the name of the officer or the label of the key."""

    at: str
    actor: str
    who: str


def acts_of(seqs: Sequence[int]) -> dict[int, Act]:
    """The act that took each of these change numbers."""
    if not seqs:
        return {}
    asked = values(column("seq", BigInteger), name="asked").data([(seq,) for seq in sorted(set(seqs))]).cte()
    later = aliased(ChangeRow)
    holder = select(func.min(later.last_seq)).where(later.last_seq >= asked.c.seq).correlate(asked).scalar_subquery()
    rows = db.session.execute(
        select(asked.c.seq, ChangeRow.recorded_at, ChangeRow.actor).join(ChangeRow, ChangeRow.last_seq == holder)
    ).all()
    names = _names({row.actor for row in rows})
    return {
        row.seq: Act(instant_text(instant(row.recorded_at)), row.actor, names.get(row.actor, row.actor)) for row in rows
    }


def _names(actors: set[str]) -> dict[str, str]:
    """Names of officers and labels of keys by how the changes name them: officer:5, key:3."""
    found: dict[str, str] = {}
    sources: tuple[tuple[str, Any, Any], ...] = (
        ("officer", Officer.id, Officer.name),
        ("key", ApiKey.id, ApiKey.label),
    )
    for word, number, name in sources:
        ids = [int(actor.partition(":")[2]) for actor in actors if actor.startswith(f"{word}:")]
        if ids:
            held = db.session.execute(select(number, name).where(number.in_(ids)))
            found |= {f"{word}:{one}": told or f"{word}:{one}" for one, told in held}
    return found
