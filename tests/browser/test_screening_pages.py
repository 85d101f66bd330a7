"""A tender list in a real browser: pasted by keyboard, told, proved; sound and fitting at every width."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Open, answer
from tests.browser.looks import LOOKS
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of


def bidders(served: str) -> str:
    listed = answer(served, "/api/v1/blacklist?limit=1")["items"][0]
    good = answer(served, "/api/v1/enterprises?grade=AAA&limit=1")["items"][0]
    return f"{listed['code']} {listed['name']}\n{good['code']}\n铜都无码商贸有限公司\n{good['code'][:17]}0\n外地有限公司"


def test_a_list_is_pasted_screened_and_proved_by_keyboard(open_page: Open, served: str) -> None:
    page = open_page("/screening")
    tab_to(page, "textbox", "粘贴（一行一家：代码、名称，或两者）")
    page.keyboard.insert_text(bidders(served))
    tab_to(page, "button", "核查")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("5 家：")
    expect(page.locator(".bidder-excluded")).to_have_count(1)
    expect(page.locator(".bidder-invalid")).to_contain_text("是否为")
    secret = page.locator(".receipt [data-copy]").inner_text().split()[0]
    page.locator(".receipt a").click()
    expect(page.get_by_role("status")).to_contain_text("有效")
    page.get_by_label("查询码").fill(secret)
    page.keyboard.press("Enter")
    expect(page.locator(".bidder")).to_have_count(5)


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_what_was_found_fits(
    open_page: Open, served: str, width: int, scheme: str, lang: str
) -> None:
    page = open_page(f"/screening?lang={lang}", width, scheme, lang)
    complaints, axe = complaints_of(page), Axe()
    page.locator("#list").fill(bidders(served))
    page.locator("button[value=page]").click()
    for _ in range(2):
        found = axe.run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".receipt a").click() if page.locator(".receipt a").count() else None
    assert complaints == []
