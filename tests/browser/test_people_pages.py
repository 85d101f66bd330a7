"""People and keys in a real browser: the first sign-in from paper to desk, and the administrators' pages."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import officer_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.desk import Login
from tests.serving import Served

PAGE = "/desk/people"


@pytest.fixture
def administrator(served: Served) -> Login:
    return officer_of(served, "administrator")


def unfold(page: Page) -> None:
    for place in range(page.locator("details.adding").count()):
        page.locator("details.adding > summary").nth(place).click()


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_pages_fit(
    open_page: Open, served: Served, administrator: Login, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    newcomer = officer_of(served, "decider", first=True)
    page.locator("#login").fill(newcomer.login)
    page.locator("#password").fill("wrong")
    page.locator("form.panel button").click()
    sound("mistake at the door")
    page.locator("#password").fill(newcomer.password)
    page.locator("form.panel button").click()
    expect(page.locator("svg.qr")).to_be_visible()
    sound("second factor")
    page.locator("#code").fill(pyotp.TOTP(page.locator("#secret").inner_text()).now())
    page.locator("form.panel button").click()
    sound("first password")
    page.get_by_role("button").first.click()
    sign_in(page, administrator, PAGE)
    unfold(page)
    sound("people")
    page.locator("#name").fill("局")
    page.locator("#region").fill("34")
    page.locator("button[value=department]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound("mistake")
    page.goto(PAGE)
    for part in ("departments", "officers", "keys"):
        link = page.locator(f"main a[href*='/people/{part}/']")
        if link.count():
            page.goto(str(link.last.get_attribute("href")))
            sound(part)
            page.goto(PAGE)
    assert [text for text in complaints if not is_a_refused_page(text)] == []


def test_a_newcomer_gets_from_the_first_password_to_the_desk_by_keyboard_without_script(
    open_page: Open, served: Served
) -> None:
    newcomer = officer_of(served, "decider", first=True)
    page = open_page("/desk/what-if", 375, script=False)
    tab_to(page, "textbox", "登录名")
    page.keyboard.type(newcomer.login)
    page.keyboard.press("Tab")
    page.keyboard.type(newcomer.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="绑定动态码")).to_be_visible()
    secret = page.locator("#secret").inner_text()
    tab_to(page, "textbox", "动态码")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="设定自己的密码")).to_be_visible()
    page.locator("#password").focus()
    for _ in range(2):
        page.keyboard.type("a password of my own")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="监管工作台")).to_be_visible()
    expect(page.get_by_role("link", name="假设推演")).to_be_visible()
    assert page.get_by_role("link", name="人员与密钥").count() == 0


def test_a_department_an_officer_and_a_key_are_added_and_ended(open_page: Open, administrator: Login) -> None:
    page = open_page("/desk")
    sign_in(page, administrator, PAGE)
    unfold(page)
    page.locator("#name").fill("示例区市场监督管理局")
    page.locator("button[value=department]").click()
    expect(page.get_by_role("status")).to_contain_text("示例区市场监督管理局")
    unfold(page)
    page.locator("#key-department").select_option(label="示例区市场监督管理局")
    page.locator("#label").fill("接口")
    page.locator("button[value=key]").click()
    key = page.locator("#secret").inner_text()
    assert key.startswith("qc_")
    page.goto(PAGE)
    assert key not in page.content()
    page.get_by_role("row", name="示例区市场监督管理局").get_by_role("link", name="接口").click()
    page.get_by_role("button", name="撤销密钥").click()
    expect(page.locator("#sure-revoke")).to_be_focused()  # the browser asks for the tick first
    page.locator("#sure-revoke").check()
    page.get_by_role("button", name="撤销密钥").click()
    expect(page.get_by_role("status")).to_contain_text("立即失效")
