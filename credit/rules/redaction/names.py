"""Names of third persons, who are told by their role, and what tells that somebody is under age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from credit.rules.redaction.kinds import Personal
from credit.rules.redaction.surnames import (
    COMPOUND,
    DOUBTFUL,
    FOLLOWS,
    NEVER,
    NOT_GIVEN,
    PLAIN,
    TITLES,
    WORDS,
    words,
)

Span = tuple[Personal, int, int]
ROLES = words("""
    证人 见证人 投诉人 举报人 申诉人 消费者 受害人 受害者 被害人 患者 购买者 购买人 顾客 客户 买家 收货人
    收件人 联系人 员工 职工 雇员 店员 营业员 服务员 收银员 司机 驾驶员 会计 出纳 采购员 销售员 业务员 仓管员
    保管员 检验员 厨师 工人 法定代表人 法人代表 负责人 经营者 业主 店主 老板 店长 厂长 经理 股东 实际控制人
    投资人 合伙人 监护人 代理人 受托人 被询问人 当事人之子 当事人之女 当事人之妻 当事人之夫 之子 之女 之妻 之夫
    之父 之母 其子 其女 其妻 其夫 其父 其母 儿子 女儿 妻子 丈夫 父亲 母亲 家长 亲属 家属 邻居 男子 女子 自然人
    公民 居民 村民 姓名 死者 伤者 同案人 供货人 供货商 上家 朋友 同事 执法人员 检查人员 调查人员 经办人 办案人员
""")
YOUNG = words("""
    小学生 中学生 初中生 高中生 学生 女生 男生 幼儿 儿童 孩子 小孩 女孩 男孩 女童 男童 幼儿园 小学 初中
""")


def _any(listed: Iterable[str]) -> str:
    """One of the words, the longest first; none is tried where no first character fits."""
    longest = sorted(listed, key=lambda word: (-len(word), word))
    return f"(?=[{''.join(sorted({word[0] for word in longest}))}])(?:{'|'.join(longest)})"


LEADS = r"(?:姓名|名叫|名为|名字是|叫|系|是|为|即)?[ :：\"'“”‘’（(【、]{0,3}"
ROLE = re.compile(_any(ROLES) + LEADS)
YEAR = r"(?:[一二三四五六七八九0-9]{1,2}年级)?(?:[(（]?[一二三四五六七八九0-9]{1,2}[)）]?班)?"
YOUTH = re.compile(_any(YOUNG) + YEAR + "(?:的?(?:学生|幼儿|儿童))?" + LEADS)
ANY = re.compile(_any(ROLES | YOUNG))
JOINED = re.compile("(?:[、和与及]|以及)")
FOREIGN = re.compile("[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")
CHINESE = re.compile("[\u4e00-\u9fff]")
FIRM = re.compile(
    "[\u4e00-\u9fff()]{2,20}?(?:公司|合作社|商行|经营部|超市|厂|集团|店|铺|中心|酒楼|餐厅|食堂|药房)"
)
ACTS = re.compile("[在于的向从对和与及称说到将把被给购买售是去持因以经未不等该来吃用]|有(?!限)")
UNDER_AGE = re.compile("未成年(?!人保护)(?:人|学生|子女|儿童|少年|女孩|男孩)?")
YEARS = re.compile(
    "(?:(?<![0-9.~-])(?:1[0-7]|[0-9])|(?<![一二三四五六七八九十])(?:十[一二三四五六七]?|[一二两三四五六七八九]))"
    "周?岁半?(?![以及或至上下~-])"
)
FITS = re.compile("(?:适用|适合|年龄段|使用年龄|年龄范围|标注)[^。;；\n]{0,10}$")


def names_in(text: str) -> Iterator[Span]:
    """Names of people in a plain text who are told by their role; those of pupils and children are of minors."""
    if not ANY.search(text):
        return
    for pattern, kind in ((ROLE, Personal.PERSON), (YOUTH, Personal.MINOR)):
        for found in pattern.finditer(text):
            place = found.end()
            while end := _name(text, place):
                yield kind, place, end
                joined = JOINED.match(text, end)
                if not joined:
                    break
                place = joined.end()


def ages_in(text: str) -> Iterator[Span]:
    """What says that somebody is under eighteen; for whom a product is made, says it of nobody."""
    if "岁" not in text and "未成年" not in text:
        return
    for found in UNDER_AGE.finditer(text):
        yield Personal.MINOR, *found.span()
    for found in YEARS.finditer(text):
        if not FITS.search(text[max(0, found.start() - 16) : found.start()]):
            yield Personal.MINOR, *found.span()


def _name(text: str, start: int) -> int:
    """Where the name ends that begins here; 0: none does."""
    foreign = FOREIGN.match(text, start)
    if foreign:
        return foreign.end()
    wide = text[start : start + 2] in COMPOUND
    begun = start + (2 if wide else 1)
    surname, first = text[start : start + 1], text[begun : begun + 1]
    known = wide or surname in PLAIN
    if not (known or surname in DOUBTFUL) or not CHINESE.match(first) or first in NOT_GIVEN:
        return 0
    word = surname + first
    if not wide and (word in WORDS or word in NEVER):
        return 0
    if text[begun : begun + 2] in TITLES or _firm(text, start):
        return 0
    second = text[begun + 1 : begun + 2]
    longer = CHINESE.match(second) and second not in FOLLOWS and not ANY.match(text, begun + 1)
    end = begun + (2 if longer else 1)
    after = text[end : end + 1]
    return end if known or not CHINESE.match(after) or after in FOLLOWS else 0


def _firm(text: str, start: int) -> bool:
    """Whether an enterprise's name begins here, and no sentence about a person."""
    found = FIRM.match(text, start)
    return found is not None and not ACTS.search(found[0])
