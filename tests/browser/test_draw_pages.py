"""Draws at the desk in a real browser: a plan typed by hand, drawn, and the pages sound and fitting at every width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests import draw_cases
from tests.browser.conftest import Open
from tests.browser.desk import officer_of, register_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_pages_are_sound import complaints_of
from tests.serving import Served

PAGE = "/desk/draws"
NUMBERS = iter(range(1, 1000))


def plan(page: Page) -> None:
    """A plan, typed and kept."""
    typed = {"id": f"浏览器{next(NUMBERS)}", "title": "年度双随机抽查", "months": "10、11", "size": "5"}
    for name, text in (typed | {"starts_on": "2026-10-01", "ends_on": "2036-12-31"}).items():
        page.fill(f"#{name}", text)
    page.click("form.narrow button")
    page.wait_for_url("**/desk/draws/*")


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_pages_fit(
    open_page: Open, served: Served, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)
    sign_in(page, officer_of(served), PAGE)
    with register_of(served.database):
        drawn = draw_cases.led(draw_cases.planned(10_000 + next(NUMBERS), size=5, shares=None), "draw")
    plan(page)
    for path in (page.url, f"{page.url.partition('/desk')[0]}{PAGE}", f"{PAGE}/{drawn}"):
        page.goto(f"{path.partition('?')[0]}?lang={lang}")
        found = axe_on(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert complaints == []
