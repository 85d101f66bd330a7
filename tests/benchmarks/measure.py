"""Measuring: seconds of work, CPU of a call, where time goes, and the table of ratios."""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Self

SAMPLED_EVERY = 0.01


@dataclass(frozen=True)
class Row:
    """One line of the table: a ratio measured within one run, and what it should reach."""

    what: str
    against: str
    ratio: float
    reach: float
    ours: str
    theirs: str
    at_most: bool = False
    unit: str = "times"
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        return self.ratio <= self.reach if self.at_most else self.ratio >= self.reach


@dataclass
class Clock:
    """Seconds of a block: by the wall, and of CPU in this process (all its threads)."""

    wall: float = 0.0
    cpu: float = 0.0

    def __enter__(self) -> Self:
        gc.collect()
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._start[0]
        self.cpu = time.process_time() - self._start[1]


def cpu_of_calls(
    calls: dict[str, Callable[[], object]], each: dict[str, int], rounds: int
) -> dict[str, float]:
    """CPU seconds of one call: the median of interleaved rounds, so that drift hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(rounds + 1):
        names = list(calls)[turn % len(calls) :] + list(calls)[: turn % len(calls)]
        for name in names:
            call = calls[name]
            start = time.process_time()
            for _ in range(each[name]):
                call()
            taken[name].append((time.process_time() - start) / each[name])
    return {name: median(times[1:]) for name, times in taken.items()}


def wall_of(call: Callable[[Any], object], arguments: list[Any]) -> list[float]:
    """Wall seconds of each call, in rising order."""
    taken = []
    for argument in arguments:
        start = time.perf_counter()
        call(argument)
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def percentile(rising: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return rising[min(int(len(rising) * share), len(rising) - 1)]


@contextmanager
def where_time_goes(package: str = "credit") -> Iterator[dict[str, float]]:
    """Shares of the time by the package's innermost function on the stack, the largest first."""
    seen: Counter[str] = Counter()
    done = threading.Event()
    worker = threading.get_ident()

    def sample() -> None:
        while not done.wait(SAMPLED_EVERY):
            seen[_innermost(package, sys._current_frames().get(worker))] += 1

    sampler = threading.Thread(target=sample, daemon=True)
    shares: dict[str, float] = {}
    sampler.start()
    try:
        yield shares
    finally:
        done.set()
        sampler.join()
        total = sum(seen.values()) or 1
        shares.update({name: round(count / total, 3) for name, count in seen.most_common(8)})


def _innermost(package: str, frame: Any) -> str:
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module == package or module.startswith(f"{package}."):
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "elsewhere"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3f} ms"


def rows_a_second(rows: int, seconds: float) -> str:
    return f"{rows / seconds:,.0f}/s"


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | against | measured | reach | ours | theirs |", "|---|---|---|---|---|---|"]
    for row in rows:
        bound = "at most" if row.at_most else "at least"
        mark = "" if row.reached else " (missed)"
        lines.append(
            f"| {row.what} | {row.against} | {row.ratio:,.2f} {row.unit}{mark} "
            f"| {bound} {row.reach:g} {row.unit} | {row.ours} | {row.theirs} |"
        )
    return "\n".join(lines)


def write_json(rows: list[Row], path: Path, size: int) -> None:
    """The rows with their notes, for comparison with later runs."""
    found = [asdict(row) | {"reached": row.reached} for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"size": size, "rows": found}, ensure_ascii=False, indent=1, default=str) + "\n"
    )
