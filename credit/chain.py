"""The audit chain: each entry's digest covers the entry before it, so that no one changes the past unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

GENESIS = "0" * 64
TOLD = (
    "number", "at", "act", "actor", "on_behalf", "request_id", "outcome", "first_seq", "last_seq", "about", "previous",
)  # fmt: skip


def digest_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 over what an entry tells, `previous` (the digest of the entry before it) included.

    `at` is an instant with microseconds. The keys are sorted, so that the order of storage has no say.
    """
    told = {name: entry[name] for name in TOLD} | {"at": _text(entry["at"])}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def _text(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")
