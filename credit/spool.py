"""Where uploads wait: written to disk as they come in, never held in memory; gone when their batch is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from typing import IO

from flask import current_app

from credit.clock import now
from credit.config import INSTANCE
from credit.errors import FileRefused

BLOCK = 2**20
KEPT = timedelta(days=7)


def folder() -> Path:
    """The folder of uploads, readable by its owner alone."""
    given = current_app.config["CREDIT_SPOOL"]
    place = Path(given) if given else INSTANCE / "spool"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@contextmanager
def spooled(stream: IO[bytes], suffix: str, announced: int | None = None) -> Iterator[Path]:
    """What a stream holds as a file. It is gone afterwards, unless `keep` gave it to a batch.

    `announced`: how many bytes the sender said. The server ends a stream where the connection ends,
    so only that tells a broken upload from a whole one. Raises FileRefused.
    """
    _sweep()
    waiting = folder() / f"upload-{token_hex(8)}"
    waiting.mkdir(mode=0o700)
    path = waiting / f"batch{suffix}"
    try:
        with path.open("wb") as file:
            file.writelines(_blocks(stream))
            came = file.tell()
        if announced is not None and came != announced:
            raise _cut_off(f"{came:,} of {announced:,} bytes came")
        yield path
    finally:
        rmtree(waiting, ignore_errors=True)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while block := stream.read(BLOCK):
            yield block
    except OSError as problem:  # a chunk without its end, a connection that was reset
        raise _cut_off("the connection ended") from problem


def _cut_off(came: str) -> FileRefused:
    return FileRefused(f"The upload broke off: {came}. Send it again.", zh="上传中断，文件不完整，请重新上传")


def keep(path: Path, batch: int, suffix: str) -> None:
    """The upload as the file of a batch, so that whoever resumes the batch finds it."""
    kept = of(batch, suffix)
    if not kept.exists():
        path.replace(kept)


def of(batch: int, suffix: str) -> Path:
    """Where the file of a batch waits."""
    return folder() / f"batch-{batch}{suffix}"


def drop(batch: int, suffix: str) -> None:
    """A batch that is done needs its file no more: the results hold its rows."""
    of(batch, suffix).unlink(missing_ok=True)


def _sweep() -> None:
    """Uploads that nobody has come back to for a week are gone: a trial never confirmed, a broken connection."""
    last = (now() - KEPT).timestamp()
    for left in folder().iterdir():
        try:
            if left.stat().st_mtime < last:
                rmtree(left) if left.is_dir() else left.unlink()
        except OSError:  # another process was first
            continue
