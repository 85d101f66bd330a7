"""Who inspects: at least two each, by ticket, who know the trade, serve the region and need not stay away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from credit.rules.draws.balance import balanced
from credit.rules.draws.refusals import AllRecused, TooFewInspectors
from credit.rules.draws.tickets import INSPECTOR, ticket

Slot = tuple[int, int, str]


class Inspector(NamedTuple):
    """An inspector of the directory. No regions: all of them; `recused`: keys of enterprises to stay away from."""

    id: str
    regions: tuple[str, ...] = ()
    qualifications: frozenset[str] = frozenset()
    load: int = 0
    recused: frozenset[str] = frozenset()

    def serves(self, region: str | None) -> bool:
        """Whether an enterprise of this region is within reach; regions are the first digits of its code."""
        return not self.regions or (region is not None and region.startswith(self.regions))


class Task(NamedTuple):
    """An enterprise that was drawn."""

    key: str
    region: str | None


@dataclass(frozen=True)
class Crew:
    """The inspectors who know the trade, by id, and how many go together."""

    able: dict[str, Inspector]
    each: int

    @cached_property
    def away(self) -> dict[str, frozenset[str]]:
        """Who must stay away from each enterprise of which that is told."""
        told: dict[str, frozenset[str]] = {}
        for one in self.able.values():
            for key in one.recused:
                told[key] = told.get(key, frozenset()) | {one.id}
        return told

    @cached_property
    def _near(self) -> dict[str | None, frozenset[str]]:
        return {}

    def near(self, region: str | None) -> frozenset[str]:
        """Who serves a region."""
        if region not in self._near:
            self._near[region] = frozenset(one.id for one in self.able.values() if one.serves(region))
        return self._near[region]

    def may_go(self, task: Task) -> frozenset[str]:
        """Whom a task may be given to. Raises TooFewInspectors, or AllRecused where recusal alone is why."""
        near = self.near(task.region)
        free = near - self.away[task.key] if task.key in self.away else near
        if len(free) >= self.each:
            return free
        recused = len(near) >= self.each
        told = f"{task.key}: {len(free)} of {len(near)} inspectors in reach may go, {self.each} are needed."
        kind = AllRecused if recused else TooFewInspectors
        zh = f"{task.key}：需要{self.each}名检查人员，可派{len(free)}名"
        raise kind(told, zh=zh, keys=[task.key], needed=self.each, enough=len(free))


def crew(inspectors: Sequence[Inspector], qualification: str | None, each: int) -> Crew:
    """The inspectors of a plan. Raises TooFewInspectors where not even one team can be made of them."""
    ordered = sorted(inspectors, key=lambda one: one.id)
    able = {one.id: one for one in ordered if qualification is None or qualification in one.qualifications}
    if len(able) < each:
        told = f"{len(able)} inspectors are qualified, {each} are needed for each enterprise."
        zh = f"符合条件的检查人员{len(able)}名，每家企业需要{each}名"
        raise TooFewInspectors(told, zh=zh, needed=each, enough=len(able), keys=[])
    return Crew(able, each)


def assign(tasks: Sequence[Task], inspectors: Crew, seed: str, plan: str) -> dict[str, tuple[str, ...]]:
    """The inspectors of each task, by its key, sorted by id. `tasks` come by ticket.

    Loads, those of before included, differ by at most 1 wherever region and recusal let them.
    Raises TooFewInspectors, AllRecused.
    """
    may = [inspectors.may_go(task) for task in tasks]
    given: list[set[str]] = [set() for _ in tasks]
    queue = _Queue(inspectors, seed, plan)
    for place in sorted(range(len(tasks)), key=lambda place: len(may[place])):
        given[place] = queue.first(may[place])
    balanced(given, may, {one.id: one.load for one in inspectors.able.values()})
    return {task.key: tuple(sorted(team)) for task, team in zip(tasks, given, strict=True)}


class _Queue:
    """Inspectors by their next slots, one heap for all tasks that the same people may be given."""

    def __init__(self, inspectors: Crew, seed: str, plan: str) -> None:
        self.each = inspectors.each
        self.slots = {one.id: _slots(one, seed, plan) for one in inspectors.able.values()}
        self.following = {number: next(held) for number, held in self.slots.items()}
        self.heaps: dict[frozenset[str], list[Slot]] = {}

    def first(self, free: frozenset[str]) -> set[str]:
        """Those of the free whose next slots come first; they are taken."""
        if free not in self.heaps:
            self.heaps[free] = [self.following[number] for number in free]
            heapify(self.heaps[free])
        heap, chosen = self.heaps[free], set[str]()
        while len(chosen) < self.each:
            slot = heappop(heap)
            number = slot[2]
            if slot == self.following[number]:
                chosen.add(number)
                self.following[number] = next(self.slots[number])
            else:
                heappush(heap, self.following[number])  # it was taken through another heap; later slots are larger
        for number in chosen:
            heappush(heap, self.following[number])
        return chosen


def _slots(one: Inspector, seed: str, plan: str) -> Iterator[Slot]:
    """An inspector's slots from the first free one on: number, ticket, id."""
    slot = one.load
    while True:
        yield slot, ticket(seed, plan, INSPECTOR, f"{one.id}\n{slot}"), one.id
        slot += 1
