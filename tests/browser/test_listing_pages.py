"""A listing at the desk in a real browser: by keyboard from the case to its notice, sound and fitting at every width."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from credit.clock import today
from tests.browser.conftest import Open
from tests.browser.desk import officer_of, register_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of
from tests.makers import WORKSHEET, make_enterprise, make_listing, make_officers
from tests.serving import Served

PAGE = "/desk/listings"


def case_of(served: Served, until: str = "propose") -> int:
    with register_of(served.database):
        return make_listing(make_enterprise(77, day=today()), today(), until, make_officers())


def look(page: Page, name: str, width: int) -> None:
    if folder := os.environ.get("CREDIT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_pages_fit(
    open_page: Open, served: Served, width: int, scheme: str, lang: str
) -> None:
    number = case_of(served)
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)
    sign_in(page, officer_of(served), PAGE)
    mine = ("/desk/watches", "/desk/delegations", "/desk/falls", "/desk/repairs", "/desk/archive", "/repairs/new")
    for path in ("/desk", PAGE, f"{PAGE}/new", f"{PAGE}?q=-", f"{PAGE}/{number}", *mine):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        found = axe_on(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        look(page, f"{lang}-{scheme}-{path.strip('/').replace('/', '-').replace('?', '')}", width)
    assert complaints == []


def test_from_the_case_to_its_notice_by_keyboard_alone(open_page: Open, served: Served) -> None:
    number = case_of(served)
    page = open_page("/desk")
    sign_in(page, officer_of(served), PAGE)
    page.goto(f"{PAGE}?q={number}&ledger=open")
    page.goto(f"{PAGE}/{number}")
    for name, typed in WORKSHEET.items():
        field = page.locator(f"#assess-{name}")
        for _ in range(60):
            if field.evaluate("element => element === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    tab_to(page, "checkbox", "我已核对，确认综合考量")
    page.keyboard.press("Space")
    tab_to(page, "button", "综合考量")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已办理：综合考量。")
    tab_to(page, "textbox", "文书号")
    page.keyboard.type("示例告〔2026〕7号")
    tab_to(page, "textbox", "送达日期")
    year, month, day = str(page.locator("#notify-served_on").get_attribute("max")).split("-")
    page.keyboard.type(month + day + year)
    tab_to(page, "checkbox", "我已核对，确认告知")
    page.keyboard.press("Space")
    tab_to(page, "button", "告知")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已办理：告知。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已告知")
