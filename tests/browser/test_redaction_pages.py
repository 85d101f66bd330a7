"""Masking a text in a real browser: sound at each width, in both languages, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.desk import officer_of, register_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.desk import Login
from tests.makers import ago, make_enterprise, make_event, notices, violation
from tests.serving import Served

PERSONAL = (
    "2026年9月1日，证人张三丰（身份证号110105194912310021，电话13800138000）称，当事人法定代表人陈大文在铜陵市铜官区长江路12号"
    "3幢502室向学生王小虎（12岁）销售不合格的电线电缆，货款汇入6222021234567890128。当事人货值金额12000元。"
)


@pytest.fixture(scope="module")
def officer(served: Served) -> Login:
    """A reporter of the served register."""
    return officer_of(served, "reporter")


def waiting(served: Served, number: int) -> int:
    """A violation whose text waits."""
    with register_of(served.database):
        code, day = make_enterprise(900 + number), ago(5)
        return make_event(violation(code, facts=PERSONAL, occurred_on=ago(9), decided_on=day, notices=notices(day)))


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_from_the_list_to_the_published_text(
    open_page: Open, served: Served, officer: Login, width: int, scheme: str, lang: str
) -> None:
    event = waiting(served, LOOKS.index((width, scheme, lang)))
    page = open_page("/desk", width, scheme, lang, script=True)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    sign_in(page, officer, "/desk/redactions")
    page.goto(f"/desk/redactions?lang={lang}")
    sound("list")
    page.goto(f"/desk/events/{event}/redaction?lang={lang}")
    expect(page.locator("mark.found")).to_have_count(8)
    sound("open")
    page.locator("details.adding summary").first.click()
    page.locator("#masked").fill("不是原文")
    page.locator("button", has_text=re.compile("公示这份文本|Show this text")).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#masked")
    expect(page.locator("#masked")).to_have_value("不是原文")
    sound("mistake")
    page.locator("button", has_text=re.compile("采用建议文本|Take the proposal")).click()
    expect(page.get_by_role("status")).to_be_visible()
    sound("done")
    page.get_by_role("status").get_by_role("link").click()
    expect(page.locator(".event-facts")).to_contain_text("证人张某（身份证号[身份证号已隐去]")
    sound("public")
    assert [text for text in complaints if not is_a_refused_page(text)] == []


def test_the_proposal_is_taken_without_script(open_page: Open, served: Served, officer: Login) -> None:
    event = waiting(served, 40)
    page = open_page("/desk", script=False)
    sign_in(page, officer, f"/desk/events/{event}/redaction")
    page.locator("button", has_text="采用建议文本").click()
    expect(page.get_by_role("status")).to_contain_text("已办理")
