"""What a receipt proves: its body is the one that was signed, by a key of the register that stood then. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
FACTS = ("id", "digest", "seq", "as_of", "policy", "made_at", "refers_to", "site")


class Checked(NamedTuple):
    """Whether a receipt is good, in both languages why, and what was signed (null where nothing can be believed)."""

    good: bool
    word: str
    zh: str
    en: str
    facts: dict[str, Any] | None = None


def canonical(body: Any) -> bytes:
    """A body as the bytes that are digested: JSON with sorted keys, no blanks, days as text."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)


def digest_of(body: Any) -> str:
    """SHA-256 of a body."""
    return hashlib.sha256(canonical(body)).hexdigest()


def signed(facts: Mapping[str, Any], private: Mapping[str, str], kid: str) -> str:
    """The facts of a receipt as a compact JWS (RFC 7515, RFC 9864)."""
    key = OKPKey.import_key(dict(private))
    return jws.serialize_compact({"alg": ALGORITHM, "kid": kid}, canonical(dict(facts)), key, algorithms=[ALGORITHM])


def check(receipt: Mapping[str, Any], keys: Mapping[str, Any]) -> Checked:
    """Check a receipt {signature, body?, id?} against a key set {keys: [jwk]} as /.well-known/jwks.json tells it."""
    found = opened(str(receipt.get("signature") or ""), keys, FACTS)
    if found.facts is None:
        return found
    if receipt.get("id", found.facts["id"]) != found.facts["id"]:
        told = "the number is another one than was signed"
        return Checked(False, "other_receipt", "编号与签名不符", told, found.facts)
    if any(canonical(receipt[name]) != canonical(found.facts[name]) for name in FACTS if name in receipt):
        told = "it says something else than was signed"
        return Checked(False, "altered", "内容与签名不符：内容被改动", told, found.facts)
    if "body" in receipt and digest_of(receipt["body"]) != found.facts["digest"]:
        told = "the body is not the one that was signed"
        return Checked(False, "altered", "内容与签名不符：内容被改动", told, found.facts)
    return found


def opened(token: str, keys: Mapping[str, Any], names: Collection[str]) -> Checked:
    """What was signed, if by a key of the set that stands, and if it says all of `names`: else it is something else."""
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return Checked(False, "unreadable", "签名无法识别：凭证不完整", "the signature can't be read: it is cut off")
    key = next((one for one in keys.get("keys", ()) if one.get("kid") == kid), None)
    if key is None:
        return Checked(False, "unknown_key", "不是本登记系统的密钥签名", "signed by none of this register's keys")
    try:
        public = OKPKey.import_key({name: key[name] for name in ("kty", "crv", "x")})
        facts = orjson.loads(jws.deserialize_compact(token, public, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError, KeyError):
        return Checked(False, "wrong_signature", "签名不符：凭证被改动", "the signature is wrong: it was altered")
    if set(facts) != set(names):
        return Checked(False, "other_kind", "签名有效，但签的是另一种文件", "this was signed, but as something else")
    if key.get("revoked"):
        return _revoked(facts, key["revoked"])
    return Checked(True, "good", "签名有效，内容未被改动", "the signature is good and nothing was altered", facts)


def _revoked(facts: dict[str, Any], since: str) -> Checked:
    zh, en = f"签名密钥已于{since[:10]}作废", f"the key was revoked on {since[:10]}"
    if datetime.fromisoformat(facts["made_at"]) < datetime.fromisoformat(since):
        zh += "；凭证标注的时间在此之前，请向登记机关核实"
        en += "; the receipt names an earlier time: ask the register"
    return Checked(False, "revoked_key", zh, en, facts)
