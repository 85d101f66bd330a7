"""The public records of some enterprises at once, judged by the reader's day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import select

from credit.db import db
from credit.models import Record
from credit.services.grading import prepare
from credit.services.policies import eras
from credit.services.reading import among


def records_of(ids: Sequence[int], day: date) -> dict[int, dict[str, Any]]:
    """What may be shown of each of these enterprises on `day`; a stale record is made anew, not stored."""
    columns = (Record.enterprise_id, Record.body, Record.expires_on)
    rows = db.session.execute(select(*columns).where(among(Record.enterprise_id, ids))).all()
    fresh = {row.enterprise_id: orjson.loads(row.body) for row in rows if row.expires_on > day}
    stale = [row.enterprise_id for row in rows if row.expires_on <= day]
    if not stale:
        return fresh
    made = prepare(stale, eras(), day).records.select("enterprise", "body")
    return fresh | {owner: orjson.loads(body) for owner, body in made.iter_rows()}
