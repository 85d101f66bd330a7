"""`python -m tests.benchmarks [row ...]`: run the rows, print the table, write it as JSON.

BENCH_SIZE is the number of enterprises (1,000,000); BENCH_OUT the JSON file.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measure import Row, table, write_json

# Each row by its module and function: a row that isn't asked for loads nothing.
ROWS = {
    "code-check": ("codecheck", "code_check"),
    "import": ("intake", "enterprises_from_csv"),
    "grading": ("regrading", "full_grading"),
    "regrade": ("replaying", "nothing_changed"),
    "daily": ("replaying", "daily"),
    "backtest": ("replaying", "draft_day"),
    "event": ("replaying", "one_event"),
    "batch": ("batches", "against_single_and_bare"),
    "batch-memory": ("batches", "memory"),
    "growth": ("replaying", "growth"),
    "screening": ("screening", "exact"),
    "screening-doors": ("screening", "doors"),
    "search": ("search", "two_characters"),
    "matching": ("matching", "quality"),
    "matching-speed": ("matching_speed", "mixed_list"),
    "draw": ("draws", "of_10_000"),
    "statistics": ("quality", "page_and_building"),
    "feed": ("feed", "pages_of_10000"),
    "lookup-sqlite": ("lookup", "on_sqlite"),
    "lookup-postgres": ("lookup", "on_postgres"),
}


def run(names: list[str], size: int) -> list[Row]:
    """The rows of the named benchmarks, in the order of the table above."""
    found: list[Row] = []
    for name, (module, function) in ROWS.items():
        if name in names:
            print(f"{name}: {size:,} enterprises ...", file=sys.stderr, flush=True)
            rows = getattr(import_module(f"tests.benchmarks.{module}"), function)(size)
            print(table(rows), file=sys.stderr, flush=True)
            found += rows
    return found


def main() -> int:
    names = sys.argv[1:] or list(ROWS)
    if unknown := set(names) - set(ROWS):
        print(
            f"No such row: {', '.join(sorted(unknown))}. Rows: {', '.join(ROWS)}", file=sys.stderr
        )
        return 2
    size = int(os.environ.get("BENCH_SIZE", "1000000"))
    rows = run(names, size)
    print(table(rows))
    write_json(rows, Path(os.environ.get("BENCH_OUT", "instance/benchmarks.json")), size)
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
