"""Loads made even: tasks move from the busiest inspectors along the shortest chains, until no move helps.

It is the optimum: a chain that helps exists whenever loads can be more even (Harvey et al., Semi-matchings, 2006).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

Team = set[str]


def balanced(given: list[Team], may: Sequence[frozenset[str]], before: Mapping[str, int]) -> None:
    """Change `given` (the team of each task) in place. `may`: who can take each task; `before`: loads of before."""
    tasks: dict[str, set[int]] = defaultdict(set)
    for number, team in enumerate(given):
        for one in team:
            tasks[one].add(number)
    loads = {one: load + len(tasks[one]) for one, load in before.items()}
    settled: set[str] = set()
    while open_ones := [one for one in loads if one not in settled and tasks[one]]:
        busiest = min(open_ones, key=lambda one: (-loads[one], one))
        chain, seen = _chain(busiest, tasks, given, may, loads, settled)
        if not chain:
            settled |= seen  # whoever is reached from here can't be relieved either
            continue
        for giver, task, taker in chain:
            given[task].remove(giver)
            given[task].add(taker)
            tasks[giver].remove(task)
            tasks[taker].add(task)
        loads[busiest] -= 1
        loads[chain[-1][2]] += 1


def _chain(
    start: str, tasks: Mapping[str, set[int]], given: Sequence[Team], may: Sequence[frozenset[str]],
    loads: Mapping[str, int], settled: set[str],
) -> tuple[list[tuple[str, int, str]], set[str]]:
    """The shortest chain (giver, task, taker) to somebody with 2 tasks fewer or more; or none, and who was reached."""
    came: dict[str, tuple[str, int]] = {}
    left, waiting = loads.keys() - settled - {start}, [start]
    emptied: set[frozenset[str]] = set()
    for giver in waiting:
        for task in sorted(tasks[giver]) if left else ():
            if may[task] in emptied:
                continue  # many tasks may be given to the same people
            able = left & may[task]
            found = sorted(able - given[task])
            if len(found) == len(able):
                emptied.add(may[task])
            left.difference_update(found)
            for taker in found:
                came[taker] = giver, task
                if loads[taker] <= loads[start] - 2:
                    return _way(start, taker, came), set()
            waiting += found
    return [], set(waiting)


def _way(start: str, end: str, came: Mapping[str, tuple[str, int]]) -> list[tuple[str, int, str]]:
    way, taker = [], end
    while taker != start:
        giver, task = came[taker]
        way.append((giver, task, taker))
        taker = giver
    return way[::-1]
