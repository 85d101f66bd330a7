"""What people come for, by keyboard alone, and what the pages say to them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, answer


def tab_to(page: Page, role: str, name: str | re.Pattern[str], most: int = 60) -> None:
    """Press Tab until the named thing has the focus, which must then be visible."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    expect(wanted).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
            return
    raise AssertionError(f"{name} can't be reached by Tab")


def test_from_home_to_an_enterprise_by_keyboard(open_page: Open) -> None:
    page = open_page("/")
    tab_to(page, "searchbox", "企业名称、统一社会信用代码或简称")
    page.keyboard.type("铜都")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="与“铜都”相符的企业")).to_be_visible()
    first = page.locator(".results h3 a").first
    name = first.inner_text()
    tab_to(page, "link", name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_role("heading", name="为什么")).to_be_visible()


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page: Open) -> None:
    page = open_page("/blacklist")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_blacklist_is_filtered_by_keyboard(open_page: Open, served: str) -> None:
    listed = answer(served, "/api/v1/blacklist?limit=1")["items"][0]
    page = open_page("/blacklist")
    tab_to(page, "searchbox", "企业名称或代码")
    page.keyboard.type("没有这家企业")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="没有符合条件的列入")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("没有这家企业")
    tab_to(page, "link", "看全部在列企业")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=listed["name"]).first).to_be_visible()
    page.get_by_label("事由").select_option(listed["ground"])
    tab_to(page, "button", "筛选")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"ground={listed['ground']}"))
    expect(page.get_by_role("link", name=listed["name"]).first).to_be_visible()


def test_the_language_is_switched_and_kept(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade B"])
    tab_to(page, "link", "English")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.get_by_role("link", name="Blacklist").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Blacklist"))).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^黑名单"))).to_be_visible()


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-Hans-CN,en;q=0.8", "zh-CN"),
        ("zh-TW,en;q=0.9", "zh-CN"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr", "zh-CN"),
    ],
)
def test_a_browsers_own_language_is_understood(open_page: Open, header: str, lang: str) -> None:
    response = open_page("/help").request.get("/help", headers={"Accept-Language": header})
    assert response.headers["content-language"] == lang
    assert f'<html lang="{lang}">' in response.text()


def test_the_reasons_add_up_to_the_score(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade B"])
    points = page.locator(".ledger .points").all_inner_texts()
    score = page.locator(".ledger tfoot .figure").inner_text()
    assert sum(int(text.replace("\u2212", "-")) for text in points) == int(score)
    assert page.locator(".ledger .total").last.inner_text() == score


def test_events_are_filtered_by_kind_without_script(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade AAA"], script=False)
    every = page.locator(".event").count()
    page.get_by_role("link", name=re.compile("^荣誉")).click()
    expect(page.locator(".event-award").first).to_be_visible()
    assert page.locator(".event").count() == page.locator(".event-award").count() < every


def test_a_listed_enterprise_says_so_first(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["listed"], width=375)
    box = page.locator(".listed")
    expect(box.get_by_text("救济途径")).to_be_visible()
    assert box.bounding_box()["y"] < page.locator(".grade-card").bounding_box()["y"]  # type: ignore[index]


def test_not_rated_is_said_with_dignity(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade N"])
    expect(page.locator(".grade-card")).to_contain_text("荣誉和证书照样显示")
    assert page.locator(".ledger").count() == 0


def test_a_wrong_code_leads_to_the_right_one(open_page: Open, paths: dict[str, str]) -> None:
    code = paths["grade B"].rpartition("/")[2]
    swapped = code[:10] + code[11] + code[10] + code[12:]
    if swapped == code:
        swapped = ("8" if code[0] != "8" else "9") + code[1:]
    page = open_page("/")
    page.get_by_role("searchbox").fill(swapped)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("校验位")
    page.get_by_role("link", name=code).click()
    expect(page.locator(".ledger")).to_be_visible()


def test_the_record_prints_as_a_report(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["grade B"], scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".menu").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    assert page.locator(".ledger").is_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 1 <= pages <= 4
