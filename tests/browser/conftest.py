"""A real Chromium in front of the served register: one browser, one context for each variation."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
NO_CHROMIUM = f"no Chromium at {CHROMIUM} (apt-get install chromium)"
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    found = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if found is None:
        missing = pytest.fail if os.environ.get("CREDIT_REQUIRE_ALL") == "1" else pytest.skip
        missing(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, served: str) -> Iterator[Open]:
    """Opens a page of the register in a new context: `open_page("/", width=375, script=False)`."""
    contexts: list[BrowserContext] = []

    def open_at(
        path: str, width: int = 1280, scheme: Any = "light", lang: str = "zh", script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=served,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale={"zh": "zh-CN", "en": "en-GB"}[lang],
            java_script_enabled=script,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def paths(served: str) -> dict[str, str]:
    """One address for each kind of page, enterprises of several grades among them."""
    graded = {
        grade: items[0]["code"]
        for grade in ("AAA", "B", "N")
        if (items := answer(served, f"/api/v1/enterprises?grade={grade}&limit=1")["items"])
    }
    listed = answer(served, "/api/v1/blacklist?limit=1")["items"][0]["code"]
    return {
        "home": "/",
        "search": f"/enterprises?q={quote('铜都')}",
        "nothing found": f"/enterprises?q={quote('没有这家')}",
        "blacklist": "/blacklist",
        "rulebook": "/rulebook",
        "help": "/help",
        "screening": "/screening", "log": "/log", "tender file": "/verify", "suppliers": "/suppliers", "statistics": "/statistics",
        "listed": f"/enterprises/{listed}",
        "bad code": "/enterprises/123",
        **{f"grade {grade}": f"/enterprises/{code}" for grade, code in graded.items()},
    }


def answer(served: str, path: str) -> Any:
    """What the API answers."""
    with urllib.request.urlopen(served + path, timeout=10) as response:
        return json.load(response)
