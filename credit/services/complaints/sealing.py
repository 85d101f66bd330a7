"""Sealing: what a sender says is encrypted (JWE, A256GCM) by a key that is a file of this machine, never a row.

Keys lie beside those that sign, one file a key; the newest seals, every one opens what it sealed. Rotation makes a new
one. The telephone's digest is keyed, so that nobody tries all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson
from joserfc import jwe
from joserfc.jwk import OctKey

from credit.errors import NotReady
from credit.services.signing import folder

HEAD = {"alg": "dir", "enc": "A256GCM"}
PREFIX, PEPPER = "sealing-", "sealing.pepper"


def rotate() -> str:
    """A new key, which seals from now on. Returns its kid."""
    key = OctKey.generate_key(256)
    number = 1 + max((int(path.name.split("-")[1]) for path in _files()), default=0)
    kid = f"{PREFIX}{number:04d}-{key.thumbprint()[:16]}"
    _keep(folder() / f"{kid}.key", orjson.dumps(key.as_dict(private=True)))
    return kid


def seal(plain: bytes) -> tuple[str, str]:
    """The kid and the sealed text; a first key is made where there is none."""
    files = _files()
    kid = files[-1].stem if files else rotate()
    return kid, jwe.encrypt_compact(HEAD | {"kid": kid}, plain, _key(kid))


def unseal(kid: str, body: str) -> bytes:
    """What was sealed. Raises NotReady where the key isn't on this machine."""
    return jwe.decrypt_compact(body, _key(kid)).plaintext or b""


def seal_words(words: dict[str, Any]) -> tuple[str, str]:
    """As `seal`, a document."""
    return seal(orjson.dumps(words))


def unseal_words(kid: str, body: str) -> dict[str, Any]:
    """As `unseal`, a document."""
    found: dict[str, Any] = orjson.loads(unseal(kid, body))
    return found


def person(phone: str) -> str:
    """A keyed digest of a telephone number, however it was typed: by it the same sender is known again."""
    path = folder() / PEPPER
    if not path.exists():
        _keep(path, os.urandom(32))
    digits = "".join(sign for sign in phone if sign.isdecimal()).removeprefix("86")
    return hmac.new(path.read_bytes(), digits.encode(), hashlib.sha256).hexdigest()


def _files() -> list[Path]:
    return sorted(folder().glob(f"{PREFIX}*.key"))


def _key(kid: str) -> OctKey:
    path = folder() / f"{kid}.key"
    if not path.is_file():
        raise NotReady(
            "The key that opens this isn't on this machine.", zh="本机没有开启该密封内容的密钥"
        )
    return OctKey.import_key(orjson.loads(path.read_bytes()))


def _keep(path: Path, body: bytes) -> None:
    """A file that appears whole or not at all; of two processes the first one's stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
