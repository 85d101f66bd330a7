"""Receipts: what an answer was, signed; the digest is public, the body opens with its holder's secret alone."""

from __future__ import annotations

import hmac
import zlib
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any, NamedTuple

import orjson
from sqlalchemy import insert

from credit.db import db, instant
from credit.errors import UnknownReceipt
from credit.models import Receipt
from credit.rules.receipts import canonical, digest_of, signed
from credit.services import keys, signing
from credit.services.publication import instant_text
from credit.services.transparency import heads
from credit.terms import Leaf

Told = dict[str, Any]


class Issued(NamedTuple):
    """A receipt as its holder gets it, once."""

    id: str
    secret: str
    digest: str
    signature: str


def issue(
    connection: Any, body: Told, *, as_of: date, seq: int, policy: str, site: str, now: datetime,
    refers_to: str | None = None, who: str | None = None, root: str | None = None,
) -> Issued:  # fmt: skip
    """Sign an answer and keep it. `refers_to`: the receipt of an earlier check; `root`: the first one of its tender."""
    number, secret, digest = token_urlsafe(16), token_urlsafe(24), digest_of(body)
    kid, private = signing.ready(connection, now)
    facts = {
        "id": number, "digest": digest, "seq": seq, "as_of": as_of, "policy": policy, "made_at": instant_text(now),
        "refers_to": refers_to, "site": site,
    }  # fmt: skip
    signature = signed(facts, private, kid)
    connection.execute(
        insert(Receipt).values(
            id=number, made_at=now, as_of=as_of, seq=seq, policy=policy, digest=digest, signature=signature, kid=kid,
            secret=keys.digest(secret), body=zlib.compress(canonical(body)), refers_to=refers_to, who=who, root=root,
        )
    )  # fmt: skip
    return Issued(number, secret, digest, signature)


def find(number: str) -> Receipt:
    """A receipt on file. Raises UnknownReceipt."""
    found = db.session.get(Receipt, number) if len(number) <= 22 else None
    if found is None:
        raise UnknownReceipt(f"No receipt {number!r} is on file.", zh="没有这个编号的凭证")
    return found


def public(one: Receipt) -> Told:
    """What anybody may know of a receipt, in the shape of schemas.receipts.ReceiptTold."""
    return {
        "id": one.id, "digest": one.digest, "signature": one.signature, "kid": one.kid, "seq": one.seq,
        "as_of": one.as_of, "policy": one.policy, "made_at": instant_text(instant(one.made_at)),
        "refers_to": one.refers_to, "log": heads.evidence(Leaf.RECEIPT, [one.id]).get(one.id),
    }  # fmt: skip


def body(one: Receipt, secret: str) -> Told:
    """What was answered, to who holds the secret. Raises UnknownReceipt."""
    if not hmac.compare_digest(one.secret, keys.digest(secret)):
        raise UnknownReceipt("The secret is another one.", zh="查询码不对")
    told: Told = orjson.loads(zlib.decompress(one.body))
    return told
