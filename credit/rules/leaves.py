"""Leaves of the transparency log: what each is about, salted, and what evidence of one proves. Pure.

A leaf is the hash of {content, salt}. Without the salt nobody can tell what or whom it is about, not even by trying
every enterprise; with both anybody can tell that exactly this was entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credit.rules import merkle
from credit.rules.receipts import Checked, canonical, opened
from credit.terms import Leaf

HEAD = ("size", "root", "made_at", "seq", "site")
LISTING = (
    "code", "list", "ground", "basis", "document_no", "facts", "listed_on", "ends_on", "earliest_removal",
)  # fmt: skip
Told = dict[str, Any]


def leaf_of(content: Mapping[str, Any], salt: str) -> bytes:
    """The hash of a leaf, 32 bytes."""
    return merkle.leaf_hash(canonical({"content": dict(content), "salt": salt}))


def of_receipt(number: str, digest: str, signature: str) -> Told:
    """The content of a receipt's leaf: its signature holds all that the receipt says."""
    return {"kind": str(Leaf.RECEIPT), "id": number, "digest": digest, "signature": signature}


def of_listing(number: int, shown: Mapping[str, Any]) -> Told:
    """The content of the leaf of a publication: what the public reads of the listing, in words that don't change."""
    return {"kind": str(Leaf.LISTING), "number": number} | {name: shown[name] for name in LISTING}


def of_decision(act: Mapping[str, Any]) -> Told:
    """The content of the leaf of any other act on a case of listing."""
    return {"kind": str(Leaf.DECISION), **act}


def of_correction(amendment: Mapping[str, Any]) -> Told:
    """The content of the leaf of a correction, withdrawal or restoration of an event."""
    return {"kind": str(Leaf.CORRECTION), **amendment}


def of_draw(number: int, draw: int, commitment: str) -> Told:
    """The content of the leaf of a draw's commitment: one made again and again shows, even one that was replaced."""
    return {"kind": str(Leaf.DRAW), "number": number, "draw": draw, "commitment": commitment}


def of_audit(number: int, digest: str) -> Told:
    """The content of a leaf that pins the audit's chain: every act of the register up to its entry."""
    return {"kind": str(Leaf.AUDIT), "number": number, "digest": digest}


def check_evidence(evidence: Mapping[str, Any], keys: Mapping[str, Any]) -> Checked:
    """Check evidence {content, salt (or leaf), number, path, head} against a key set. No field of it is believed."""
    head = check_head(evidence.get("head") or {}, keys)
    if not head.good or head.facts is None:
        return head
    try:
        leaf = _leaf(evidence)
        path = [bytes.fromhex(step) for step in evidence["path"]]
        facts, number = head.facts, int(evidence["number"])
        inside = merkle.includes(leaf, number, int(facts["size"]), path, bytes.fromhex(facts["root"]))
    except (KeyError, TypeError, ValueError):
        return Checked(False, "unreadable", "日志证明不完整", "the proof of the log is cut off")
    if not inside:
        told = "the log's head doesn't hold this content at this place: it was altered"
        return Checked(False, "not_in_log", "内容不在日志该位置：内容或证明被改动", told, facts)
    zh, en = f"已列入透明日志第{number + 1}号，此后没有改动", f"it is number {number + 1} in the log, unaltered since"
    return Checked(True, "logged", zh, en, facts)


def _leaf(evidence: Mapping[str, Any]) -> bytes:
    """The leaf that content and salt make; where neither came, the bare hash that was sent."""
    if "content" in evidence:
        return leaf_of(evidence["content"], str(evidence["salt"]))
    return bytes.fromhex(evidence["leaf"])


def check_head(head: Mapping[str, Any], keys: Mapping[str, Any]) -> Checked:
    """Check the signature of a head {signature}."""
    return opened(str(head.get("signature") or ""), keys, HEAD)


def check_consistency(proof: Mapping[str, Any], keys: Mapping[str, Any]) -> Checked:
    """Check that a later head {first, second, path} holds everything of an earlier one, unchanged."""
    heads = [check_head(proof.get(name) or {}, keys) for name in ("first", "second")]
    for head in heads:
        if not head.good:
            return head
    first, second = ({**(head.facts or {})} for head in heads)
    try:
        path = [bytes.fromhex(step) for step in proof["path"]]
        before, after = (bytes.fromhex(one["root"]) for one in (first, second))
        kept = merkle.continues(int(first["size"]), int(second["size"]), before, after, path)
        in_order = datetime.fromisoformat(first["made_at"]) <= datetime.fromisoformat(second["made_at"])
    except (KeyError, TypeError, ValueError):
        return Checked(False, "unreadable", "一致性证明不完整", "the proof of consistency is cut off")
    if not (kept and in_order):
        told = "the later head doesn't hold what the earlier one held: history was edited, or the proof was"
        return Checked(False, "inconsistent", "后一日志头不包含前一日志头的全部内容：历史或证明被改动", told, second)
    zh = f"前{first['size']}条全部原样保留，现共{second['size']}条"
    en = f"all of the first {first['size']} are still there unaltered; there are {second['size']} now"
    return Checked(True, "consistent", zh, en, second)
