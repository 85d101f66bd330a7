"""Why two names got their score: one word for programs, a sentence in each language."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    word: str
    zh: str
    en: str


SENTENCES = {
    "equal": ("名称完全一致", "The names are identical"),
    "spelling": (
        "仅繁简、全半角、大小写、括号、空格或标点不同",
        "Only script, width, case, brackets, blanks or punctuation differ",
    ),
    "wording": ("除简写和附注外一致", "Only short spellings and notes differ"),
    "numerals": ("数字写法不同，数值相同：{}", "The same number, written differently: {}"),
    "place_word": ("行政区划名称后的“省、市、县”等字不同：{}", "The end of a place (省, 市, 县) differs: {}"),
    "place_level": ("行政区划级别不同：{}", "The place is of another level: {}"),
    "place_dropped": ("一方省略了行政区划：{}", "One name leaves out the place: {}"),
    "place_moved": ("行政区划的位置不同：{}", "The place stands elsewhere in the name: {}"),
    "place": ("行政区划不同：{}", "The places differ: {}"),
    "form_words": ("组织形式写法不同，性质相同：{}", "The same form of organisation in other words: {}"),
    "form_dropped": ("一方省略了组织形式：{}", "One name leaves out the form of organisation: {}"),
    "form_loose": ("组织形式笼统写作“公司”：{}", "The form of organisation is just 公司 in one name: {}"),
    "form": ("组织形式不同，属不同企业：{}", "Another form of organisation, so another firm: {}"),
    "number": ("序号或数字、字母不同：{}", "Ordinals, digits or letters differ: {}"),
    "contrast": ("用字相对，不是笔误：{}", "Characters told apart on purpose, no slip: {}"),
    "shape": ("有形近字，疑为笔误：{}", "Look-alike characters, perhaps a slip: {}"),
    "sound": ("有音近字，疑为笔误：{}", "Sound-alike characters, perhaps a slip: {}"),
    "swapped": ("相邻两字颠倒：{}", "Two neighbouring characters are swapped: {}"),
    "extra": ("多写或漏写一字：{}", "One character too many or too few: {}"),
    "wrong": ("字号以外有一字不同，疑为笔误：{}", "One character outside the brand differs, perhaps a slip: {}"),
    "trade_shortened": ("行业用语有省略：{}", "The trade is shortened: {}"),
    "trade": ("字号相同，行业不同：{}", "The same brand in another trade: {}"),
    "brand": ("字号不同：{}", "The brands differ: {}"),
    "branch": ("一方是另一方的分支机构：{}", "One is a branch of the other: {}"),
    "other_branch": ("同一企业的不同分支机构：{}", "Two branches of one firm: {}"),
    "empty": ("没有名称", "There is no name"),
}


def reason(word: str, *values: str) -> Reason:
    """The reason of a word, with what differs: 建材 / 建筑."""
    zh, en = SENTENCES[word]
    told = " / ".join(value or "—" for value in values)
    return Reason(word, zh.replace("{}", told), en.replace("{}", told))
