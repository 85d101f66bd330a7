"""What a file that the register gave proves, whichever it is: a receipt, a head, evidence, or consistency. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credit.rules.leaves import check_consistency, check_evidence, check_head, of_receipt
from credit.rules.receipts import Checked, check

Given = Mapping[str, Any]


def checks(given: Given, keys: Given) -> list[Checked]:
    """Everything that a file claims, checked against a key set; it is good if all of it is. Never empty."""
    if "first" in given and "second" in given:
        return [check_consistency(given, keys)]
    if "content" in given or "leaf" in given:
        return [check_evidence(given, keys)]
    if isinstance(given.get("items"), list) and given["items"]:
        return [check_evidence(one if isinstance(one, Mapping) else {}, keys) for one in given["items"]]
    if "root" in given:
        return [_head(given, keys)]
    return [check(given, keys), *([_logged(given, keys)] if given.get("log") else [])]


def _logged(receipt: Given, keys: Given) -> Checked:
    """Whether the evidence that came with a receipt is of this receipt, and good."""
    log = receipt["log"] if isinstance(receipt["log"], Mapping) else {}
    found = check_evidence(log, keys)
    own = of_receipt(*(str(receipt.get(name)) for name in ("id", "digest", "signature")))
    if found.good and log.get("content") != own:
        told = "the log's proof is of another receipt"
        return Checked(False, "other_receipt", "日志证明属于另一凭证", told, found.facts)
    return found


def _head(head: Given, keys: Given) -> Checked:
    found = check_head(head, keys)
    if found.facts and any(head[name] != found.facts[name] for name in found.facts if name in head):
        told = "it says something else than was signed"
        return Checked(False, "altered", "内容与签名不符：内容被改动", told, found.facts)
    return found

