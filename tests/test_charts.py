"""Charts of a back-test: sound XML, escaped text, places within the picture, numbers beside it."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask, g, render_template, render_template_string

from credit import create_app
from credit.rules.backtest.report import backtest_report
from credit.web import charts
from credit.web.charts import Chart
from tests.backtest_frames import DAY, GRADES, both, firms_of, followed, gradings

WICKED = "<b>甲</b>&\"'局"
PLACES = ("x", "x1", "x2", "cx", "width")
POLICIES = {
    which: {
        "name": {"zh": f"政策{which}", "en": f"policy {which}"},
        "digest": "0123456789abcdef0",
        "eras": [],
        "not_yet": [{"key": "points.base", "from": "2027-01-01"}],
    }
    for which in ("old", "new")
}
SPAN = {"first": "2020-01-01", "last": str(DAY), "seq": 7, "enterprises": 96}


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application without a database: a report is all that the page needs."""
    return create_app({"CREDIT_ENV": "test", "DATABASE_URL": "sqlite://"})


def report_of(
    old: list[int], new: list[int], outcomes: list[bool], most: int = 100
) -> dict[str, Any]:
    """The report on one day of firms with wicked names and departments."""
    graded = [
        gradings(
            (firm, DAY, GRADES[level], 90 - level if level < 6 else None)
            for firm, level in enumerate(levels)
        )
        for levels in (old, new)
    ]
    firms, departments = firms_of(len(old), WICKED)
    rows = both(*graded, followed(outcomes))
    return backtest_report(
        rows, DAY, firms, departments, POLICIES, seed=1, resamples=40, most=most
    )


def full() -> dict[str, Any]:
    levels = [0, 1, 2, 3, 4, 5, 6, 7] * 12
    moved = [1, 1, 3, 2, 4, 5, 3, 7] * 6 + [0, 1, 2, 4, 3, 6, 6, 7] * 6
    outcomes = [(level * 7 + place) % 9 > 5 for place, level in enumerate(levels)]
    return report_of(levels, moved, outcomes, most=5)


REPORTS = {
    "full": full,
    "nothing moves": lambda: report_of([0, 3, 5], [0, 3, 5], [False, True, False]),
    "nothing followed": lambda: report_of([0, 3, 5], [1, 2, 6], []),
    "nobody rated": lambda: report_of([6, 7], [6, 7], [True, False]),
    "no outcomes": lambda: report_of([0, 3], [1, 3], [False, False]),
    "all outcomes": lambda: report_of([0, 0], [3, 3], [True, True]),
}


def page(app: Flask, report: dict[str, Any], lang: str = "zh") -> str:
    with app.test_request_context(f"/policy/backtest?lang={lang}"):
        g.bearer = SimpleNamespace(department=WICKED)
        return render_template(
            "backtest.html", report=report | SPAN, charts=charts.charts(report), kept="e30="
        )


def figures(html: str) -> list[ElementTree.Element]:
    """Every chart, parsed as XML: what isn't well-formed raises."""
    return [
        ElementTree.fromstring(found) for found in re.findall(r"<figure.*?</figure>", html, re.S)
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_every_chart_is_sound_and_stands_within_its_picture(
    app: Flask, name: str, lang: str
) -> None:
    html = page(app, REPORTS[name](), lang)
    found = figures(html)
    assert len(found) >= 4
    assert not re.search(r"\sstyle=|<style|javascript:|\son\w+=", html)
    assert not re.search(r"\bnan\b|None(?! of)|Undefined|\binf\b", html)
    for figure in found:
        assert (figure.findtext("figcaption") or "").strip()
        for picture in figure.iter("svg"):
            places = [part.get(key, "0") for part in picture.iter() for key in PLACES]
            shares = [float(place.removesuffix("%")) for place in places if place.endswith("%")]
            assert all(0 <= share <= 100 for share in shares)


@pytest.mark.parametrize("name", REPORTS)
def test_every_picture_has_a_name_a_description_and_its_numbers_in_a_table(
    app: Flask, name: str
) -> None:
    html = page(app, REPORTS[name]())
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for figure in figures(html):
        for picture in figure.iter("svg"):
            if picture.get("aria-hidden") != "true":
                assert picture.get("role") == "img"
                assert {picture.get("aria-labelledby"), picture.get("aria-describedby")} <= set(ids)
                table = list(figure.iter("table")) or re.findall(
                    f'aria-labelledby="{picture.get("aria-labelledby")}">\\s*<table', html
                )
                assert table
    for reference in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html):
        assert reference in ids


