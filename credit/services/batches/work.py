"""The work on a batch in committed steps: rows recorded with their results, then enterprises graded.

The batch's row is the progress and is locked by each step's transaction, so that a killed process
loses only the step it was in, and two that work on one batch at once do each step once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache, partial
from pathlib import Path

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.models import Batch, BatchPart, Record
from credit.services import way
from credit.services.batches import results
from credit.services.batches.collector import collector_at_rest
from credit.services.batches.reasons import of_refusal
from credit.services.batches.rows import Line, Reading
from credit.services.chunks import JSON_LINES, PARQUET, Chunk, read_chunks
from credit.services.intake import record_many
from credit.services.known import Known
from credit.services.mappings import from_plain, is_private
from credit.services.policies import law_on
from credit.services.reading import among
from credit.services.related import parents_of

ROWS = FIRMS = 20_000
Step = Callable[[Change], None]
Begin = Callable[[], AbstractContextManager[Change]]
Progress = Callable[[Batch], None]


def run(
    number: int,
    path: Path,
    day: date,
    begin: Begin,
    progress: Progress = lambda batch: None,
    until: Callable[[], bool] = lambda: False,
) -> Batch:
    """Work on a batch until it is done, or until `until`; each step in a transaction that `begin` opens."""
    with collector_at_rest():
        for step in _steps(number, path, day):
            with begin() as change:
                step(change)
            progress(_now(number))
            if until():
                break
    return _now(number)


def _now(number: int) -> Batch:
    """The batch as it stands, with what others did to it."""
    db.session.rollback()
    return db.session.get_one(Batch, number, populate_existing=True)


def _steps(number: int, path: Path, day: date) -> Iterator[Step]:
    batch = _now(number)
    if batch.state == "recording":
        yield from _recording(batch, path)
    if _now(number).state == "grading":
        ids = touched(number)
        for start in range(_now(number).graded, len(ids), FIRMS):
            yield partial(_grade, number, start, ids, day)


def _recording(batch: Batch, path: Path) -> Iterator[Step]:
    number, options = batch.id, batch.options
    mapping = from_plain(options["mapping"]) if options.get("mapping") else None
    nested = batch.format in JSON_LINES + PARQUET
    reading = Reading(options.get("kind"), options.get("declared") or {}, batch.received_on, nested, mapping)
    chunks = read_chunks(path, batch.format, cache(mapping.is_private if mapping else is_private), ROWS)
    if options.get("strict") or options.get("dry_run"):
        yield partial(_record_at_once, number, chunks, reading)
        return
    first = 0
    for chunk in chunks:
        if first >= _now(number).done:
            yield partial(_record, number, first, reading.lines(chunk))
        first += len(chunk)
    if _now(number).state == "recording":
        yield partial(_close, number)


def _record(number: int, first: int, lines: Sequence[Line], change: Change) -> None:
    """Keep some rows with what became of them; not if somebody else did."""
    batch = _locked(number)
    if batch.state != "recording" or batch.done != first:
        return
    table, ids = _taken(change, batch, lines)
    _keep(batch, [(table, ids)])
    _outdate(ids, batch.received_on)


def _record_at_once(number: int, chunks: Iterator[Chunk], reading: Reading, change: Change) -> None:
    """All rows or none: what is only tried, or refused as a whole, is undone and its results are kept."""
    batch = _locked(number)
    if batch.state != "recording" or batch.done:
        return
    before, attempt = change.last_seq, db.session.begin_nested()
    parts = [_taken(change, batch, reading.lines(chunk)) for chunk in chunks]
    refused = batch.options.get("strict") and any(results.count(table)["rejected"] for table, _ in parts)
    if not refused and not batch.options.get("dry_run"):
        _keep(batch, parts)
        if batch.state == "recording":
            _close(number, change)
        _outdate([number for _, ids in parts for number in ids], batch.received_on)
        return
    attempt.rollback()
    change.last_seq = before
    batch = _locked(number)
    _keep(batch, [(results.as_tried(table), []) for table, _ in parts])
    batch.rows = batch.done
    batch.state = "refused" if refused else "done"


def _taken(change: Change, batch: Batch, lines: Sequence[Line]) -> tuple[pl.DataFrame, list[int]]:
    """Some rows taken in: what became of each, and the enterprises that new events touch."""
    good = {place: line.event for place, line in enumerate(lines) if line.event is not None}
    law = law_on(batch.received_on)
    found = record_many(change, batch.department_id, list(good.values()), law, batch.received_on, batch.id)
    taken = dict(zip(good, found, strict=True))
    for place, one in taken.items():
        if one.refused is not None:
            lines[place].wrong.extend(of_refusal(one.refused))
    touched_ids = {one.enterprise_id for one in found if one.new and one.enterprise_id is not None}
    return results.table_of(lines, taken), sorted(touched_ids)


def _keep(batch: Batch, parts: Sequence[tuple[pl.DataFrame, list[int]]]) -> None:
    """Add results to a batch and count them; after the last row the enterprises are due."""
    for table, ids in parts:
        counts = results.count(table)
        enterprises = array("q", ids).tobytes()
        db.session.add(
            BatchPart(
                batch_id=batch.id, first=batch.done, rows=len(table), results=results.packed(table),
                enterprises=enterprises,
            )
        )  # fmt: skip
        batch.done += len(table)
        batch.recorded += counts["recorded"] + counts["would_record"]
        batch.on_file += counts["on_file"]
        batch.rejected += counts["rejected"]
    db.session.flush()
    if batch.done == batch.rows:
        _end_recording(batch)


def _close(number: int, change: Change) -> None:
    """There were fewer rows than lines: the empty ones are none."""
    batch = _locked(number)
    if batch.state == "recording":
        batch.rows = batch.done
        _end_recording(batch)


def _end_recording(batch: Batch) -> None:
    batch.firms = len(touched(batch.id))
    batch.state = "grading" if batch.firms else "done"


def touched(number: int) -> list[int]:
    """The enterprises that new events of a batch touch, in rising order."""
    found: set[int] = set()
    for kept in db.session.scalars(select(BatchPart.enterprises).where(BatchPart.batch_id == number)):
        found.update(array("q", kept))
    return sorted(found)


def _outdate(ids: Sequence[int], day: date) -> None:
    """From now on these records, and those of parents, are graded anew by whoever reads them."""
    stale = sorted({*ids, *parents_of(ids)}) if ids else []
    if stale:
        due = db.update(Record).where(among(Record.enterprise_id, stale), Record.expires_on > day)
        db.session.execute(due.values(expires_on=day), execution_options={"synchronize_session": False})


def _grade(number: int, start: int, ids: Sequence[int], day: date, change: Change) -> None:
    """Grade and publish some of the enterprises; not if somebody else did."""
    batch = _locked(number)
    if batch.state != "grading" or batch.graded != start:
        return
    some = ids[start : start + FIRMS]
    way.advance(change, some, day, Known(committed=True))
    batch.graded += len(some)
    if batch.graded == batch.firms:
        batch.state = "done"


def _locked(number: int) -> Batch:
    """The batch as it stands under the register's lock: until the end of the transaction nobody else moves it."""
    return db.session.get_one(Batch, number, populate_existing=True)
