"""Which rows of a file are no event of this register, by the rules of its mapping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import Skip


def skipped_by(skip: Skip, columns: list[str], rows: list[dict[str, Any]]) -> Iterator[int]:
    """The places of the rows that a rule skips. A rule whose columns the file lacks skips none, but for `lacks`."""
    known: dict[str, bool] = {}
    for number, row in enumerate(rows):
        told = "\n".join(str(row[column]) for column in columns if column in row)
        if told not in known:
            known[told] = _fits(skip, told)
        if known[told]:
            yield number


def _fits(skip: Skip, told: str) -> bool:
    """Whether the cells of the rule's columns, one a line, are such as it skips."""
    cells = [plain(cell) for cell in told.split("\n") if cell]
    if skip.lacks:
        return not any(word in cell for word in skip.lacks for cell in cells)
    if skip.filled:
        return bool(cells)
    if skip.is_ is not None:
        return any(cell in skip.is_ for cell in cells)
    if skip.is_not is not None:
        return bool(cells) and not any(cell in skip.is_not for cell in cells)
    return any(word in cell for word in skip.contains for cell in cells)
