"""Workbooks: a sheet (the first), a row of it (the first that is not empty) as header. Formulas are never evaluated.

A cell with a formula is the value that was last computed and stored with it.
"""

from __future__ import annotations

import subprocess  # nosec B404: it runs our own script, without a shell
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.services.archives import check_archive
from credit.services.marks import BLANK, NUMBERED, headers
from credit.services.openings import ZIP

WORKER = Path(__file__).with_name("workbook_worker.py")


def sheets(path: Path) -> list[str]:
    """What the sheets are called, in their order."""
    return next(_told(path, "names"), [])


def beginning(path: Path, sheet: int, count: int) -> list[list[str]]:
    """The cells of the first rows of a sheet that are not empty, `count` at most."""
    filled = (cells for cells, _ in _told(path, str(sheet)) if any(cell.strip(BLANK) for cell in cells))
    return list(islice(filled, count))


def table(path: Path, sheet: int = 0, skip: int = 0) -> pl.DataFrame:
    """Every cell as text, with `line`, and `#number_typed` with the headers of numeric cells.

    `skip`: so many rows that are not empty stand above the header: a title.
    """
    names, lines, body, numbers = [], [], [], []
    for line, header, cells, numeric in rows(path, sheet, skip):
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


def rows(path: Path, sheet: int = 0, skip: int = 0) -> Iterator[tuple[int, list[str], list[str], list[str]]]:
    """Each row as its line, the headers, its cells in their order, the headers of cells typed as numbers."""
    names: list[str] = []
    for line, (cells, numeric) in enumerate(_told(path, str(sheet)), start=1):
        if not names:
            if any(cell.strip(BLANK) for cell in cells):
                names, skip = ([], skip - 1) if skip else (headers(cells, path.name), 0)
            continue
        filled = (cells + [""] * len(names))[: len(names)]
        yield line, names, filled, [names[place] for place in numeric if place < len(names) and names[place]]
    if not names:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")


def _told(path: Path, what: str) -> Iterator[Any]:
    """What the worker tells, row by row. Raises FileRefused where it doesn't come to its end."""
    with path.open("rb") as file:
        if file.read(4) == ZIP:
            check_archive(path)
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-I", str(WORKER), str(path), what]
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