def test_names_are_escaped(app: Flask) -> None:
    html = page(app, full())
    assert "<b>" not in html
    assert "&lt;b&gt;甲&lt;/b&gt;&amp;" in html


def test_the_page_says_in_words_what_moves_and_what_it_cannot_tell(app: Flask) -> None:
    report = full()
    html, english = page(app, report), page(app, report, "en")
    total = report["summary"]
    assert f"升 {total['up']} 家，降 {total['down']} 家" in html
    assert f"{total['up']} go up, {total['down']} go down" in english
    assert f"另有 {report['movers_left']} 家" in html
    assert html.count('<tr role="row">') == 1 + len(report["movers"])
    for limit in report["limits"]:
        assert limit["zh"] in html
    assert "分不出" in html or "预示得更" in html or "说不出" in html


def test_empty_states_help(app: Flask) -> None:
    assert "等级都不变" in page(app, REPORTS["nothing moves"]())
    assert "没有企业的等级会变" in page(app, REPORTS["nothing moves"]())
    assert "还没有一个半年" in page(app, REPORTS["nothing followed"]())
    assert "没有两种政策都评了级的企业" in page(app, REPORTS["nobody rated"]())
    assert "没有一家不合格或违法" in page(app, REPORTS["no outcomes"]())


def test_a_cell_is_the_darker_the_larger_its_share() -> None:
    assert [charts.shade(part, 100) for part in (0, 1, 5, 6, 20, 21, 50, 51, 80, 81, 100)] == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
    ]
    assert charts.shade(0, 0) == 0
    cells = charts.matrix(["AAA", "AA", "A", "B", "C", "D", "N", None], [[1] * 8] * 8)
    assert [cell.move for cell in cells[1][1]] == ["up", "same", *["down"] * 4, "apart", "apart"]
    assert cells[7][0] is None and cells[7][1][7].move == "same"


def test_bars_are_in_proportion_and_the_rest_stands_in_the_table() -> None:
    rows = [{"up": number, "down": 2 * number} for number in range(20, -1, -1)]
    chart: Chart = charts.moves(rows)
    assert len(chart.drawn) == charts.BARS
    far = charts.reach(40)
    assert (chart.drawn[0].down, chart.drawn[0].up) == (far, pytest.approx(far / 2, abs=0.01))
    assert charts.moves([{"up": 0, "down": 0}]).drawn == []


@pytest.mark.parametrize("firms", [1, 99, 1_000, 99_999, 123_456, 1_234_567, 98_765_432])
def test_beside_the_longest_bar_there_is_room_for_its_number_on_a_phone(app: Flask, firms: int) -> None:
    """A figure is at most 8 pixels wide (14px, tabular), the arrow with its space two of them."""
    row = {"value": "3407", "name": None, "firms": firms, "up": firms // 2, "down": firms, "gained": 0, "lost": 0}
    (bar,) = charts.moves([row]).drawn
    words = len(f"↓ {firms:,}") * 8
    left = (charts.HALF - 1 - bar.down) / 100 * 300
    assert bar.down >= 5 and left >= words
    with app.test_request_context("/?lang=en"):
        drawn = render_template_string(BARS, chart=charts.moves([row]), rows=[row])
    assert f'x="{49 - bar.down}%"' in drawn and f"↓ {firms:,}" in drawn


BARS = '{% from "charts.html" import move_bars with context %}{{ move_bars(chart, rows, "id", "title", "column") }}'


def test_the_axis_holds_every_interval_and_chance() -> None:
    def one(low: float | None) -> dict[str, Any]:
        return {
            "auc": {which: dict.fromkeys(("value", "low", "high"), low) for which in ("old", "new")}
        }

    low = charts.intervals({"grade": one(0.13), "score": one(0.2)})
    assert [tick for tick, _ in low.ticks] == [0.1, 0.2, 0.3, 0.4, 0.5] and low.reference == 98
    none = charts.intervals({"grade": one(None), "score": one(None)})
    assert [tick for tick, _ in none.ticks] == [0.5, 0.6] and none.drawn[0].x is None
