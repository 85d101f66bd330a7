"""The policy in force with later values, written out and read again by the strict loader."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from credit.policy.loader import FOLDER, load_policy, policy_texts, read_policy
from credit.rules.law import Law


def varied(changes: dict[str, dict[str, Any]]) -> Law:
    """The policy in which `changes` hold: by key perhaps law_of, and `later` values from a day on.

    A later value has the source of the first unless it names another. The loader refuses what it
    would refuse in a file.
    """
    return _varied(yaml.safe_dump(changes)) if changes else load_policy()


@cache
def _varied(changes: str) -> Law:
    texts = policy_texts(FOLDER)
    for key, change in yaml.safe_load(changes).items():
        (name,) = (name for name, text in texts.items() if f"\n{key}:" in f"\n{text}")
        whole = yaml.safe_load(texts[name])
        provision = whole[key]
        provision["law_of"] = change.get("law_of", provision["law_of"])
        source = provision["values"][0]["source"]
        provision["values"] += [{"source": source, **row} for row in change.get("later", [])]
        texts[name] = yaml.safe_dump(whole, allow_unicode=True)
    return read_policy(texts)
