"""Workbooks: the first sheet, its first row that is not empty as header. Formulas are never evaluated.

A cell with a formula is the value that was last computed and stored with it.
"""

from __future__ import annotations

import subprocess  # nosec B404: it runs our own script, without a shell
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.services.archives import check_archive
from credit.services.marks import BLANK, NUMBERED, headers
from credit.services.openings import ZIP

WORKER = Path(__file__).with_name("workbook_worker.py")
Cells = tuple[list[str], list[int]]


def table(path: Path) -> pl.DataFrame:
    """Every cell as text, with `line`, and `#number_typed` with the headers of numeric cells."""
    names, lines, body, numbers = [], [], [], []
    for line, header, cells, numeric in rows(path):
        names = header
        lines.append(line)
        body.append(cells)
        numbers.append(numeric)
    columns = {
        name: pl.Series([row[place] for row in body], dtype=pl.String) for place, name in enumerate(names) if name
    }
    marks = {
        NUMBERED: pl.Series(numbers, dtype=pl.List(pl.String)),
        "line": pl.Series(lines, dtype=pl.Int64),
    }
    return pl.DataFrame(columns | marks)


def rows(path: Path) -> Iterator[tuple[int, list[str], list[str], list[str]]]:
    """Each row as its line, the headers, its cells in their order, the headers of cells typed as numbers."""
    names: list[str] = []
    for line, (cells, numeric) in enumerate(_told(path), start=1):
        if not names:
            if any(cell.strip(BLANK) for cell in cells):
                names = headers(cells, path.name)
            continue
        filled = (cells + [""] * len(names))[: len(names)]
        yield line, names, filled, [names[place] for place in numeric if place < len(names) and names[place]]
    if not names:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")


def _told(path: Path) -> Iterator[Cells]:
    """What the worker tells, row by row. Raises FileRefused where it doesn't come to its end."""
    with path.open("rb") as file:
        if file.read(4) == ZIP:
            check_archive(path)
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-I", str(WORKER), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as worker:  # nosec B603
            whole = False
            try:
                for told in worker.stdout or ():
                    if told == b"true\n":
                        whole = True
                        break
                    if not told.endswith(b"\n"):
                        break
                    yield orjson.loads(told)
            finally:
                if not whole:
                    worker.kill()
        if whole:
            return
        errors.seek(0)
        why = errors.read(300).decode(errors="replace").strip()
    raise FileRefused(
        f"{path.name} is no workbook that can be read: {why or 'it needs more memory or time than one may have'}",
        zh="不是可读取的工作簿，或内容过大（超出内存或时间上限），请改用 CSV 导入",
    )
