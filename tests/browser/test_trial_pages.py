"""A policy on trial in a real browser: the desk's back-test with its charts, and the card of what was enacted."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from credit.clock import today
from credit.db import transaction
from credit.policy import FOLDER
from credit.services import enactment
from credit.services.backtest import backtest, first_day_on_file, summary
from tests.backtest_register import HARSH, draft
from tests.browser.conftest import Open, answer
from tests.browser.desk import officer_of, register_of, sign_in
from tests.browser.looks import LOOKS, axe_on
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages_are_sound import complaints_of, is_a_refused_page
from tests.conftest import QUIET, ROOT
from tests.desk import Login
from tests.makers import make_officers
from tests.policy_versions import checked
from tests.serving import Served, serve

PAGE, CARD = "/desk/backtest", "/rulebook/model-card"
MILDER = [FOLDER / name for name in HARSH]
# Words of a chart that are cut off at its edge, and words that stand on other words.
UNREADABLE = """
() => [...document.querySelectorAll("svg.chart")].flatMap(chart => {
  const frame = chart.getBoundingClientRect()
  const words = [...chart.querySelectorAll("text")].map(word => [word.textContent, word.getBoundingClientRect()])
  const cut = words.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
  const hidden = words.flatMap(([word, one], place) => words.slice(place + 1).filter(([, other]) =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 3
    && other.top < one.bottom - 3).map(([other]) => `${word} on ${other}`))
  return [...cut.map(([word]) => `${word} cut off`), ...hidden]
})
"""
# Tables that show fewer rows than they have: sideways they may be scrolled, downwards they stand whole.
CUT_TABLES = """
() => [...document.querySelectorAll(".wide")].filter(box => box.firstElementChild
  && box.getBoundingClientRect().height < box.firstElementChild.getBoundingClientRect().height - 1).length
"""


@pytest.fixture(scope="module")
def served(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the seeded register in which officers tried and enacted a harsher policy today."""
    url = f"sqlite:///{tmp_path_factory.mktemp('trial') / 'credit.db'}"
    files = (one.removeprefix("sqlite:///") for one in (served.database, url))
    with closing(sqlite3.connect(next(files))) as held, closing(sqlite3.connect(next(files))) as copy:
        held.backup(copy)
    with register_of(url):
        law, day = draft(HARSH), today()
        checked(HARSH, day, summary(backtest(law, day, first_day_on_file(law), day)))
        who = make_officers()
        with transaction("test") as change:
            enactment.propose(change, law.digest, who["decider"], day, "示例理由", day)
            enactment.enact(change, law.digest, who["confirmer"], day)
    quiet = QUIET | {"CREDIT_LOG_LEVEL": "WARNING", "WEB_CONCURRENCY": "1"}
    yield from serve({**os.environ, **quiet, "DATABASE_URL": url}, ROOT)


@pytest.fixture(scope="module")
def officer(served: Served) -> Login:
    """A supervisor."""
    return officer_of(served)


@pytest.fixture(scope="module")
def card(served: Served) -> dict[str, Any]:
    """The model card of the version in force as the API tells it."""
    told: dict[str, Any] = answer(served, "/api/v1/policy/model-card")
    assert told["backtest"]["moves"]["down"] > 0 and told["backtest"]["asks"] > 0
    return told


def try_milder(page: Page) -> None:
    """What was in force before, sent as the files of a draft and tried on the whole history."""
    page.goto(PAGE)
    page.locator("#files").set_input_files(MILDER)
    page.locator("form.try button").click()
    expect(page.locator("#summary-head")).to_be_visible()


