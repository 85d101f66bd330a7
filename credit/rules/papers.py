"""What a paper of a listing is: title, number, whom it is addressed to, paragraphs under headings, who signs when.

A paper is written from acts on file, the list's terms of their day and nothing else, so that the same act
gives the same text for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from credit.rules.listing_days import Done


class Kind(NamedTuple):
    """A kind of paper: which act gives its text, which one issues it, and the mark of its number in the register."""

    name: str
    zh: str
    en: str
    texts: tuple[str, ...]
    issues: str
    mark: str
    numbered: bool = True  # by the officer; else the register's number is its own


DECISIONS = ("decide", "restore")
KINDS = {
    kind.name: kind
    for kind in (
        Kind("notice", "拟列入告知书", "Notice of the intended listing", ("notify",), "notify", "列告"),
        Kind("decision", "列入决定书", "Decision to list", DECISIONS, "confirm", "列决"),
        Kind("repair-notice", "信用修复告知书", "Notice of credit repair", DECISIONS, "confirm", "列修", False),
        Kind("removal", "移出决定书", "Decision on early removal", ("grant_removal",), "grant_removal", "列移"),
        Kind("refusal", "不予移出决定书", "Refusal of early removal", ("refuse_removal",), "refuse_removal", "列驳"),
        Kind("revocation", "撤销列入决定书", "Revocation of the listing", ("revoke",), "revoke", "列撤"),
    )
}
ISSUING = tuple(sorted({kind.issues for kind in KINDS.values()}))


class Paragraph(NamedTuple):
    """What is said under a heading."""

    heading: str
    text: str


@dataclass(frozen=True)
class Paper:
    """A paper, ready to be set: `act` is the number of the act that gave its text.

    `register_no` is the register's number, without gap in each year; None: a draft that waits for
    the second person and may not be served.
    """

    kind: Kind
    title: str
    number: str
    register_no: str | None
    addressee: str
    code: str
    paragraphs: tuple[Paragraph, ...]
    authority: str
    day: date
    act: int


@dataclass(frozen=True)
class Issued:
    """All that a paper is written from: the acts up to its own (the last one of `done`), and the words of that day.

    `terms`: of the list on that day; `clocks`: working days of acceptance and decision of an application.
    """

    done: Sequence[Done]
    list_name: str
    ground: str
    terms: Mapping[str, Any]
    clocks: Mapping[str, int]
    authority: str
    number: str

    @property
    def act(self) -> Done:
        """The act that gives the text."""
        return self.done[-1]

    def said(self, field: str) -> str:
        """What the act's document holds."""
        return str(self.act.fields.get(field) or "").strip()

    def before(self, *acts: str) -> Done | None:
        """The last of these acts before this one."""
        return next((one for one in reversed(self.done[:-1]) if one.act in acts), None)

    def words(self, name: str) -> str:
        """What the list says of measures, removal or remedies on that day."""
        return str(self.terms[name]["zh"])


def series(number: int, year: int, kind: Kind) -> str:
    """The register's number of a paper: 列决〔2026〕3号."""
    return f"{kind.mark}〔{year}〕{number}号"


def chinese(day: date | str) -> str:
    """2026年11月22日."""
    at = date.fromisoformat(str(day))
    return f"{at.year}年{at.month}月{at.day}日"


def sentence(text: str) -> str:
    """The text, ended by one full stop."""
    ended = text.strip()
    return ended if ended.endswith(("。", "！", "？")) else f"{ended.rstrip('.;；')}。"


def term(months: int) -> str:
    """三年 is written 3年; what is no whole year, in months."""
    return f"{months // 12}年" if months % 12 == 0 else f"{months}个月"
