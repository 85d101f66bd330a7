"""Administrative divisions (GB/T 2260), from python-stdnum's table."""

from __future__ import annotations

from functools import cache

from stdnum import numdb

OWN = {"340799": "铜陵市（示范区划，虚构）"}
SIMPLIFIED = {"香港特別行政區": "香港特别行政区", "澳門特別行政區": "澳门特别行政区"}
# Rows of the table that group others and are no part of a name: 北京市东城区.
GROUPS = {
    "市", "县", "市辖区", "省直辖县级行政单位", "省直辖行政单位", "自治区直辖县级行政单位", "省直辖县级行政区划",
    "自治区直辖县级行政区划",
}  # fmt: skip
PROVINCE_ENDS = ("省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区")


@cache
def region_name(code: str | None) -> str | None:
    """Name of a six-digit division, or None where the table doesn't know it."""
    if not code:
        return None
    if code in OWN:
        return OWN[code]
    province, city = _parts(f"{code[:4]}00")
    county = _parts(code)[1]
    names = [name for name in (province, city, county) if name and name not in GROUPS]
    return "".join(dict.fromkeys(names)) or None


def _parts(code: str) -> tuple[str, str]:
    """Province and last name of the division: the table keeps former names before it."""
    found: dict[str, str] = {}
    for _, properties in numdb.get("cn/loc").info(code):
        found |= properties
    province = found.get("province", "")
    return SIMPLIFIED.get(province, province), found.get("county", "").split(",")[-1].split("]")[-1]


@cache
def regions_by_name() -> dict[str, str]:
    """Codes of provinces and prefectures by name, with and without 省 and 市: (安徽铜陵 -> 340700)."""
    found: dict[str, str] = {}
    for province in range(11, 83):
        name = region_name(f"{province}0000")
        if not name:
            continue
        short = _short(name)
        found |= {name: f"{province}0000", short: f"{province}0000"}
        for prefecture in range(1, 100):
            code = f"{province}{prefecture:02}00"
            whole = region_name(code)
            if whole and whole != name:
                city = whole.removeprefix(name)
                for outer in (name, short):
                    found |= {outer + city: code, outer + city.removesuffix("市"): code}
    return found


def _short(province: str) -> str:
    for end in sorted(PROVINCE_ENDS, key=len, reverse=True):
        if province.endswith(end):
            return province.removesuffix(end)
    return province