def unfold(page: Page) -> None:
    """Open every table that is folded away."""
    folded = page.locator("main details:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.click()


def number_in(text: str) -> int:
    return int(re.sub(r"[^0-9-]", "", text))


@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_axe_finds_nothing_the_pages_fit_and_their_charts_are_read(
    open_page: Open, officer: Login, width: int, scheme: str, lang: str
) -> None:
    page = open_page("/desk", width, scheme, lang)
    complaints = complaints_of(page)

    def sound(name: str) -> None:
        found = axe_on(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(UNREADABLE) == [], name
        assert page.evaluate(CUT_TABLES) == 0, name
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]

    sign_in(page, officer)
    page.goto(PAGE)
    sound("form")
    page.locator("form.try button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound("mistake")
    try_milder(page)
    assert page.locator("svg.chart").count() >= 5
    assert page.evaluate(UNREADABLE) == []
    unfold(page)
    sound("result")
    page.goto(CARD)
    expect(page.locator("#backtest .heat")).to_be_visible()
    unfold(page)
    sound("card")
    assert [text for text in complaints if not is_a_refused_page(text)] == []


@pytest.mark.parametrize("script", [True, False])
def test_a_draft_is_tried_and_its_charts_say_what_the_tables_say(
    open_page: Open, officer: Login, card: dict[str, Any], script: bool
) -> None:
    page = open_page("/desk", 375, script=script)
    sign_in(page, officer)
    try_milder(page)
    moves = card["backtest"]["moves"]
    # The old version instead of the harsher one: who went down for that one goes up again.
    expect(page.locator("section.banner")).to_contain_text(f"升 {moves['down']} 家，降 {moves['up']} 家")
    assert page.locator("#movers tbody tr").count() == moves["moved"]
    cells = page.locator("#moves .heat tbody td").all_inner_texts()
    totals = page.locator("#moves .heat tbody td:last-child").all_inner_texts()
    assert sum(map(number_in, totals)) == moves["firms"] == sum(map(number_in, cells)) / 2
    for picture in page.locator("svg.chart").all():
        box = picture.bounding_box()
        assert box and box["width"] > 300 and box["height"] >= 60 and box["x"] + box["width"] <= 375
        assert picture.get_attribute("role") == "img"
    unfold(page)
    region = page.locator("figure", has=page.locator("#region-head"))
    ups = [number_in(text) for text in region.locator("tbody td:nth-child(3)").all_inner_texts()]
    drawn = [text for text in region.locator("svg .chart-number").all_text_contents() if text.startswith("↑")]
    assert [number_in(text) for text in drawn] == [number for number in ups if number] and sum(ups) == moves["down"]
    for name in ("observed", "all"):
        auc = card["backtest"][name]["grade"]["auc"]
        told = page.locator("figure", has=page.locator(f"#auc-{name}")).locator(".chart-label").all_text_contents()
        # The half-years lie before today, when the former version was in force: it is on both sides.
        by_grade = [float(text.rpartition("：")[2]) for text in told[:2]]
        assert by_grade == [pytest.approx(auc["old"]["value"], abs=6e-4)] * 2
        rates = page.locator("figure", has=page.locator(f"#rates-{name}"))
        assert rates.get_by_role("img", name=re.compile("^各等级之后的发生率")).is_visible()
        assert rates.locator("tbody tr").count() == 14


def test_by_keyboard_without_script_to_a_result_that_is_saved_and_printed(
    open_page: Open, officer: Login, card: dict[str, Any]
) -> None:
    page = open_page("/desk", script=False)
    sign_in(page, officer)
    page.goto("/desk")
    tab_to(page, "link", re.compile("回测"))
    page.keyboard.press("Enter")
    tab_to(page, "combobox", "已保存的草案或版本")
    page.keyboard.press("End")
    expect(page.locator("#draft option:checked")).to_contain_text("随程序启用")
    tab_to(page, "button", "开始回测")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="一眼看懂")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text(card["backtest"]["against"][:16])
    tab_to(page, "link", "这些数字不能说明什么")
    page.keyboard.press("Enter")
    expect(page.locator("#limits")).to_be_in_viewport()
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载结果（JSON）").click()
    report = json.loads(waited.value.path().read_bytes())
    assert waited.value.suggested_filename == f"backtest-{report['day']}.json"
    assert report["summary"]["moved"] == page.locator("#movers tbody tr").count() > 0
    page.emulate_media(media="print")
    assert not page.locator(".desk-bar").is_visible() and not page.locator(".after").is_visible()
    assert page.locator("svg.chart").first.is_visible() and page.locator(".heat").is_visible()


def test_a_mistake_leads_to_its_field_and_keeps_what_was_typed(open_page: Open, officer: Login) -> None:
    page = open_page("/desk")
    sign_in(page, officer)
    page.goto(PAGE)
    page.locator("#from").fill("2025-06-30")
    page.locator("#to").fill("2025-01-01")
    page.locator("#files").set_input_files(MILDER)
    page.locator("form.try button").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#to")).to_be_focused()
    expect(page.locator("#to")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#from")).to_have_value("2025-06-30")


@pytest.mark.parametrize(("lang", "told", "none"), [
    ("zh", "降 {}", "没有留下回测结果"), ("en", "{} down", "No back-test is kept"),
])  # fmt: skip
def test_a_card_is_found_from_the_rulebook_and_asked_for_another_day_without_script(
    open_page: Open, card: dict[str, Any], lang: str, told: str, none: str
) -> None:
    page = open_page("/rulebook", 375, lang=lang, script=False)
    page.locator(f"a[href*='{CARD}']").first.click()
    expect(page.locator(".facts .code")).to_have_text(card["policy"]["digest"][:16])
    expect(page.locator("#backtest")).to_contain_text(told.format(card["backtest"]["moves"]["down"]))
    assert page.locator("#limits li").count() == len(card["limits"])
    totals = page.locator("#data .totals dd").all_inner_texts()
    assert number_in(totals[0]) == card["data"]["enterprises"]
    page.locator("#on").fill("2024-01-01")
    page.locator("form.filters button").click()
    expect(page.locator("#backtest")).to_contain_text(none)
    expect(page.locator(".facts .code")).to_have_text(card["backtest"]["against"][:16])
