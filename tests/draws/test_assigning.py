"""The draw of inspectors: teams, region, trade, recusal, and even loads."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.draws.inspectors import Inspector, Task, assign, crew
from credit.rules.draws.refusals import AllRecused, TooFewInspectors


def inspector(number: int, **known: object) -> Inspector:
    """An inspector who may go everywhere."""
    return Inspector(f"i{number:03}", **known)  # type: ignore[arg-type]


def tasks(many: int, region: str = "340700") -> list[Task]:
    return [Task(f"k{number:05}", region) for number in range(many)]


def loads(given: dict[str, tuple[str, ...]], people: list[Inspector]) -> list[int]:
    """How many tasks each inspector has."""
    return [one.load + sum(one.id in team for team in given.values()) for one in people]


@given(st.integers(2, 12), st.integers(0, 40), st.integers(2, 3), st.text("ab", min_size=1))
def test_loads_differ_by_one_at_most_and_teams_are_whole(people: int, many: int, each: int, seed: str) -> None:
    team = [inspector(number) for number in range(max(people, each))]
    found = assign(tasks(many), crew(team, None, each), seed, "plan")
    assert all(len(set(one)) == each for one in found.values())
    assert max(loads(found, team)) - min(loads(found, team)) <= 1


@settings(max_examples=60)
@given(st.data())
def test_loads_are_as_even_as_recusal_lets_them(data: st.DataObject) -> None:
    """Against every possible assignment: the sum of squares of the loads is the least."""
    people, many = data.draw(st.integers(3, 4)), data.draw(st.integers(1, 4))
    keys = [task.key for task in tasks(many)]
    away = [frozenset(data.draw(st.sets(st.sampled_from(keys)))) for _ in range(people)]
    team = [inspector(n, recused=gone, load=data.draw(st.integers(0, 2))) for n, gone in enumerate(away)]
    free = [[one for one in team if key not in one.recused] for key in keys]
    if min(map(len, free)) < 2:
        with pytest.raises(AllRecused):
            assign(tasks(many), crew(team, None, 2), "s", "p")
        return
    found = assign(tasks(many), crew(team, None, 2), "s", "p")
    assert all(one.id not in found[key] for one in team for key in one.recused)
    best = min(
        sum((one.load + sum(one in pair for pair in pairs)) ** 2 for one in team)
        for pairs in itertools.product(*(itertools.combinations(some, 2) for some in free))
    )
    assert sum(load**2 for load in loads(found, team)) == best


def test_the_order_of_the_directory_means_nothing_and_the_seed_decides() -> None:
    team = [inspector(number) for number in range(9)]
    usual = assign(tasks(20), crew(team, None, 2), "seed", "plan")
    assert assign(tasks(20), crew(team[::-1], None, 2), "seed", "plan") == usual
    assert assign(tasks(20), crew(team, None, 2), "other", "plan") != usual


def test_whoever_has_much_to_do_waits() -> None:
    team = [inspector(0, load=5), inspector(1), inspector(2)]
    found = assign(tasks(4), crew(team, None, 2), "seed", "plan")
    assert loads(found, team) == [5, 4, 4]


def test_region_and_trade_are_kept() -> None:
    team = [
        inspector(0, regions=("3407",), qualifications=frozenset({"food"})),
        inspector(1, regions=("340705",), qualifications=frozenset({"food", "toys"})),
        inspector(2, qualifications=frozenset({"food"})), inspector(3),
    ]  # fmt: skip
    found = assign([Task("a", "340705"), Task("b", "340711")], crew(team, "food", 2), "seed", "plan")
    assert found["b"] == ("i000", "i002")
    assert "i003" not in found["a"]
    with pytest.raises(TooFewInspectors) as refused:
        assign([Task("a", None)], crew(team, "food", 2), "seed", "plan")
    assert refused.value.extra == {"keys": ["a"], "needed": 2, "enough": 1}


def test_too_few_people_and_recusal_of_all_have_names() -> None:
    with pytest.raises(TooFewInspectors) as refused:
        crew([inspector(0), inspector(1)], "toys", 2)
    assert refused.value.extra["enough"] == 0
    away = frozenset({"k00001"})
    with pytest.raises(AllRecused) as all_away:
        assign(tasks(3), crew([inspector(n, recused=away) for n in range(3)], None, 2), "seed", "plan")
    assert all_away.value.extra["keys"] == ["k00001"]
