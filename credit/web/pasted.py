"""A list of bidders as somebody pastes it: a line each, code and name in whichever order."""

from __future__ import annotations

import polars as pl

from credit.errors import InvalidInput
from credit.identifiers import normalise

MOST = 2_000
SCHEMA = {"row": pl.Int64, "ref": pl.String, "code": pl.String, "name": pl.String, "group": pl.String}


def pasted(text: str) -> pl.DataFrame:
    """The bidders (row, ref, code, name, group) of pasted lines; empty ones are left out. Raises InvalidInput."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        told = "Paste bidders, one a line, or choose a file."
        raise InvalidInput(told, zh="请粘贴投标人（一行一家），或选择文件", errors={"list": [told]})
    if len(lines) > MOST:
        told = f"At most {MOST} lines can be pasted: upload a file instead."
        raise InvalidInput(told, zh=f"一次最多粘贴 {MOST} 行，更多请上传文件", errors={"list": [told]})
    rows = [(number, str(number + 1), *_parts(line), None) for number, line in enumerate(lines)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _parts(line: str) -> tuple[str | None, str | None]:
    """The code and the name of a pasted line, in whichever order, parted by a tab, a comma or a blank."""
    cells = [cell for part in line.replace("\t", ",").replace("，", ",").split(",") if (cell := part.strip())]
    if len(cells) == 1:
        first, _, rest = cells[0].partition(" ")
        cells = [first, rest.strip()] if rest and _is_code(first) else cells
    code = next((cell for cell in cells if _is_code(cell)), None)
    name = next((cell for cell in cells if cell != code), None)
    return code, name


def _is_code(cell: str) -> bool:
    """Whether somebody meant a code: letters and digits alone, mostly digits."""
    text = normalise(cell)
    return text.isascii() and len(text) >= 8 and sum(letter.isdigit() for letter in text) * 2 >= len(text)
