"""Other ways to write the name of an enterprise, by kind, and names that only look like it.

Each takes a name and gives another one, or None where the kind doesn't apply. The kinds say what a
comparison must answer: the same firm however it is written, perhaps the same, or another firm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin

from tests.benchmarks.words import listed

Variation = Callable[[str], str | None]

# Taught in schools as easily mistaken for each other; written apart from the program's own table.
LOOK_ALIKES = listed("未末 己已 土士 折拆 铜钢 徽微 杨扬 清情 晨辰 王玉 博搏 兔免 建健 鑫森 密蜜 材村 科料 贝见 江汪 润闰 瑞端 泰秦 恒桓 远运 城诚 源原 冶治 洽恰 侯候 沪泸 信倍 昌冒 通迪 水永 天夫 大太 贸贺 宏宠 洋样 辉挥 晶品 钰珏 锋峰 浩洁 祥详 佳住 利和 伟纬 裕浴 矿扩 仪议 设没 技枝 电申 化花 农衣 输榆")
OTHER_FORMS = {"股份有限公司": "有限公司", "有限责任公司": "股份有限公司", "有限公司": "股份有限公司"}
ORDINALS = "一二三四五六七八九"
PLACE = re.compile("^([一-鿿]{2,3})(市|县)")
FORM = re.compile("(有限责任公司|有限公司)$")


def traditional(name: str) -> str | None:
    return _changed(name, _to_traditional().convert(name))


def full_width(name: str) -> str | None:
    wide = {point: point + 0xFEE0 for point in range(0x21, 0x7F)} | {0x20: 0x3000}
    return _changed(name, name.translate(wide))


def brackets(name: str) -> str | None:
    pairs = str.maketrans("（）()", "()（）")
    return _changed(name, name.translate(pairs))


def blanks(name: str) -> str | None:
    return f"{name[:2]} {name[2:-4]}\u3000{name[-4:]}" if len(name) > 8 else None


def dropped_shi(name: str) -> str | None:
    found = PLACE.match(name)
    return name[: found.end() - 1] + name[found.end() :] if found else None


def limited(name: str) -> str | None:
    """有限公司 and 有限责任公司 are one form of the Company Law."""
    found = FORM.search(name)
    if not found or name.endswith("股份有限公司"):
        return None
    return name[: found.start()] + ("有限公司" if found[1] == "有限责任公司" else "有限责任公司")


def typo_by_shape(name: str) -> str | None:
    """One character of the middle for one that looks like it."""
    alike = {pair[0]: pair[1] for pair in LOOK_ALIKES} | {pair[1]: pair[0] for pair in LOOK_ALIKES}
    return _one_replaced(name, alike.get)


def typo_by_sound(name: str) -> str | None:
    """One character of the middle for a common one of the same sound."""
    return _one_replaced(name, lambda character: next((o for o in _homophones(character) if o != character), None))


def other_form(name: str) -> str | None:
    if "集团" in name:
        return None
    for form, other in OTHER_FORMS.items():
        if name.endswith(form):
            return name.removesuffix(form) + other
    return None


def other_ordinal(name: str) -> str | None:
    found = re.search(f"(?<=第)[{ORDINALS}](?![{ORDINALS}十名])|[0-9]", name)
    if not found:
        return None
    number = found[0]
    other = str((int(number) + 1) % 10) if number.isascii() else ORDINALS[(ORDINALS.index(number) + 1) % 9]
    return name[: found.start()] + other + name[found.end() :]


def branch(name: str) -> str | None:
    return f"{name}第一分公司" if name.endswith("公司") else None


def other_place(name: str) -> str | None:
    found = PLACE.match(name)
    return (("合肥市" if found[1] != "合肥" else "南京市") + name[found.end() :]) if found else None


# What a comparison must answer; for a slip, any of hint and variant.
VARIATIONS: dict[str, tuple[Variation, tuple[str, ...]]] = {
    "traditional": (traditional, ("same",)),
    "full width": (full_width, ("same",)),
    "brackets": (brackets, ("same",)),
    "blanks": (blanks, ("same",)),
    "dropped 市 or 县": (dropped_shi, ("variant",)),
    "有限 or 有限责任": (limited, ("variant",)),
    "typo by shape": (typo_by_shape, ("hint", "variant")),
    "typo by sound": (typo_by_sound, ("hint", "variant")),
    "other form": (other_form, ("different",)),
    "other ordinal": (other_ordinal, ("different",)),
    "branch": (branch, ("related",)),
    "other place": (other_place, ("different",)),
}


def _changed(name: str, other: str) -> str | None:
    return other if other != name else None


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def _one_replaced(name: str, other_of: Callable[[str], str | None]) -> str | None:
    """The first character after the place that can be replaced; numbers and forms stay."""
    for place in range(2, len(name) - 4):
        other = None if name[place] in ORDINALS + "第十零" else other_of(name[place])
        if other:
            return name[:place] + other + name[place + 1 :]
    return None


@cache
def _by_sound() -> dict[str, list[str]]:
    """Characters of GB/T 2312's first level, the common ones, by their sound."""
    common = bytes(
        byte for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for byte in (row, cell)
    ).decode("gb2312")
    found: dict[str, list[str]] = {}
    for character in common:
        if character not in ORDINALS + "十零":
            found.setdefault(_sound(character), []).append(character)
    return found


def _homophones(character: str) -> list[str]:
    return _by_sound().get(_sound(character), []) if "一" <= character <= "鿿" else []


def _sound(character: str) -> str:
    return str(pinyin(character, style=Style.NORMAL)[0][0])
