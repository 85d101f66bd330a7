"""Rows of a batch as documents that the shape can judge: columns understood, what is declared for all added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from credit.services.batches.reasons import Wrong, of_fields, spoilt
from credit.services.chunks import Chunk
from credit.services.event_columns import document
from credit.services.mappings import Made, Mapping, Reader
from credit.services.mappings.reader import NO_EVENT
from credit.terms import Kind
from schemas.event import SHAPES, load_event, load_plain

KINDS = {word: str(kind) for kind in Kind for word in (str(kind), kind.zh, kind.en.casefold())}
NOTICES = ("served_on", "publication_notice_on", "repair_notice_on")


@dataclass(slots=True)
class Line:
    """One row: where it starts, its own columns, what it loads to, or what is wrong with it.

    `skipped`: it is no event, and the mapping says why.
    """

    number: int
    original: dict[str, Any]
    document: dict[str, Any]
    event: dict[str, Any] | None
    wrong: list[Wrong]
    skipped: bool = False


@dataclass(frozen=True)
class Reading:
    """How the rows of a batch are read: which kind of events (None: each row says), what is declared for
    all of them, the day of receipt, whether they come as documents already (JSON, Parquet), by which mapping.
    """

    kind: str | None
    declared: dict[str, Any]
    day: date
    documents: bool = False
    mapping: Mapping | None = None

    def lines(self, chunk: Chunk) -> list[Line]:
        """The rows of a chunk, each loaded or with what is wrong."""
        if self.mapping is not None:
            made = Reader(self.mapping).read(chunk)  # which may forget what must not be kept: rows are read after it
            return [self._mapped(one, row) for one, row in zip(made, chunk.rows, strict=True)]
        plain = self._plain(chunk) if self.documents else {}
        return [
            Line(number, row, *plain[place], []) if place in plain else self._line(number, row, marks)
            for place, (number, row, marks) in enumerate(zip(chunk.lines, chunk.rows, chunk.marks, strict=True))
        ]

    def _plain(self, chunk: Chunk) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
        """By their places the rows that are plainly good documents as they stand, with what they load to."""
        usual: dict[str, Any] = {} if self.kind is None else {"kind": self.kind}
        asked: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in SHAPES}
        for place, (row, marks) in enumerate(zip(chunk.rows, chunk.marks, strict=True)):
            kind = row.get("kind", self.kind)
            if type(kind) is str and kind in (asked if self.kind is None else usual.values()) and not marks:
                made = row if "kind" in row else usual | row
                asked[kind][place] = self._with_declared(made) if self.declared else made
        return {
            place: (made, event)
            for kind, rows in asked.items()
            for (place, made), event in zip(rows.items(), load_plain(kind, list(rows.values()), self.day), strict=True)
            if event is not None
        }

    def _mapped(self, made: Made, row: dict[str, Any]) -> Line:
        """A row that a mapping has made a document of, or told why not."""
        if made.document is not None:
            return self._loaded(made.line, row, made.document, self.kind)
        faults = [Wrong(fault.column, fault.reason, str(fault.told)) for fault in made.faults]
        if made.skipped is not None:
            return Line(made.line, row, {}, None, [Wrong("line", NO_EVENT, str(made.skipped))], skipped=True)
        return Line(made.line, row, {}, None, faults)

    def _line(self, number: int, row: dict[str, Any], marks: dict[str, Any]) -> Line:
        kind = self.kind or _told_kind(row)
        damage = spoilt(marks, kind) if marks else None
        made = dict(row) if kind is None else document(kind, row)
        if damage is not None:
            return Line(number, row, made, None, [damage])
        return self._loaded(number, row, made, kind)

    def _loaded(self, number: int, row: dict[str, Any], made: dict[str, Any], kind: str | None) -> Line:
        try:
            made["kind"] = self._same_kind(made.get("kind"))
            made = self._with_declared(made)
            return Line(number, row, made, load_event(made, self.day), [])
        except ValidationError as error:
            return Line(number, row, made, None, of_fields(error, kind))

    def _same_kind(self, told: Any) -> Any:
        """A column of kinds may say again what the batch holds, and nothing else."""
        found = KINDS.get(str(told).casefold(), told)
        if self.kind is not None and found != self.kind:
            raise ValidationError(f"This file holds events of the kind {self.kind}.", "kind")
        return found

    def _with_declared(self, made: dict[str, Any]) -> dict[str, Any]:
        """What is declared of the violations of the batch, where a row doesn't say it itself."""
        if not self.declared or made["kind"] != Kind.VIOLATION:
            return made
        notices = {name: self.declared[name] for name in NOTICES if self.declared.get(name)}
        own = made.get("notices") or {}
        if notices and isinstance(own, dict):
            made = made | {"notices": notices | {name: day for name, day in own.items() if day is not None}}
        if self.declared.get("proceedings") is not None and made.get("proceedings") is None:
            made = made | {"proceedings": self.declared["proceedings"]}
        return made


def _told_kind(row: dict[str, Any]) -> str | None:
    """The kind that a row names, if it names one."""
    told = row.get("kind")
    found = KINDS.get(told.casefold()) if isinstance(told, str) else None
    return found if found in SHAPES else None
