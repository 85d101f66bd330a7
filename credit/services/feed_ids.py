"""Opaque ids: stable in this installation, and telling nothing of what they stand for."""

from __future__ import annotations

from binascii import hexlify
from functools import lru_cache
from hashlib import blake2b

from flask import current_app

SIZE = 12


class Naming:
    """Gives the ids of one kind of thing: a keyed digest of its number."""

    def __init__(self, kind: str) -> None:
        self._begun = blake2b(f"{kind}:".encode(), key=secret(), digest_size=SIZE)

    def id_of(self, number: int) -> bytes:
        """The id as JSON has it."""
        digest = self._begun.copy()
        digest.update(b"%d" % number)
        return hexlify(digest.digest())


def opaque(kind: str, number: int) -> str:
    """The id under which the public knows an enterprise or a listing."""
    return Naming(kind).id_of(number).decode()


def secret() -> bytes:
    """The key of this installation's ids."""
    return _derived(str(current_app.config["SECRET_KEY"]))


def origin() -> str:
    """Which installation gives the ids: a mirror that sees another one starts anew from 0."""
    return blake2b(b"origin", key=secret(), digest_size=6).hexdigest()


@lru_cache(maxsize=8)
def _derived(key: str) -> bytes:
    return blake2b(key.encode(), person=b"change feed ids", digest_size=32).digest()
