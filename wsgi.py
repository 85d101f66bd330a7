"""Entry point of gunicorn and of the `flask` command."""

from __future__ import annotations

import gc

# What is loaded stays: looking for cycles in it meanwhile costs half a second of each start. Frozen, it isn't looked
# at later either, so that the workers go on sharing its memory.
gc.disable()

from credit import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
