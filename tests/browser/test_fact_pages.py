"""A fact's history and the form of its correction in a real browser: sound at each width, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.desk import officer_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.desk import Login
from tests.serving import Served


@pytest.fixture(scope="module")
def officer(served: Served) -> Login:
    """A supervisor of the served register."""
    return officer_of(served)


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_from_dossier_to_a_refused_demand(
    open_page: Open, paths: dict[str, str], officer: Login, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    sign_in(page, officer)
    page.goto(f"/desk/enterprises/{paths['grade B'].rpartition('/')[2]}?lang={lang}")
    sound("dossier")
    page.locator(".fact h2 a").first.click()
    expect(page.locator("table.versions")).to_be_visible()
    sound("history")
    page.locator("details.adding summary").last.click()
    page.locator("#demand-wrong").fill("金额不符")
    page.locator("#demand-document_no").fill("核1")
    page.locator("#demand-sure").evaluate("box => { box.required = false }")
    page.locator("button", has_text=re.compile("提出|Demand")).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#demand-sure")
    expect(page.locator("#demand-wrong")).to_have_value("金额不符")
    sound("mistake")
    assert [text for text in complaints if not is_a_refused_page(text)] == []
