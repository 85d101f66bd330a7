"""Objections in a real browser: filed by keyboard without script, followed up, decided at the desk, at every look."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import officer_of, register_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.desk import Login
from tests.makers import make_enterprise, make_event, violation
from tests.objections.filings import PDF
from tests.serving import Served

_numbers = count(501)


@pytest.fixture(scope="module")
def officer(served: Served) -> Login:
    """A supervisor of the department that reported."""
    return officer_of(served)


@pytest.fixture
def entry(served: Served) -> tuple[str, int]:
    """A firm of its own with a violation on its record."""
    with register_of(served.database):
        code = make_enterprise(next(_numbers))
        return code, make_event(violation(code))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report to attach."""
    path = tmp_path / "复检报告.pdf"
    path.write_bytes(PDF)
    return path


def fill(page: Page, entry: tuple[str, int], report: Path) -> None:
    """The form, filled in but not sent."""
    page.goto(f"/objections/new?code={entry[0]}&event={entry[1]}&lang={page.locator('html').get_attribute('lang')[:2]}")
    page.locator("#document_no").fill("示例罚〔2026〕1号")
    page.locator("#words").fill("罚款金额与决定书不符，附复检报告。")
    page.locator("#attachments").set_input_files(report)
    page.locator("#name").fill("张示例")
    page.locator("#phone").fill("0562-1234567")


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_pages_fit(
    open_page: Open, entry: tuple[str, int], officer: Login, report: Path, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/objections", width, scheme, lang)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    sound("follow-up")
    fill(page, entry, report)
    sound("form")
    page.locator("#document_no").fill("别的号")
    page.locator(".steps button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound("mistake")
    fill(page, entry, report)
    page.locator(".steps button").click()
    expect(page.locator(".secret")).to_have_count(2)
    sound("receipt")
    number = page.locator(".secret").first.inner_text()
    page.goto(f"/enterprises/{entry[0]}")
    expect(page.locator(".contested")).to_be_visible()
    sound("marked")
    sign_in(page, officer, "/desk/objections")
    sound("cases")
    page.goto(f"/desk/objections/{number}")
    page.locator("details.adding summary").click()
    sound("case")
    page.locator("#outcome-rejected").check()
    page.locator("#decide-reason").fill("与决定书一致。")
    page.locator("#decide-sure").check()
    page.locator("form.panel button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    sound("decided")
    assert [text for text in complaints if not is_a_refused_page(text)] == []


def test_an_objection_is_filed_and_followed_by_keyboard_without_script(
    open_page: Open, entry: tuple[str, int]
) -> None:
    page = open_page(f"/enterprises/{entry[0]}", script=False)
    tab_to(page, "link", re.compile("^企业提异议或声明"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("提出异议或企业声明")
    for field, typed in (("文书号", "示例罚[2026]1号"), ("哪里有误、为什么；或声明全文", "对象有误。"), ("联系人", "张示例"),
                         ("电话", "0562-1234567")):  # fmt: skip
        tab_to(page, "textbox", field)
        page.keyboard.type(typed)
    tab_to(page, "button", "提交")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_have_count(2)
    number, secret = page.locator(".secret").all_inner_texts()
    page.goto("/objections")
    tab_to(page, "textbox", "编号")
    page.keyboard.type(number)
    page.keyboard.press("Tab")
    page.keyboard.type(secret.replace("-", " ").lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("办理中")).first).to_be_visible()
    assert secret not in page.url and number not in page.url


def test_a_receipt_prints_on_one_page(open_page: Open, entry: tuple[str, int], report: Path) -> None:
    page = open_page("/objections")
    fill(page, entry, report)
    page.locator(".steps button").click()
    expect(page.locator(".secret")).to_have_count(2)
    page.emulate_media(media="print")
    assert page.locator(".secret").last.is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
