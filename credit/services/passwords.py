"""Passwords: kept as Argon2id digests, compared slowly on purpose."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST
from flask import current_app

from credit.errors import InvalidInput
from credit.rules.passwords import folded, weakness

# Signs that nobody takes for others when they are read aloud or copied from paper.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def digest_of(password: str, login: str) -> str:
    """How a password is kept. Raises InvalidInput, which says why, for one that is easy to guess."""
    weak = weakness(password, login)
    if weak is not None:
        raise InvalidInput(weak.en, zh=weak.zh, errors={"password": [weak.en]}, errors_zh={"password": [weak.zh]})
    return _hasher(current_app.config["CREDIT_ENV"]).hash(folded(password))


def matches(digest: str | None, password: str) -> bool:
    """Whether this is the password. Without a digest the answer, no, takes as long."""
    hasher = _hasher(current_app.config["CREDIT_ENV"])
    try:
        hasher.verify(digest or _of_nobody(current_app.config["CREDIT_ENV"]), folded(password))
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


def first_password() -> str:
    """A password to be told once and changed at the first sign-in: 79 random bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))


@cache
def _hasher(environment: str) -> PasswordHasher:
    """19 MiB and two passes (OWASP); tests, which sign in by the hundred, take no such pains."""
    if environment == "test":
        return PasswordHasher.from_parameters(CHEAPEST)
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _of_nobody(environment: str) -> str:
    return _hasher(environment).hash(secrets.token_urlsafe())
