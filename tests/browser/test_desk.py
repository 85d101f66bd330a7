"""The desk in a real browser: signing in and supposing by keyboard, at every width, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import officer_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.desk import Login
from tests.serving import Served


@pytest.fixture(scope="module")
def officer(served: Served) -> Login:
    """A supervisor of the served register."""
    return officer_of(served)


def suppose(page: Page, code: str) -> None:
    """A prize is added, and the first record that costs points is repaired."""
    page.goto(f"/desk/what-if?code={code}")
    page.locator(".ends select").first.select_option("repaired")
    page.locator("details.adding summary").nth(2).click()
    page.locator("button[value=award]").click()
    expect(page.locator(".sides")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_desk_fits(
    open_page: Open, paths: dict[str, str], officer: Login, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    sound("door")
    sign_in(page, officer)
    sound("choice")
    page.goto("/desk")
    sound("start")
    suppose(page, paths["grade B"].rpartition("/")[2])
    sound("both sides")
    page.locator("details.adding summary").nth(0).click()
    page.locator("#violation-fine").fill("many")
    page.locator("button[value=violation]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound("mistake")
    assert [text for text in complaints if not is_a_refused_page(text)] == []


def test_from_the_door_to_both_sides_by_keyboard_without_script(
    open_page: Open, paths: dict[str, str], officer: Login
) -> None:
    page = open_page("/desk/what-if", script=False)
    tab_to(page, "textbox", "登录名")
    page.keyboard.type(officer.login)
    page.keyboard.press("Tab")
    page.keyboard.type(officer.password)
    page.keyboard.press("Enter")
    tab_to(page, "searchbox", "企业代码或名称")
    page.keyboard.type(paths["grade B"].rpartition("/")[2])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("^假设推演"))).to_be_visible()
    page.locator(".ends select").first.focus()
    page.keyboard.press("ArrowDown")
    tab_to(page, "button", "推演")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^等级由 B 变为"))).to_be_visible()
    expect(page.locator(".moved").first).to_contain_text("变化")
    page.locator("#on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^等级由 B 变为"))).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("登录名")).to_be_visible()


def test_a_mistake_leads_to_its_field(open_page: Open, paths: dict[str, str], officer: Login) -> None:
    page = open_page("/desk")
    sign_in(page, officer)
    page.goto(f"/desk/what-if?code={paths['grade B'].rpartition('/')[2]}")
    page.locator("details.adding summary").nth(0).click()
    page.locator("#violation-fine").fill("")
    page.locator("button[value=violation]").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#violation-fine")).to_be_focused()
    expect(page.locator("#violation-fine")).to_have_attribute("aria-invalid", "true")


def test_a_supposition_prints_without_its_form(open_page: Open, paths: dict[str, str], officer: Login) -> None:
    page = open_page("/desk")
    sign_in(page, officer)
    suppose(page, paths["grade B"].rpartition("/")[2])
    page.emulate_media(media="print")
    assert not page.locator("#suppose").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    assert page.locator(".both").is_visible() and page.locator(".supposed").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 3


def test_what_lies_ahead_is_drawn_lighter(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade B"], width=375)
    expect(page.get_by_role("heading", name="往后会自己怎样变")).to_be_visible()
    coming = page.locator(".chart-ahead")
    assert coming.count() >= 2
    assert float(coming.first.evaluate("element => getComputedStyle(element).opacity")) < 1
    assert page.locator(".chart-today").count() == 1
