"""Words of tenders for pages and documents: the lines that describe one, its kinds, the lists that are looked into."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.rules.screening import OWN
from credit.services.policies import law_on
from credit.web.language import t

LINES = ("number", "name", "purchaser", "agency", "lot")


def tender_words() -> dict[str, str]:
    """What each line of a tender is called."""
    words = (
        t("项目编号", "Number"), t("项目名称", "Name"), t("采购人", "Purchaser"), t("代理机构", "Agency"),
        t("标段、包号", "Lot"),
    )  # fmt: skip
    return dict(zip(LINES, words, strict=True))


def kinds_on(day: date) -> dict[str, Any]:
    """The kinds of tender that the policy knows on a day, each with its words."""
    return _of("screening.kinds", day)


def lists_on(day: date) -> dict[str, Any]:
    """The lists of other bodies that the policy knows on a day, each with its words."""
    return _of("screening.lists", day)


def list_name(name: str, lists: dict[str, Any]) -> str:
    """What a source is called."""
    if name in OWN:
        return t(*OWN[name])
    return t(lists[name]["zh"], lists[name]["en"]) if name in lists else name


def _of(key: str, day: date) -> dict[str, Any]:
    law = law_on(day)
    return dict(law.value(key, day)) if key in law.provisions else {}
