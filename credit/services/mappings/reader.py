"""Documents in the API's shape out of chunks of rows, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from credit.errors import InvalidInput
from credit.services.chunks import Chunk
from credit.services.event_columns import put
from credit.services.mappings import headers
from credit.services.mappings.cells import converter
from credit.services.mappings.filling import finish, values
from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import Fault, Mapping, Skip, Words
from credit.services.mappings.skips import skipped_by
from credit.services.mappings.spoilt import spoilt

Row = dict[str, Any]
SHOWN = 60
NO_EVENT, PERSONAL = "no_event", "personal_id"


class Made(NamedTuple):
    """What became of one row: a document for the shape to judge, or `skipped` as no event, or its `faults`."""

    line: int
    document: Row | None
    skipped: Words | None = None
    faults: tuple[Fault, ...] = ()


def apply(mapping: Mapping, row: Row) -> Row:
    """One row as a document. Raises InvalidInput that names each fault, or why the row is no event."""
    (made,) = Reader(mapping).read(Chunk(list(row), [dict(row)], [1], [{}]))
    if made.document is not None:
        return made.document
    faults = (Fault("line", NO_EVENT, made.skipped),) if made.skipped else made.faults
    raise InvalidInput(errors={fault.column: [str(fault.told)] for fault in faults})


class Reader:
    """Reads a file by a mapping, chunk after chunk."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.places = [(place, converter(mapping.kind, place)) for place in mapping.places]
        self.finished = [place for place in mapping.places if place.or_place or place.only_with]
        self.codes = [plain(column) for place in mapping.places if place.path == ("code",) for column in place.columns]

    def check(self, names: Iterable[str]) -> list[str]:
        """The columns of a file that stay unread. To be asked once, with its first headers.

        Raises FileRefused: a column that is needed lacks, or one is there that the mapping doesn't know.
        """
        return headers.check(self.mapping, names)

    def read(self, chunk: Chunk) -> list[Made]:
        """What each row of a chunk makes, in its order.

        Of rows that hold what must not be kept (a person's), the chunk itself forgets the cells.
        """
        there = headers.found(self.mapping, chunk.headers)
        rows = [self._without_absent(row) for row in chunk.rows]
        skipped = self._skipped(rows, there)
        documents, faults = self._documents(rows, there)
        self._tell_marks(chunk, there, faults)
        self._tell_unlisted(chunk, there, faults)
        made = []
        for number, line in enumerate(chunk.lines):
            wrong, skip = tuple(faults.get(number, ())), skipped.get(number)
            if (skip and skip.forget) or any(fault.reason == PERSONAL for fault in wrong):
                chunk.rows[number] = {}
            if skip is not None:
                made.append(Made(line, None, skip.because))
            else:
                made.append(Made(line, None if wrong else documents[number], None, wrong))
        return made

    def _without_absent(self, row: Row) -> Row:
        absent = self.mapping.absent
        return {
            name: value
            for name, value in row.items()
            if value is not None and not (type(value) is str and (not value or value in absent))
        }

    def _skipped(self, rows: list[Row], there: dict[str, str]) -> dict[int, Skip]:
        found: dict[int, Skip] = {}
        for skip in self.mapping.skips:
            columns = [there[plain(column)] for column in skip.columns if plain(column) in there]
            for number in skipped_by(skip, columns, rows):
                found.setdefault(number, skip)
        return found

    def _documents(self, rows: list[Row], there: dict[str, str]) -> tuple[list[Row], dict[int, list[Fault]]]:
        documents: list[Row] = [{"kind": self.mapping.kind} for _ in rows]
        faults: dict[int, list[Fault]] = {}
        for place, convert in self.places:
            for number, value in enumerate(values(self.mapping, place, convert, rows, there)):
                if value is None:
                    continue
                if type(value) is Fault:
                    faults.setdefault(number, []).append(value)
                else:
                    put(documents[number], place.path, value)
        for document in documents if self.finished else ():
            finish(self.finished, document)
        return documents, faults

    def _tell_marks(self, chunk: Chunk, there: dict[str, str], faults: dict[int, list[Fault]]) -> None:
        codes = {there[name] for name in self.codes if name in there}
        for number, marks in enumerate(chunk.marks):
            if marks and (found := spoilt(marks, codes)):
                faults[number] = [*found, *faults.get(number, [])]

    def _tell_unlisted(self, chunk: Chunk, there: dict[str, str], faults: dict[int, list[Fault]]) -> None:
        """JSON may have other keys in every row, so that no first look at the headers finds them all."""
        if self.mapping.ignores_unlisted or not (unlisted := set(headers.unlisted(self.mapping, there))):
            return
        for number, row in enumerate(chunk.rows):
            for header in sorted(unlisted & row.keys()):
                told = Words("映射没有这一列，请映射或列入 ignored", "the mapping has no such column: map or ignore it")
                faults.setdefault(number, []).append(Fault(header[:SHOWN], "unlisted", told))
