"""Days as other people's files write them, by a closed set of formats."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from credit.services.event_columns import half_width, written_day

EXCEL = "excel"
FORMATS = (
    "YYYYMMDD", "YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss", "YYYY/MM/DD", "YYYY.MM.DD", "YYYY年MM月DD日",
    "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "DD-MM-YYYY", EXCEL,
)  # fmt: skip
# Excel counts days from here, for days after its mistaken 29 February 1900.
EXCEL_DAY_0 = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000


def day_in(text: str, formats: tuple[str, ...]) -> str | None:
    """The day as JSON has it, by the first format that fits; without formats as the register reads days.

    Null where none fits.
    """
    plain = half_width(text)
    if not formats:
        return written_day(plain)
    for one in formats:
        if one == EXCEL:
            if (day := excel_day(plain)) is not None:
                return day.isoformat()
        elif found := _pattern(one).fullmatch(plain):
            year, month, day_of_month = (int(found[part]) for part in "YMD")
            return f"{year:04}-{month:02}-{day_of_month:02}"
    return None


def excel_day(text: str) -> date | None:
    """The day of a serial number of Excel, such as 45000; null for what is no likely one."""
    if not re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return None
    serial = int(text.split(".")[0])
    return EXCEL_DAY_0 + timedelta(serial) if FIRST_SERIAL <= serial <= LAST_SERIAL else None


@cache
def _pattern(one: str) -> re.Pattern[str]:
    number = r"\d\d" if one == "YYYYMMDD" else r"\d\d?"
    parts = re.escape(one).replace("hh:mm:ss", r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?").replace("YYYY", r"(?P<Y>\d{4})")
    return re.compile(parts.replace("MM", f"(?P<M>{number})").replace("DD", f"(?P<D>{number})"), re.ASCII)
