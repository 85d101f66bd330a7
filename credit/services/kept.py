"""What is on file already: the first versions of events by their identity, set-wise, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import select, text

from credit.db import db, is_sqlite
from credit.models import Event, EventLink
from credit.services.event_rows import COLUMNS, IDENTITY, Row, shown
from credit.services.reading import among

# An event is one for (department, kind, document_no, code, source_ref): looked up by the unique index.
SAME = """
SELECT e.code, e.document_no, e.kind, e.source_ref, e.seq, e.event_id, e.content_digest
FROM {wanted} CROSS JOIN event e
WHERE e.code = w.code AND e.document_no = w.document_no AND e.kind = w.kind
AND e.department_id = :department AND e.source_ref = w.source_ref AND e.replaces IS NULL
"""
JSON_ROWS = """(SELECT value ->> 0 AS code, value ->> 1 AS document_no, value ->> 2 AS kind, value ->> 3 AS source_ref
FROM json_each(:rows)) w"""
ARRAYS = """unnest(CAST(:code AS text[]), CAST(:document_no AS text[]), CAST(:kind AS text[]),
CAST(:source_ref AS text[])) AS w (code, document_no, kind, source_ref)"""


def kept(rows: Sequence[Row], department_id: int) -> dict[tuple[str, ...], Row]:
    """seq, event_id and content_digest of those of a department that are on file, by their identity."""
    wanted = list(dict.fromkeys(tuple(row[name] for name in IDENTITY) for row in rows))
    if not wanted:
        return {}
    values: dict[str, Any] = {"department": department_id}
    if is_sqlite():
        sql = SAME.format(wanted=JSON_ROWS)
        values["rows"] = orjson.dumps(wanted).decode()
    else:
        sql = SAME.format(wanted=ARRAYS)
        values |= {name: list(column) for name, column in zip(IDENTITY, zip(*wanted, strict=True), strict=True)}
    found = db.session.execute(text(sql), values)
    return {
        (row.code, row.document_no, row.kind, row.source_ref): {
            "seq": row.seq, "event_id": row.event_id, "content_digest": row.content_digest,
        }
        for row in found
    }  # fmt: skip


def contents(seqs: Sequence[int]) -> dict[int, tuple[int, Row]]:
    """By the number of an event version its event's id, and what its department may see of it."""
    if not seqs:
        return {}
    related: dict[int, list[str]] = defaultdict(list)
    links = select(EventLink.seq, EventLink.document_no).where(among(EventLink.seq, seqs))
    for seq, document_no in db.session.execute(links.order_by(EventLink.document_no)):
        related[seq].append(document_no)
    events = db.session.scalars(select(Event).where(among(Event.seq, seqs)))
    return {
        event.seq: (event.event_id, shown({name: getattr(event, name) for name in COLUMNS}, related[event.seq]))
        for event in events
    }
