"""How a page is looked at: each pair of width, scheme and language occurs; CREDIT_LONG=1 takes every one."""

from __future__ import annotations

from itertools import product
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.conftest import LONG

EVERY = list(product((375, 1280), ("light", "dark"), ("zh", "en")))
PAIRS = [(375, "light", "zh"), (375, "dark", "en"), (1280, "dark", "zh"), (1280, "light", "en")]
LOOKS = EVERY if LONG else PAIRS


def axe_on(page: Page) -> Any:
    """What axe finds on a page; a page that a click has only just opened is let finish first."""
    page.wait_for_load_state()
    return Axe().run(page, options={"resultTypes": ["violations"]})
