"""Fingerprints of codes, by which a list is asked about a firm without saying which firm. Pure.

A fingerprint is the SHA-256 of a code in its one spelling, as hexadecimal digits. Who asks sends the first few alone
and compares the rest at home: of all codes that could be meant, one in 16**digits begins so.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from credit.identifiers import normalise
from credit.rules.receipts import Checked, canonical, opened

FORMAT = "sha256-prefixes-sorted"
FACTS = ("format", "bytes", "count", "as_of", "seq", "false_positives", "digest", "site")


def fingerprint(code: str) -> str:
    """The fingerprint of a code, however it is spelled: 64 hexadecimal digits."""
    return hashlib.sha256(normalise(code).encode()).hexdigest()


def packed(fingerprints: Iterable[str], width: int) -> bytes:
    """The first `width` bytes of each fingerprint, sorted, each once, one after the other."""
    return b"".join(sorted({bytes.fromhex(one[: 2 * width]) for one in fingerprints}))


def false_positives(count: int, width: int) -> float:
    """The share of codes that are not on the list and yet may be told as perhaps on it."""
    return float(count / 256**width)


def filter_of(fingerprints: Iterable[str], width: int, **known: Any) -> dict[str, Any]:
    """A filter file but for its signature: FACTS, and the packed fingerprints as base64. `known`: as_of, seq, site."""
    body = packed(fingerprints, width)
    count = len(body) // width
    return known | {
        "format": FORMAT, "bytes": width, "count": count, "false_positives": false_positives(count, width),
        "digest": hashlib.sha256(body).hexdigest(), "fingerprints": base64.b64encode(body).decode(),
    }  # fmt: skip


class Filter(NamedTuple):
    """A filter file that was checked."""

    facts: dict[str, Any]
    held: tuple[bytes, ...]

    def may_hold(self, code: str) -> bool:
        """Whether a code may be on the list; False is certain, for the day and state of the filter."""
        wanted = bytes.fromhex(fingerprint(code)[: 2 * self.facts["bytes"]])
        place = bisect_left(self.held, wanted)
        return place < len(self.held) and self.held[place] == wanted


def read_filter(given: Mapping[str, Any], keys: Mapping[str, Any]) -> tuple[Checked, Filter | None]:
    """A filter file, if its signature is good and its content the one that was signed; else why not."""
    checked = opened(str(given.get("signature") or ""), keys, FACTS)
    if not checked.good or checked.facts is None:
        return checked, None
    try:
        body, width = base64.b64decode(given["fingerprints"], validate=True), int(checked.facts["bytes"])
    except (KeyError, TypeError, ValueError):
        return Checked(False, "unreadable", "文件不完整", "the file is cut off"), None
    same = all(canonical(given.get(name)) == canonical(checked.facts[name]) for name in FACTS)
    if not same or hashlib.sha256(body).hexdigest() != checked.facts["digest"]:
        return Checked(False, "altered", "内容与签名不符：内容被改动", "it is not the one that was signed"), None
    return checked, Filter(checked.facts, tuple(body[at : at + width] for at in range(0, len(body), width)))
