"""Screening in the rulebook: by kind of tender what excludes and what is weighed, and the record that excludes."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.rules.law import Law
from credit.rules.screening import OWN_LIST
from credit.services.rulebook_grades import Rows, held, labels, source, words
from credit.terms import Penalty

Words = dict[str, str]
RECORD = words("三年内重大违法记录：依法禁止参加", "a grave record of three years excludes")
FRESH = words("名单数据的时效", "how fresh a list must be")


def screening(law: Law, day: date) -> Rows:
    """Rows of label, values and source; none under a policy without screening."""
    found = held(law, "screening", day)
    needed = {"kinds", "lists", "record-months", "record-penalties", "weighed-penalties"}
    if not needed <= set(found):
        return []
    (_, kinds), (_, lists) = found["kinds"], found["lists"]
    rows = [
        {
            "label": words(kind["zh"], kind["en"]),
            "values": [
                *_named("依法禁止参加：", "excluded by law: ", kind["excluding"], lists.value, law),
                *_named("审慎考虑：", "to be considered: ", kind["considered"], lists.value, law),
                *([RECORD] if kind["record"] else []),
            ],
            "source": source(kinds),
        }
        for kind in kinds.value.values()
    ]  # fmt: skip
    rows.append({"label": FRESH, "values": _fresh(lists.value), "source": source(lists)})
    return rows + [_penalties(*found[name]) for name in ("record-penalties", "weighed-penalties")] + _figures(found)


def _named(zh: str, en: str, names: list[str], lists: dict[str, Any], law: Law) -> list[Words]:
    if not names:
        return []
    own = law.provisions[f"lists.{OWN_LIST}"]
    told = [words(own.zh, own.en) if name == OWN_LIST else lists[name] for name in names]
    return [words(zh + "、".join(one["zh"] for one in told), en + ", ".join(one["en"] for one in told))]


def _fresh(lists: dict[str, Any]) -> list[Words]:
    told = ((one["zh"], one["en"], one["fresh_days"]) for one in lists.values())
    return [words(f"{zh}：{days} 天", f"{en}: {days} days") for zh, en, days in told]


def _penalties(provision: Any, dated: Any) -> dict[str, Any]:
    label = words(provision.zh, provision.en)
    return {"label": label, "values": [labels(Penalty, dated.value)], "source": source(dated)}


def _figures(found: dict[str, Any]) -> Rows:
    """The period of the record, and what a large fine is (where the policy of the day says it)."""
    told = []
    for name in ("record-months", "large-fine"):
        if name in found:
            provision, dated = found[name]
            value = words(f"{dated.value:,}", f"{dated.value:,}")
            told.append({"label": words(provision.zh, provision.en), "values": [value], "source": source(dated)})
    return told
