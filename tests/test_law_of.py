"""Which law: the event's day or the grading day chooses a value, as the policy itself says."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest

from credit.errors import PolicyError
from credit.policy import load_policy
from credit.policy.keys import ENTRIES
from credit.rules.grading import grade
from credit.rules.law import EVENT_DAY, GRADING_DAY
from credit.rules.sentences import told
from credit.rules.spans import change_days
from tests.grading_frames import agree, facts_of, graded
from tests.makers import notices
from tests.strategies import random_history
from tests.varied_policy import varied

EITHER = [key for key, entry in ENTRIES.items() if len(entry.law_of) == 2]
LATER = [date(2021, 9, 1), date(2025, 6, 1), date(2026, 4, 1), date(2026, 10, 15)]
Changes = dict[str, dict[str, Any]]


def random_changes(chance: Random) -> Changes:
    """Later values for some keys that either day may choose, and the day that chooses."""
    held = [key for key in EITHER if key in load_policy().provisions]
    return {key: _change(chance, key) for key in chance.sample(held, 12)}


def _change(chance: Random, key: str) -> dict[str, Any]:
    days = sorted(chance.sample(LATER, chance.randint(1, 2)))
    law_of = chance.choice([EVENT_DAY, GRADING_DAY])
    return {
        "law_of": law_of,
        "later": [{"from": day, "value": _value(chance, key)} for day in days],
    }


def _value(chance: Random, key: str) -> Any:
    if key.startswith("ceilings."):
        return chance.choice(["AAA", "AA", "A", "B", "C"])
    if key.startswith("windows."):
        return chance.choice([1, 3, 12, 24, 60])
    number = chance.randint(0, 40)
    return number if load_policy().provisions[key].values[0].value > 0 else -number


@pytest.mark.parametrize("seed", range(6))
def test_kernel_and_oracle_agree_whichever_day_chooses(seed: int) -> None:
    chance = Random(f"law of {seed}")
    agree([random_history(chance) for _ in range(400)], random_changes(chance))


@pytest.mark.parametrize("seed", range(4))
def test_between_two_change_days_nothing_changes(seed: int) -> None:
    """Findings with their sources, too: `change_days` holds every day on which anything does."""
    chance = Random(f"days {seed}")
    law = varied(random_changes(chance) if seed else {})
    many = [random_history(chance, most=6) for _ in range(60)]
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in many], law)
    days = change_days(facts, law).filter(pl.col("day").is_between(law.first_day, date(2031, 1, 1)))
    ends = days.sort("enterprise", "day").with_columns(
        last=pl.col("day").shift(-1).over("enterprise").dt.offset_by("-1d")
    )
    ends = ends.filter(pl.col("last") > pl.col("day"))
    first, last = (
        _everything(ends.select("enterprise", day=name), facts, law) for name in ("day", "last")
    )
    assert ends.height > 200
    assert first.equals(last)


def _everything(asks: pl.DataFrame, facts: Any, law: Any) -> pl.DataFrame:
    """All that a grading says, in an order that doesn't depend on its day."""
    gradings = grade(asks, facts, law)
    blank = [pl.lit(None, dtype=pl.String).alias(n) for n in ("document_no", "what_zh", "what_en")]
    sentences = told(gradings.findings.with_columns(blank), gradings.gradings, law)
    whole = gradings.gradings.drop("day").join(sentences.drop("day"), on="ask", how="left")
    assert sentences["source"].null_count() == 0
    return whole.sort("ask", "rule", "event", "outcome", "points", "number", "because")


def test_the_source_of_a_finding_is_that_of_the_value_that_it_applies() -> None:
    change = {"from": date(2026, 7, 1), "value": -15, "source": "order107"}
    key = "points.violation-general"
    found = {}
    for law_of in (EVENT_DAY, GRADING_DAY):
        law = varied({key: {"law_of": law_of, "later": [change]}})
        facts = facts_of(
            [(_FIRM, [_fine(date(2026, 6, 30))], []), (_FIRM, [_fine(date(2026, 7, 1))], [])], law
        )
        asks = pl.DataFrame({"enterprise": [0, 1], "day": [date(2026, 11, 22)] * 2})
        rows = _everything(asks, facts, law).filter(pl.col("rule") == "violation-general")
        found[law_of] = [
            (points, source["number"]) for points, source in rows.select("points", "source").rows()
        ]
    assert found[EVENT_DAY] == [(-10, "P"), (-15, "市场监管总局令第107号")]
    assert found[GRADING_DAY] == [(-15, "市场监管总局令第107号")] * 2


_FIRM = {"registered_on": date(2015, 5, 5)}


def _fine(day: date) -> dict[str, Any]:
    return {
        "id": 1, "kind": "violation", "document_no": "甲1", "category": "product_quality",
        "penalties": ["fine"], "fine": 80000, "procedure": "ordinary", "occurred_on": day,
        "decided_on": day, "notices": notices(day), "proceedings": False,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["points.base", "bands.A", "caps.merit", "tiers.A", "grounds.D"])
def test_what_asks_about_the_enterprise_goes_by_the_grading_day_alone(key: str) -> None:
    with pytest.raises(
        PolicyError, match=rf"yaml: {key}: law_of is 'event_day'; allowed: grading_day\."
    ):
        varied({key: {"law_of": EVENT_DAY}})


@pytest.mark.parametrize(
    "key", ["severity.serious-fine", "publication.months", "finality.objection-days"]
)
def test_what_an_event_is_goes_by_its_own_day_alone(key: str) -> None:
    with pytest.raises(
        PolicyError, match=rf"yaml: {key}: law_of is 'grading_day'; allowed: event_day\."
    ):
        varied({key: {"law_of": GRADING_DAY}})


@pytest.mark.parametrize("key", EITHER)
def test_what_one_event_costs_brings_or_leaves_may_go_by_either(key: str) -> None:
    if key in load_policy().provisions:
        assert varied({key: {"law_of": EVENT_DAY}}).provisions[key].law_of == EVENT_DAY


def test_a_value_chosen_by_the_event_s_day_changes_nothing_on_its_first_day() -> None:
    later = [{"from": date(2027, 1, 1), "value": -15}]
    by_event, by_day = (
        varied({"points.violation-general": {"law_of": law_of, "later": later}})
        for law_of in (EVENT_DAY, GRADING_DAY)
    )
    assert date(2027, 1, 1) not in by_event.change_days
    assert date(2027, 1, 1) in by_day.change_days


def test_older_events_are_judged_by_what_held_on_the_first_day() -> None:
    law = varied({"points.brand": {"law_of": EVENT_DAY}})
    award = {
        "id": 1,
        "kind": "award",
        "category": "brand",
        "document_no": "甲1",
        "valid_from": date(1999, 1, 1),
    }
    facts = facts_of([(_FIRM, [award | {"valid_until": date(2030, 1, 1)}], [])], law)
    found = graded(facts, [(0, date(2026, 11, 22))], law).findings
    assert found.filter(pl.col("event") == 1)["rule"].to_list() == ["brand"]
