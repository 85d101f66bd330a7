"""How a page is looked at: each pair of width, scheme and language occurs; CREDIT_LONG=1 takes every one."""

from __future__ import annotations

from itertools import product

from tests.conftest import LONG

EVERY = list(product((375, 1280), ("light", "dark"), ("zh", "en")))
PAIRS = [(375, "light", "zh"), (375, "dark", "en"), (1280, "dark", "zh"), (1280, "light", "en")]
LOOKS = EVERY if LONG else PAIRS
