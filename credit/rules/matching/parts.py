"""Parts of an enterprise's name (企业名称登记管理规定, article 6): region, brand, trade, form; and a branch's tail.

A pure reading of the text. What can't be told apart stays in the brand, which is compared strictly.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from credit.rules.matching.numerals import canonical
from credit.rules.matching.places import Place, leading
from credit.rules.names import fold

OPEN, CLOSE = str.maketrans("[{<【〔『「〈《〖", "(((((((((("), str.maketrans("]}>】〕』」〉》〗", "))))))))))")
BRACKETED = re.compile(r"\(([^()]*)\)")
# In brackets stands a place, though no table knows it, unless it is one of these words.
BRACKETED_PLACE = re.compile("^(?!集团|控股|中国|国际|亚洲|远东|股份|有限|普通|原|已)[一-鿿]{2,3}$")
ASIDE = re.compile("^(原|曾用|简称|下称|别名|又名|已|冻结|第[一二三]名称)")
PARTNERSHIP = re.compile("(特殊的?普通合伙|普通合伙|有限合伙|个人独资|个体工商户)$")
# Forms of organisation by class. Names with forms of two classes are two firms.
FORMS = {
    "有限责任公司": "limited", "有限公司": "limited",
    "股份有限责任公司": "shares", "股份有限公司": "shares", "股份公司": "shares",
    "总公司": "head", "公司": "company", "集团": "",
    "农民专业合作社联合社": "union", "专业合作社联合社": "union", "合作社联合社": "union",
    "农民专业合作社": "cooperative", "专业合作社": "cooperative", "供销合作社": "supply", "供销社": "supply",
    "合作社": "cooperative", "个人独资企业": "sole", "合伙企业": "partners",
}  # fmt: skip
OWN_FORMS = (
    "总厂|厂|事务所|研究所|研究院|设计院|经营部|销售部|服务部|营业部|商行|商店|门市部|加工厂|酒店|饭店|店|中心|社|站|"
    "场|行|馆|院|所|部|工作室|家庭农场|农场"
)
FORMS |= {word: word for word in OWN_FORMS.split("|")}
_FORM = re.compile(f"(?P<group>集团)?(?P<form>{'|'.join(sorted(FORMS, key=len, reverse=True))})$")
# A branch bears the whole name of its parent, and a tail.
_COMPANY = re.compile(
    "(?:股份有限责任公司|有限责任公司|股份有限公司|有限公司|集团公司|总公司|(?<![分支子])公司|合作社(?!联合))"
)
_OFFICE = re.compile(
    "^(?P<head>.{4,}?(?:厂|店|房|社|行|场|站|馆|院|所|部|中心|超市|合伙))"
    "(?P<tail>.{0,8}?第?[0-9零一二三四五六七八九十]*"
    "(?:分店|分厂|分社|分行|支行|分院|分校|分所|营业部|门市部|分部|分场|分站|分中心|办事处))$"
)


@dataclass(frozen=True)
class Parts:
    """One name, taken apart. All folded; `core` is brand and trade with numbers in digits."""

    folded: str
    places: tuple[Place, ...]
    brand: str
    trade: str
    form_words: str
    form: str
    group: bool
    partnership: str
    tail: str
    inner: int = 0  # how many of the places, the last ones, stand inside the name

    @property
    def core(self) -> str:
        return self.brand + self.trade

    @property
    def whole_form(self) -> str:
        return ("集团" if self.group else "") + self.form_words + self.partnership

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(place.stem for place in self.places)


@lru_cache(maxsize=65536)
def parts_of(name: str) -> Parts:
    """Take a name apart. Never fails: an odd text is all brand."""
    text, inner, partnership = _without_brackets(name)
    head, tail = _branch(text)
    ended = PARTNERSHIP.search(head)
    if ended and ended.start() > 3:
        head, partnership = head[: ended.start()], ended[1]
    places, start = leading(head)
    body, group, words = _form(head[start:])
    if places and _nothing_own(body):
        last = places[-1]
        body = last.stem + body  # 铜陵机械厂: the place is all the brand it has
        places = places[:-1]
    core = canonical(body)
    trade = _trade(core)
    return Parts(
        folded=fold(name), places=places + inner, brand=core[: len(core) - len(trade)], trade=trade,
        form_words=words, form=FORMS.get(words, ""), group=group, partnership=partnership, tail=tail,
        inner=len(inner),
    )  # fmt: skip


def _without_brackets(name: str) -> tuple[str, tuple[Place, ...], str]:
    """The folded text with bracketed words in line, but places, partnership and asides taken out."""
    text = unicodedata.normalize("NFKC", name).translate(OPEN).translate(CLOSE)
    places: list[Place] = []
    partnership: list[str] = []

    def kept(found: re.Match[str]) -> str:
        inside = fold(found[1])
        within, ends = leading(inside)
        if within and ends == len(inside):
            places.extend(within)
            return ""
        if PARTNERSHIP.fullmatch(inside):
            partnership.append(inside)
            return ""
        if BRACKETED_PLACE.match(inside) and len(_trade(inside)) < len(inside):
            places.append(Place(inside[:2] if len(inside) == 3 and inside[2] in "省市县" else inside, ""))
            return ""
        return "" if ASIDE.match(inside) else inside

    return fold(BRACKETED.sub(kept, text)), tuple(places), "".join(partnership[:1])


def _branch(text: str) -> tuple[str, str]:
    """The name of the firm itself, and what follows it: "" but for a branch."""
    company = _COMPANY.search(text, 2)
    if company:
        return text[: company.end()], text[company.end() :]
    office = _OFFICE.match(text)
    return (office["head"], office["tail"]) if office else (text, "")


def _form(text: str) -> tuple[str, bool, str]:
    """What stands before the form, whether it is a group, and the words of the form ("" without one)."""
    found = _FORM.search(text)
    if not found:
        return text, False, ""
    words = found["form"]
    return text[: found.start()], bool(found["group"]) or words == "集团", "" if words == "集团" else words


def _nothing_own(body: str) -> bool:
    """Whether no brand is left: nothing, or words of trades alone."""
    return len(_trade(body)) == len(body)


def _trade(core: str) -> str:
    """The longest end of the text that consists of words for trades."""
    found = _trades().search(core)
    return found[0] if found else ""


@cache
def _trades() -> re.Pattern[str]:
    lines = files("credit.rules.matching").joinpath("trades.txt").read_text("utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    return re.compile(f"(?:{'|'.join(sorted(words, key=len, reverse=True))})+$")
