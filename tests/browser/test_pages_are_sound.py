"""Each page at two widths, light and dark, in both languages, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, axe_on


def complaints_of(page: Page) -> list[str]:
    """What the console says from now on, violations of the content policy among it."""
    heard: list[str] = []
    page.on(
        "console",
        lambda message: (
            heard.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def is_a_refused_page(complaint: str) -> bool:
    """Chromium reports the status of a page that rightly answers 4xx."""
    return "the server responded with a status of 4" in complaint


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_and_the_page_fits(
    open_page: Open, paths: dict[str, str], width: int, scheme: str, lang: str
) -> None:
    page = open_page("/help", width, scheme, lang)
    complaints = complaints_of(page)
    for name, path in paths.items():
        page.goto(path)
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert [text for text in complaints if not is_a_refused_page(text)] == []


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_pages_are_whole_without_script(
    open_page: Open, paths: dict[str, str], width: int, scheme: str, lang: str
) -> None:
    page = open_page("/help", width, scheme, lang, script=False)
    complaints = complaints_of(page)
    for name, path in paths.items():
        page.goto(path)
        assert page.locator("h1").is_visible(), name
        assert page.locator("main").inner_text().strip(), name
        assert page.locator("noscript").count() == 0, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert [text for text in complaints if not is_a_refused_page(text)] == []


def test_script_adds_comforts_and_nothing_else(open_page: Open, paths: dict[str, str]) -> None:
    with_script = open_page(paths["grade B"])
    without = open_page(paths["grade B"], script=False)
    assert all(page.get_by_role("link", name="PDF（A4，附核对码）").is_visible() for page in (with_script, without))
    assert with_script.get_by_role("button", name="复制").is_visible()
    for part in (".ledger", ".events", ".grade-card"):
        assert with_script.locator(part).inner_text() == without.locator(part).inner_text()


def test_a_page_fits_when_enlarged_to_400_per_cent(open_page: Open, paths: dict[str, str]) -> None:
    """WCAG 1.4.10: at 400 per cent a desk screen is 320 pixels wide."""
    page = open_page("/help", width=320)
    for name, path in paths.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
