"""What the doors share about a batch: it is received from the spool and worked on, here or in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, g, stream_with_context

from credit import reader, spool
from credit.clock import today
from credit.db import db, transaction
from credit.errors import BatchGone, InvalidInput
from credit.services.batches import reception, results, store, work
from credit.services.batches.store import Sender, Sent
from credit.services.chunks import JSON_LINES, PARQUET, WORKBOOKS

SUFFIXES = (*WORKBOOKS, *JSON_LINES, *PARQUET, ".csv", ".tsv", ".txt")
DECLARED = ("served_on", "publication_notice_on", "repair_notice_on", "proceedings")


def options_of(asked: dict[str, Any]) -> dict[str, Any]:
    """How a batch is to be read, from a door's parameters, as it is kept."""
    declared = {name: asked[name] for name in DECLARED if asked.get(name) is not None}
    days = {name: value if isinstance(value, bool) else value.isoformat() for name, value in declared.items()}
    plain = {"kind": asked.get("kind"), "strict": asked.get("strict", False), "dry_run": asked.get("dry_run", False)}
    return plain | {"declared": days}


def sender() -> Sender:
    """Who acts in this request, and for which department."""
    return Sender(g.department_id, g.bearer.actor)


def opened(sent: Sent, key: str | None) -> Any:
    """The batch that is sent, its upload kept for whoever works on it, until it is done."""
    most = int(current_app.config["CREDIT_BATCH_ROWS"])
    batch = reception.receive(sender(), sent, key, today(), partial(begin, sender(), None), most)
    if batch.state in store.OPEN:
        spool.keep(sent.path, batch.id, batch.format)
    return batch


def receive(sent: Sent, key: str | None) -> Any:
    """The batch that the signed-in department sends, worked on as long as a request may take."""
    batch = opened(sent, key)
    if batch.state not in store.OPEN:
        return batch
    # Of two who send the same at once each reads a file of its own: the other's may be gone any moment.
    path = sent.path if sent.path.exists() else spool.of(batch.id, batch.format)
    done = worked(sender(), batch.id, path, _patience())
    if done.state not in store.OPEN:
        spool.drop(done.id, done.format)
    return done


def go_on(number: int) -> Any:
    """Work on a department's own batch from its upload, as long as a request may take.

    Raises UnknownBatch, and BatchGone where the upload is no longer here.
    """
    found = waiting(number)
    if found.state not in store.OPEN:
        return found
    return worked(sender(), number, spool.of(number, found.format), _patience())


def waiting(number: int) -> Any:
    """A department's own batch; raises BatchGone where its rows aren't all worked and its upload is gone."""
    found = store.find(number, g.department_id)
    if found.state == "recording" and not spool.of(number, found.format).exists():
        told = "Its file waits here no more: send the batch again with the same Idempotency-Key."
        raise BatchGone(told, zh="原文件已不在本机：请重新发送同一文件（接口请用同一幂等键）")
    return found


def in_background(number: int) -> Thread:
    """Work on a batch until it is done while the request is answered. Killed, it is gone on with like any other."""
    found, who = waiting(number), sender()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    path = spool.of(number, found.format)

    def run() -> None:
        with app.app_context():
            try:
                worked(who, number, path, lambda: False)
            finally:
                db.session.remove()
                reader.close()

    thread = Thread(target=run, name=f"batch-{number}", daemon=True)
    thread.start()
    return thread


def worked(who: Sender, number: int, path: Path, until: Callable[[], bool]) -> Any:
    """The batch after some work. The upload of a trial stays: it may be confirmed."""
    batch = work.run(number, path, today(), partial(begin, who, number), until=until)
    if batch.state not in store.OPEN and not batch.options.get("dry_run"):
        spool.drop(number, batch.format)
    return batch


def _patience() -> Callable[[], bool]:
    end = monotonic() + int(current_app.config["CREDIT_BATCH_SECONDS"])
    return lambda: monotonic() > end


def begin(who: Sender, number: int | None) -> Any:
    """A transaction of a batch."""
    about = {} if number is None else {"batch": number}
    return transaction("batch", who.actor, on_behalf=f"department:{who.department_id}", about=about)


def suffix_of(name: str) -> str:
    """The format that a file's name tells; gzip is seen in the file itself. Raises InvalidInput."""
    plain = name.lower().removesuffix(".gz")
    found = next((suffix for suffix in SUFFIXES if plain.endswith(suffix)), None)
    if found is None:
        told = f"The file's name must end with one of {', '.join(SUFFIXES)}."
        raise InvalidInput(told, zh="请发送 JSONL、CSV、XLSX 或 Parquet 文件", errors={"file": [told]})
    return found


def results_file(found: Any, wanted: str | None) -> Response:
    """The results of a batch as a file to download, in the family of what was sent."""
    as_json = wanted == "jsonl" or (wanted is None and found.format in JSON_LINES + PARQUET)
    rows = results.as_json_lines(found.id) if as_json else results.as_csv(found.id)
    kind, suffix = ("application/x-ndjson", "jsonl") if as_json else ("text/csv; charset=utf-8", "csv")
    answer = Response(stream_with_context(rows), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="batch-{found.id}.{suffix}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
