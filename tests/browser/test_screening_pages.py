"""A tender list in a real browser: pasted by keyboard, told, proved; sound and fitting at every width."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, answer
from tests.browser.looks import LOOKS, axe_on
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
    complaints = complaints_of(page)
    page.locator("#list").fill(bidders(served))
    page.locator("button[value=page]").click()
    for _ in range(2):
        found = axe_on(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".receipt a").click() if page.locator(".receipt a").count() else None
    assert complaints == []


def test_the_list_is_filtered_by_verdict_without_a_script(open_page: Open, served: str) -> None:
    page = open_page("/screening")
    page.locator("#list").fill(bidders(served) + "\n另一家外地有限公司")
    page.locator("button[value=page]").click()
    expect(page.locator(".bidder:visible")).to_have_count(6)
    page.get_by_role("radio", name="依法禁止参加").check()
    expect(page.locator(".bidder:visible")).to_have_count(1)
    expect(page.locator(".bidder-excluded:visible")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".bidder:visible")).to_have_count(6)


def test_a_large_file_tells_how_far_it_is_and_comes_back(open_page: Open, tmp_path: Path) -> None:
    rows = "\n".join(f"铜都外地第{number}有限公司,备注备注备注备注" for number in range(6_000))
    sent = tmp_path / "名单.csv"
    sent.write_text(f"企业名称,备注\n{rows}\n", encoding="utf-8")
    page = open_page("/screening")
    page.locator("#file").set_input_files(sent)
    with page.expect_download() as download:
        page.locator("button[value=file]").click()
        expect(page.locator(".progress")).to_contain_text("正在")
    back = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(back) == 6_001 and back[0].startswith("企业名称,备注,核查结果")
    expect(page.locator(".progress")).to_have_count(0)
    page.locator("button[value=page]").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("6000 家：")


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_in_a_tenders_file(
    open_page: Open, served: str, width: int, scheme: str, lang: str
) -> None:
    page = open_page(f"/screening?lang={lang}", width, scheme, lang)
    page.locator("#list").fill(bidders(served))
    page.locator("button[value=page]").click()
    page.locator(".receipt button[value=open]").click()
    page.locator(".clear summary").first.click()
    form = page.locator(".clear form").first
    form.locator("[name=by]").fill("王某")
    form.locator("[name=reason]").fill("另一家，已核实")
    form.locator("button").click()
    for step in (None, ".acts button[value=recheck]"):
        if step:
            page.locator(step).click()
        found = axe_on(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
