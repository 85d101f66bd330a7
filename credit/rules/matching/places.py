"""Places (行政区划) at the head of an enterprise's name, from python-stdnum's table of GB/T 2260.

A place is known by its stem (铜陵) in any spelling (铜陵, 铜陵市); former names count as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from credit.rules.names import fold

PEOPLES = (
    "阿昌|白|保安|布朗|布依|朝鲜|达斡尔|傣|德昂|东乡|侗|独龙|鄂伦春|鄂温克|高山|仡佬|哈尼|哈萨克|赫哲|回|基诺|京|景颇|"
    "柯尔克孜|拉祜|黎|傈僳|珞巴|满|毛南|门巴|蒙古|苗|仫佬|纳西|怒|普米|羌|撒拉|畲|水|塔吉克|塔塔尔|土家|土|佤|维吾尔|"
    "乌孜别克|锡伯|瑶|彝|裕固|藏|壮|俄罗斯|各"
)
# What a place is: the end of its whole name. The stem is what stands before.
ENDS = re.compile(
    f"((?:(?:{PEOPLES})族?)*自治[州县旗]|(?:壮族|回族|维吾尔)?自治区|特别行政区|地区|林区|特区|矿区|新区|[省市县区盟旗])$"
)
GROUPS = re.compile("市辖区|直辖|^[市县]$|^(郊|城|矿|市)区$")
# A place that no table knows, told by its end.
UNKNOWN = re.compile("(?P<stem>[一-鿿]{2,3}?)(?P<end>[市县])(?![政场内区民城])(?=[一-鿿a-z0-9]{4})")
TOWN = re.compile(
    "(?P<stem>[一-鿿]{2,3})(?P<end>[镇乡])(?=[一-鿿]{4})"
    "|(?P<zone>[一-鿿]{0,3}?(?:经济技术|经济|高新技术产业|高新技术)?(?:开发区|高新区|经开区|工业园区|工业园))(?=[一-鿿]{4})"
)
LONGEST = 15
DISTRICT = "区"


@dataclass(frozen=True)
class Place:
    """A place as a name has it: its stem, its end as written ("" if left out), its possible codes."""

    stem: str
    end: str
    codes: tuple[str, ...] = ()

    def within(self, outer: Place) -> bool:
        """Whether it can lie in the other one."""
        return any(code.startswith(other) and code != other for code in self.codes for other in outer.codes)


def leading(text: str) -> tuple[tuple[Place, ...], int]:
    """The places that a folded text begins with, outer ones first, and how many characters they take."""
    found: list[Place] = []
    ends = 0
    while place := _next(text, ends, found):
        found.append(place)
        ends += len(place.stem) + len(place.end)
    if not found and (unknown := UNKNOWN.match(text)):
        found.append(Place(unknown["stem"], unknown["end"]))
        ends = unknown.end()
    if found and (town := TOWN.match(text, ends)):
        found.append(Place(town["stem"] or town["zone"], town["end"] or ""))
        ends = town.end()
    return tuple(found), ends


def _next(text: str, start: int, before: list[Place]) -> Place | None:
    """The longest place that can stand here: a district without its end only after its city."""
    known = _spellings()
    for length in range(min(LONGEST, len(text) - start), 1, -1):
        spelled = text[start : start + length]
        stem = known.get(spelled)
        if stem is None:
            continue
        place = Place(stem, spelled[len(stem) :], tuple(_codes()[stem]))
        if place.end or _may_stand_bare(place, before):
            return place
    return None


def _may_stand_bare(place: Place, before: list[Place]) -> bool:
    if before:
        return place.within(before[-1])
    return any(not code.endswith(DISTRICT) for code in place.codes)


@cache
def _codes() -> dict[str, list[str]]:
    """Significant digits of each stem's codes: 34, 3407, 340705; a district's end with 区."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in _table():
        end = ENDS.search(name)
        codes[_stem(name)].append(code + (DISTRICT if len(code) == 6 and end and end[0] == "区" else ""))
    return dict(codes)


@cache
def _spellings() -> dict[str, str]:
    """The stem of every spelling: whole, without its end, with a short end, or with its people's name left out."""
    spelled: dict[str, str] = {}
    for code, name in _table():
        stem = _stem(name)
        for end in ("", name[len(stem) :], *_ends(code, name)):
            spelled.setdefault(stem + end, stem)
    return spelled


def _ends(code: str, name: str) -> tuple[str, ...]:
    """Ends that a place has, had or is given by mistake; a county may have become a city or a district."""
    if len(code) == 2:
        return (name[-1:],) if name[-1] in "省市" else ()
    if len(code) == 4:
        return ("市", "州") if name.endswith("自治州") else ("市",)
    return "市", "县", "区"


def _stem(name: str) -> str:
    """The name without what it is, if two characters are left."""
    short = ENDS.sub("", name)
    return short if len(short) > 1 else name


@cache
def _table() -> tuple[tuple[str, str], ...]:
    """Significant digits and folded name of every division, former ones too."""
    rows: list[tuple[str, str]] = []
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text("utf-8").splitlines():
        if line.startswith("#") or '"' not in line:
            continue
        digits, names = line.split()[0], line.split('"')[1]
        province = province if line.startswith(" ") else digits
        code = province if digits == province and not line.startswith(" ") else province + digits
        code = code[:4] if len(code) == 6 and code.endswith("00") else code
        for name in re.split(r",?\[[0-9-]*\]|,", names):
            folded = fold(name)
            if len(folded) > 1 and not GROUPS.search(folded) and not code.endswith("00"):
                rows.append((code, folded))
    return tuple(rows)
