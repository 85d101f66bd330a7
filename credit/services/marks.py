"""What the reading of a file notes beside its cells. No header begins with `#`, so nothing clashes."""

from __future__ import annotations

from credit.errors import FileRefused

CELLS, NUMBERED, TOO_LONG = "#cells", "#number_typed", "#too_long"
MARKS = (CELLS, NUMBERED, TOO_LONG)
# Of one row alone, where rows are read in chunks: no JSON object, or nested without end.
BROKEN, DEEP = "#broken", "#deep"
LONGEST_CELL = 100_000
SHOWN = 100
BLANK = " \t\r\n\u3000\ufeff"
MOST_HEADERS = 1_000


def headers(cells: list[str], name: str) -> list[str]:
    """The header's cells trimmed, each once; empty where a column has none.

    Raises FileRefused where a header stands twice: nobody could say which column counts.
    """
    found = [cell.strip().strip("\ufeff#").strip() for cell in cells]
    if not any(found):
        raise FileRefused(f"{name} has no header.", zh="文件没有表头")
    if len(found) > MOST_HEADERS or max(map(len, found)) > MOST_HEADERS:
        raise FileRefused(
            f"{name}: the first line is too long to be a header.", zh="首行过长，不是表头"
        )
    twice = sorted({cell for cell in found if cell and found.count(cell) > 1})
    if twice:
        raise FileRefused(
            f"{name}: the header {', '.join(twice)} stands twice. Remove or rename one of the columns.",
            zh=f"表头“{'、'.join(twice)}”重复，请删除或改名其中一列",
        )
    return ["line " if cell == "line" else cell for cell in found]
