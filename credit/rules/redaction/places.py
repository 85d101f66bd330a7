"""Where somebody lives: what is called so, and addresses down to the room. A registered seat is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from credit.rules.redaction.kinds import Personal

Span = tuple[Personal, int, int]
BODY = r"[^,，。;；!！?？\n]"
HOME = re.compile(
    "(?:家庭住址|家庭地址|住址|家住|现住址?|暂住地?址?|居住地址?|居住[在于]|户籍所在地|户籍地址?|户口所在地|住[在于])"
    rf"(?:为|是|[:： ]){{0,3}}({BODY}{{2,60}})"
)
ANY = re.compile("[室户房住址]|单元")
STEP = re.compile("[省市区县镇乡路街巷道弄里村号室幢栋户座楼苑]|小区|花园|公寓|家园|单元")
COUNTED = "[0-9A-Za-z一二三四五六七八九十百]"
ROOM = re.compile(
    rf"(?:(?<!{COUNTED}){COUNTED}{{1,5}}(?:号楼|号|幢|栋|座|单元|弄|组|层|楼)[ -]?){{1,5}}"
    rf"[0-9A-Za-z]{{1,5}}(?:室|户|房)"
    r"|(?<![0-9-])[0-9]{1,4}-[0-9]{1,4}(?:-[0-9]{1,5})?(?:室|户|房)"
    r"|(?<![0-9])[0-9]{1,4}(?:号楼|幢|栋)[0-9一二三四五六七八九十]{1,3}单元(?:[0-9]{1,5}(?![0-9]))?"
)
BEFORE = 50
WHOLE = re.compile(r"[^,，。;；:：!！?？\n ]*$")
TRAIL = re.compile("[0-9-]{0,12}")
PLACED = re.compile("[省市区县镇乡路街巷道弄里村]|小区|花园|公寓|家园|新苑|苑")
BEGINS = re.compile("(?:于|在|至|到|向|往|从)")
SEAT = re.compile(
    "(?:注册地址?|住所地?|经营场所|营业场所|经营地址?|生产地址?|生产场所|厂址|办公地址?|办公场所|公司地址|仓库|门店|"
    "店铺|公司|商行|经营部|超市|厂|酒店|中心|市场)[^。;；\n]{0,12}$"
)


def places_in(text: str) -> Iterator[Span]:
    """Every home address in a plain text, as often as a pattern finds it."""
    if not ANY.search(text):
        return
    for found in HOME.finditer(text):
        steps = [step.end() for step in STEP.finditer(found[1])]
        if steps:
            number = TRAIL.match(found[1], steps[-1])
            yield Personal.ADDRESS, found.start(1), found.start(1) + (number.end() if number else steps[-1])
    for found in ROOM.finditer(text):
        clause = WHOLE.search(text[max(0, found.start() - BEFORE) : found.start()])
        before = clause[0] if clause else ""
        start = found.start() - len(before)
        if PLACED.search(before) and not SEAT.search(text[max(0, start - 16) : start] + _lead(before)):
            yield Personal.ADDRESS, start + len(_lead(before)), found.end()


def _lead(before: str) -> str:
    """What a clause says before its address begins: who did what where."""
    ends = [found.end() for found in BEGINS.finditer(before) if PLACED.search(before, found.end())]
    return before[: ends[-1]] if ends else ""
