"""Names of administrative divisions as people write them, and their codes by name."""

from __future__ import annotations

import pytest

from credit.rules.regions import region_name, regions_by_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("110000", "北京市"), ("110100", "北京市"), ("110101", "北京市东城区"), ("500101", "重庆市万州区"),
        ("340000", "安徽省"), ("340700", "安徽省铜陵市"), ("340705", "安徽省铜陵市铜官区"), ("460400", "海南省儋州市"),
        ("429004", "湖北省仙桃市"), ("659001", "新疆维吾尔自治区石河子市"), ("320281", "江苏省无锡市江阴市"),
        ("810000", "香港特别行政区"), ("820000", "澳门特别行政区"), ("340799", "铜陵市（示范区划，虚构）"),
    ],
)  # fmt: skip
def test_a_division_has_the_name_that_people_write(code: str, name: str) -> None:
    assert region_name(code) == name


@pytest.mark.parametrize("code", [None, "", "000000", "999999", "abcdef", "\x00", "铜陵"])
def test_what_is_no_division_has_no_name(code: str | None) -> None:
    assert region_name(code) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("安徽省铜陵市", "340700"), ("安徽铜陵", "340700"), ("安徽", "340000"), ("安徽省", "340000"), ("北京市", "110000"),
        ("重庆市", "500000"), ("重庆", "500000"), ("上海市", "310000"), ("广西南宁市", "450100"), ("内蒙古呼和浩特", "150100"),
    ],
)  # fmt: skip
def test_provinces_and_prefectures_are_known_by_name(name: str, code: str) -> None:
    assert regions_by_name()[name] == code


def test_every_code_by_name_has_that_name() -> None:
    wrong = {name: code for name, code in regions_by_name().items() if name not in (region_name(code) or "")}
    short = {name: code for name, code in wrong.items() if not (region_name(code) or "").startswith(name[:2])}
    assert short == {}
