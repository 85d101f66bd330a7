"""What the register knows of an enterprise over time: versions, each from a day on, none rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.models import Enterprise, EnterpriseVersion
from credit.services import names

KNOWN = (
    "code", "name", "short_name", "status", "kind", "parent_code", "legacy_id", "representative",
    "address", "region", "industry", "registered_on", "quality_officer", "wants_grade", "accepted_because",
)  # fmt: skip
NAMES = ("name", "short_name")


def versions(enterprise_id: int) -> list[EnterpriseVersion]:
    """What the register knows of an enterprise now, in the order of law."""
    version, later = EnterpriseVersion, aliased(EnterpriseVersion)
    return list(
        db.session.scalars(
            select(version)
            .where(
                version.enterprise_id == enterprise_id,
                ~exists().where(later.replaces == version.seq),
            )
            .order_by(version.valid_from, version.seq)
        )
    )


def latest(enterprise_id: int) -> EnterpriseVersion:
    """The last version of an enterprise in law that the register knows."""
    return versions(enterprise_id)[-1]


def last_status(enterprise_id: int) -> tuple[str, date]:
    """The last status of an enterprise, and the first day from which it has held without a break."""
    history = versions(enterprise_id)
    status, since = history[-1].status, history[-1].valid_from
    for version in reversed(history):
        if version.status != status:
            break
        since = version.valid_from
    return status, since


def status_known(ids: Sequence[int], seq: int) -> dict[int, str]:
    """The last status of each of these enterprises that was known at a change number."""
    columns = ("enterprise_id", "seq", "replaces", "valid_from", "status")
    rows = db.session.execute(
        select(*(getattr(EnterpriseVersion, name) for name in columns))
        .where(EnterpriseVersion.enterprise_id.in_(ids), EnterpriseVersion.seq <= seq)
        .order_by(EnterpriseVersion.valid_from, EnterpriseVersion.seq)
    ).all()
    replaced = {row.replaces for row in rows}
    return {row.enterprise_id: row.status for row in rows if row.seq not in replaced}


def given_out_again(status: Any, since: Any, told_status: Any, registered_on: Any) -> Any:
    """Whether a code on file is told of another firm: a living one, registered after the old one ceased.

    For one enterprise or for columns of them: its last status, the first day from which that one
    has held without a break (what is learnt after the end doesn't move the end), and what is told.
    """
    ceased, lives = status == "deregistered", told_status == "living"
    return ceased & lives & (registered_on > since)


def learn(
    change: Change, firm: Enterprise, told: dict[str, Any], valid_from: date | None, day: date
) -> bool:
    """Add what is told to the history, from `valid_from` on. Returns whether it says anything new.

    Without a day it is a change of today. A past day is a fact learnt late: it holds until a
    version on file changed the same thing, so it never undoes a later name or status.
    """
    history = versions(firm.id)
    on = valid_from or max(day, history[-1].valid_from)
    before = [version for version in history if version.valid_from <= on]
    known = _facts(before[-1] if before else history[0])
    wanted = known | told
    if before and wanted == known:
        return False
    exact = before[-1] if valid_from and before and before[-1].valid_from == on else None
    add(change, firm.id, wanted, on, replaces=exact)
    if before:
        _carry_on(change, firm.id, known, wanted, history[len(before) :])
    firm.living = latest(firm.id).status == "living"
    remember(firm.id, [wanted[name] for name in NAMES if wanted[name] != known[name]])
    return True


def _carry_on(
    change: Change,
    enterprise_id: int,
    known: dict[str, Any],
    wanted: dict[str, Any],
    later: list[EnterpriseVersion],
) -> None:
    """Correct the later versions in what they only took over from the one before."""
    learnt = {name for name in KNOWN if wanted[name] != known[name]}
    for version in later:
        facts = _facts(version)
        learnt = {name for name in learnt if facts[name] == known[name]}
        if not learnt:
            return
        add(
            change,
            enterprise_id,
            facts | {name: wanted[name] for name in learnt},
            version.valid_from,
            version,
        )


def _facts(version: EnterpriseVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in KNOWN}


def remember(enterprise_id: int, texts: list[str | None]) -> None:
    """Make these names searchable for this enterprise."""
    rows = {"enterprise_id": [enterprise_id] * len(texts), "text": texts}
    names.remember(pl.DataFrame(rows, schema={"enterprise_id": pl.Int64, "text": pl.String}))


def add(
    change: Change,
    enterprise_id: int,
    known: dict[str, Any],
    valid_from: date,
    replaces: EnterpriseVersion | None = None,
) -> None:
    """One more version, with a number of its own; a correction names the version it replaces."""
    (seq,) = change.take()
    replaced = replaces.seq if replaces else None
    made = EnterpriseVersion(
        seq=seq, enterprise_id=enterprise_id, valid_from=valid_from, replaces=replaced, **known
    )
    db.session.add(made)
    db.session.flush()
