"""The garbage collector at rest while many rows are alive: it would look at each of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_resting = 0


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Until the last of those who asked for it has ended. Rows hold no cycles: they go without the collector."""
    global _resting
    with _lock:
        _resting += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if not _resting:
                gc.enable()
