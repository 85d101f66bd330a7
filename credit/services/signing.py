"""Keys that sign receipts: the public part in the register for ever, the private part a file of this machine.

A new key retires the one before, which goes on verifying what it signed. A key that was lost or stolen is
revoked: its receipts are told to be doubtful, those of before too, since a thief can write any day.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from flask import current_app
from joserfc.jwk import OKPKey
from sqlalchemy import insert, select, update

from credit.db import db, instant
from credit.errors import InvalidInput
from credit.models import SigningKey
from credit.services.publication import instant_text

Key = dict[str, str]


def folder() -> Path:
    """Where the private keys are, readable by the register's own user alone."""
    given = current_app.config["CREDIT_KEYS"]
    place = Path(given) if given else Path(current_app.instance_path) / "keys"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def current(connection: Any) -> tuple[str, Key] | None:
    """The newest key that still signs and whose file is here: kid and private key."""
    held = select(SigningKey.kid).where(SigningKey.retired_at.is_(None), SigningKey.revoked_at.is_(None))
    for (kid,) in connection.execute(held.order_by(SigningKey.made_at.desc())):
        file = folder() / f"{kid}.json"
        if file.is_file():
            return kid, orjson.loads(file.read_bytes())
    return None


def ready(connection: Any, now: datetime) -> tuple[str, Key]:
    """The key that signs, kid and private part; a first one is made where there is none."""
    held = current(connection)
    if held is not None:
        return held
    kid = make(connection, now)
    return kid, orjson.loads((folder() / f"{kid}.json").read_bytes())


def make(connection: Any, now: datetime) -> str:
    """A new key, which signs from now on; those before are retired. Returns its kid."""
    key = OKPKey.generate_key("Ed25519")
    kid = key.thumbprint()
    _keep(folder() / f"{kid}.json", orjson.dumps(key.as_dict(private=True)))
    connection.execute(update(SigningKey).where(SigningKey.retired_at.is_(None)).values(retired_at=now))
    public = {name: str(value) for name, value in key.as_dict(private=False).items() if name in ("kty", "crv", "x")}
    connection.execute(insert(SigningKey).values(kid=kid, public=public, made_at=now))
    return kid


def _keep(path: Path, body: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)


def revoke(connection: Any, kid: str, reason: str, now: datetime) -> None:
    """Tell that a key was lost or stolen, and why. Raises InvalidInput for one that isn't on file."""
    told = update(SigningKey).where(SigningKey.kid == kid, SigningKey.revoked_at.is_(None))
    if connection.execute(told.values(revoked_at=now, retired_at=now, reason=reason)).rowcount != 1:
        raise InvalidInput("No such key signs or signed.", zh="没有这个可作废的密钥", errors={"kid": ["Unknown."]})


def key_set() -> dict[str, Any]:
    """Every key with its days, as a JWK set (RFC 7517): public parts alone."""
    rows = db.session.scalars(select(SigningKey).order_by(SigningKey.made_at, SigningKey.kid))
    return {"keys": [_told(one) for one in rows]}


def _told(one: SigningKey) -> dict[str, Any]:
    days = {"made": one.made_at, "retired": one.retired_at, "revoked": one.revoked_at}
    return {
        "kid": one.kid, **one.public, "use": "sig", "alg": "Ed25519",
        **{name: instant_text(instant(day)) for name, day in days.items() if day is not None},
        **({"why": one.reason} if one.reason else {}),
    }  # fmt: skip
