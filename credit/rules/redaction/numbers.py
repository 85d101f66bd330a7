"""Numbers that belong to a person: identity cards, travel documents, telephones, accounts, addresses of the net.

Every pattern is bounded, so that a search takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import luhn
from stdnum.cn import ric, uscc

from credit.rules.redaction.kinds import Personal

Span = tuple[Personal, int, int]
GAP = "[ -]?"
ALONE, ENDS = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# What stands before a number that is no person's: such numbers are never guessed at.
NUMBERED = re.compile(
    "(?:许可证|登记证|备案|注册号|信用代码|条形?码|批[号次]|编号|型号|货号|单号|序列号|追溯码|证书|报告|GTIN|SSCC|商标|专利)"
    "[^0-9,。;]{0,8}$"
)
QUANTITY = r"(?! ?(?:元|万|亿|千克|公斤|吨|件|个|台|只|瓶|袋|号(?!码)))"
LABEL_GAP = r"(?:号码?|为|是|[:： ]){0,4}"


def _spaced(digits: str) -> str:
    """Classes of characters with one blank or dash allowed between two."""
    return GAP.join(re.findall(r"\[[^]]*\]", digits))


ID18 = re.compile(f"(?=({ALONE}{_spaced('[1-8]' + '[0-9]' * 16 + '[0-9Xx]')}{ENDS}))")
ID15 = re.compile(f"(?=({ALONE}{_spaced('[1-8]' + '[0-9]' * 14)}{ENDS}))")
ID_TOLD = re.compile(rf"身份证(?:件)?{LABEL_GAP}([0-9*][0-9* -]{{13,33}}[0-9Xx*])")
ID_HALF = re.compile(rf"{ALONE}[0-9]{{3,10}}\*{{4,12}}[0-9]{{2,4}}[0-9Xx]{ENDS}")
SHORTEST = 14
PASSPORT_TOLD = re.compile(
    rf"(?:护照|通行证|回乡证|台胞证|居留证|军官证|证件){LABEL_GAP}([A-Za-z]{{0,2}}[0-9]{{7,10}}){ENDS}"
)
PASSPORT = re.compile(f"{ALONE}(?:[EG][0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}){ENDS}")
MOBILE = re.compile(rf"(?=({ALONE}(?:\(?(?:\+|00)?86\)?{GAP})?1{GAP}[3-9](?:{GAP}[0-9]){{9}}(?![0-9]){QUANTITY}))")
MOBILE_HALF = re.compile(rf"{ALONE}1[3-9][0-9]\*{{3,5}}[0-9]{{3,4}}(?![0-9])")
LANDLINE = re.compile(
    rf"{ALONE}(?:\(0[1-9][0-9]{{1,2}}\) ?|0[1-9][0-9]{{1,2}}[ -])[2-8][0-9]{{6,7}}(?:[-转][0-9]{{1,6}})?(?![0-9])"
)
PHONE_TOLD = re.compile(
    rf"(?:电话|手机|联系方式|座机|传真|[Tt]el|TEL)(?:联系|{LABEL_GAP})(\+?\(?[0-9][0-9() -]{{5,20}}[0-9]){QUANTITY}"
)
CHAT = re.compile(
    r"(?:微信(?!公众号)|[Ww]e[Cc]hat|QQ|qq|扣扣)(?:号码?|名|昵称|ID|账号|为|是|[:： ]){0,4}"
    rf"([A-Za-z][A-Za-z0-9_-]{{5,19}}|[1-9][0-9]{{4,11}})(?![0-9A-Za-z]){QUANTITY}"
)
CARD = re.compile(f"(?=({ALONE}[1-9](?:{GAP}[0-9]){{15,18}}{ENDS}))")
ACCOUNT_TOLD = re.compile(
    r"(?:账号|帐号|卡号|银行卡|账户|帐户)(?:号码?|尾号|为|是|[:： ]){0,4}([0-9](?:[ -]?[0-9]){7,29})"
)
LOCAL = re.compile(r"[A-Za-z0-9._%+-]+$")
DOMAIN = re.compile(r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
ANY = re.compile(r"[0-9*](?:[ -]?[0-9*]){6}|@|微信|[Ww]e[Cc]hat|QQ|qq|扣扣")
DAY = re.compile(r"(?<![0-9])(?:(?:19|20)[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]|[0-3]?[0-9]-[01]?[0-9]-(?:19|20)[0-9]{2})")


def numbers_in(text: str) -> Iterator[Span]:
    """Every number of a person in a plain text, as often as a pattern finds it."""
    if not ANY.search(text):
        return
    yield from _identities(text)
    yield from ((Personal.PASSPORT, *found.span(1)) for found in PASSPORT_TOLD.finditer(text))
    for found in PASSPORT.finditer(text):
        if not _day(found[0][1:]) and not _numbered(text, found.start()):
            yield Personal.PASSPORT, *found.span()
    yield from _phones(text)
    yield from ((Personal.CHAT, *found.span(1)) for found in CHAT.finditer(text))
    yield from ((Personal.ACCOUNT, *found.span(1)) for found in ACCOUNT_TOLD.finditer(text))
    for found in CARD.finditer(text):
        bare = _digits(found[1])
        unified = bare[0] in "159" and uscc.is_valid(bare)
        if luhn.is_valid(bare) and not unified and not _numbered(text, found.start()):
            yield Personal.ACCOUNT, *found.span(1)
    for found in DOMAIN.finditer(text):
        local = LOCAL.search(text[max(0, found.start() - 64) : found.start()])
        if local:
            yield Personal.EMAIL, found.start() - len(local[0]), found.end()


def _identities(text: str) -> Iterator[Span]:
    yield from ((Personal.IDENTITY, *found.span(1)) for found in ID_TOLD.finditer(text))
    yield from ((Personal.IDENTITY, *found.span()) for found in ID_HALF.finditer(text) if len(found[0]) >= SHORTEST)
    for found in ID18.finditer(text):
        bare = _digits(found[1])
        if PROVINCES.match(bare) and _day(bare[6:14]) and ric.calc_check_digit(bare) == bare[-1]:
            yield Personal.IDENTITY, *found.span(1)
    for found in ID15.finditer(text):
        bare = _digits(found[1])
        if PROVINCES.match(bare) and _day(f"19{bare[6:12]}") and not _numbered(text, found.start()):
            yield Personal.IDENTITY, *found.span(1)


def _phones(text: str) -> Iterator[Span]:
    for found in MOBILE.finditer(text):
        if not DAY.search(found[1]) and not _numbered(text, found.start()):
            yield Personal.PHONE, *found.span(1)
    for pattern, group in ((MOBILE_HALF, 0), (LANDLINE, 0), (PHONE_TOLD, 1)):
        for found in pattern.finditer(text):
            if not DAY.search(found[group]):
                yield Personal.PHONE, *found.span(group)


def _digits(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def _day(text: str) -> bool:
    """Whether eight digits are a day on which somebody who lives may have been born."""
    if len(text) != 8 or not text.isdigit() or not "18700101" <= text <= "20991231":
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _numbered(text: str, start: int) -> bool:
    """Whether the words before say that a number is one of things, not of people."""
    return NUMBERED.search(text[max(0, start - 20) : start]) is not None
