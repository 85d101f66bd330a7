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
    "perhaps_place": ("一方字号前多出的字可能是地名：{}", "What one name has before the brand may be a place: {}"),
    "trade": ("字号相同，行业不同：{}", "The same brand in another trade: {}"),
    "brand": ("字号不同：{}", "The brands differ: {}"),
    "branch": ("一方是另一方的分支机构：{}", "One is a branch of the other: {}"),
    "other_branch": ("同一企业的不同分支机构：{}", "Two branches of one firm: {}"),
    "same_code": ("统一社会信用代码一致", "The unified social credit codes are equal"),
    "organization_code": ("组织机构代码一致", "The organization codes are equal"),
    "registration_number": ("工商注册号一致", "The registration numbers are equal"),
    "predecessor": ("该代码此前由另一企业使用", "Another firm bore this code before"),
    "mended_code": ("代码有误，改正一处后一致", "The code is wrong, and fits after one mend"),
    "mend_look_alike": ("代码中有形近字母，改正后一致", "The code has look-alike letters, and fits with them mended"),
    "mend_substitution": ("代码有一位写错，改正后一致", "One character of the code is wrong, and fits when mended"),
    "mend_transposition": ("代码有相邻两位颠倒，改正后一致", "Two neighbours in the code are swapped"),
    "mend_missing": ("代码漏写一位，补上后一致", "The code lacks one character, and fits with it"),
    "mend_extra": ("代码多写一位，去掉后一致", "The code has one character too many, and fits without it"),
    "mend_irregular": (
        "与一个经核实的特殊代码仅差一处", "One slip away from an irregular code that was accepted as verified",
    ),
    "other_code": (
        "名称相同，但双方代码均有效且不同，不是同一企业",
        "Equal names, but both codes are valid and differ: another firm",
    ),
    "former": ("与曾用名一致", "It is a former name"),
    "short": ("与简称一致", "It is a short name"),
    "parent_on_file": ("登记的所属企业", "The parent on file"),
    "empty": ("没有名称", "There is no name"),
}


def reason(word: str, *values: str) -> Reason:
    """The reason of a word, with what differs: 建材 / 建筑."""
    zh, en = SENTENCES[word]
    told = " / ".join(value or "—" for value in values)
    return Reason(word, zh.replace("{}", told), en.replace("{}", told))
