"""Slips of typing: characters that look alike or sound alike; and contrasts, which are no slips."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt

from credit.rules.names import pypinyin_table

# Whoever writes one of these instead of another means another firm.
CONTRASTS = (
    "东西南北中", "上中下", "大中小", "新老旧古", "前后", "左右", "内外", "男女", "春夏秋冬", "甲乙丙丁戊己庚辛壬癸",
    "红黄蓝绿青紫黑白橙", "金银铜铁锡铝", "水火", "日月星", "天地", "山河江湖海", "龙凤虎", "鸡鸭鹅猪牛羊马鱼",
    "长短", "高低", "公母", "城乡县市省区州镇村", "厂店站所院部社场行馆",
)  # fmt: skip
# How southern and hurried typists write the same sound.
LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
# Second readings that are heard in names of firms.
SECOND_READINGS = {
    "乐": "yue", "长": "zhang", "重": "zhong", "行": "hang", "朝": "zhao", "盛": "cheng", "都": "du", "厦": "xia",
    "会": "kuai", "调": "tiao", "传": "zhuan", "藏": "zang", "和": "huo", "石": "dan", "宁": "ning", "曾": "zeng",
}  # fmt: skip
POINTS = 1 << 16
COMMON = b"".join(
    bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
).decode("gb2312", errors="ignore")
Slip = Literal["shape", "sound"]


def contrast(one: str, other: str) -> bool:
    """Whether the two characters are told apart on purpose: 东 and 西."""
    return other in _contrasts().get(one, "")


@lru_cache(maxsize=65536)
def slip(one: str, other: str) -> Slip | None:
    """How one character is taken for the other, or None. Symmetric."""
    if contrast(one, other):
        return None
    if _sounds(one) & _sounds(other):
        return "sound"
    if other in look_alikes().get(one, ""):
        return "shape"
    return None


@cache
def look_alikes() -> dict[str, str]:
    """For each character those that look like it."""
    alike: defaultdict[str, str] = defaultdict(str)
    for line in files("credit.rules.matching").joinpath("look_alikes.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for other in line[1:]:
                alike[line[0]] += other
                alike[other] += line[0]
    return dict(alike)


@cache
def _contrasts() -> dict[str, str]:
    found: defaultdict[str, str] = defaultdict(str)
    for group in CONTRASTS:
        for character in group:
            found[character] += group.replace(character, "")
    return dict(found)


@lru_cache(maxsize=16384)
def _sounds(character: str) -> frozenset[str]:
    """The syllables of a character's foremost reading, and of another one that names use, without tone."""
    readings = _readings().get(str(ord(character)), "").split(",")[:1]
    return frozenset(_plain(reading) for reading in (*readings, SECOND_READINGS.get(character, "")) if reading)


def _plain(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    syllable = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    for strict, loose in LOOSE:
        syllable = syllable.replace(strict, loose)
    return syllable


@cache
def _readings() -> dict[str, str]:
    """Readings by code point, of the characters in daily use."""
    table = pypinyin_table("pinyin_dict.json")
    return {point: readings for point, readings in table.items() if int(point) <= 0x9FFF}


@cache
def slip_pairs() -> npt.NDArray[np.int64]:
    """Every pair of common characters (GB/T 2312) that are taken for each other: one * 65536 + other, sorted."""
    by_sound: defaultdict[str, str] = defaultdict(str)
    for character in COMMON:
        for sound in _sounds(character):
            by_sound[sound] += character
    alike = [_crossed(group, group) for group in by_sound.values()]
    alike += [_crossed(character, others) for character, others in look_alikes().items()]
    told_apart = np.concatenate([_crossed(character, others) for character, others in _contrasts().items()])
    both: npt.NDArray[np.int64] = np.setdiff1d(np.concatenate(alike), told_apart)
    kept: npt.NDArray[np.int64] = both[both // POINTS != both % POINTS]
    return kept


def _crossed(ones: str, others: str) -> npt.NDArray[np.int64]:
    """The pairs of each of these characters with each of those."""
    one, other = (np.array([ord(character) for character in text], dtype=np.int64) for text in (ones, others))
    return np.asarray((one[:, np.newaxis] * POINTS + other).ravel())
