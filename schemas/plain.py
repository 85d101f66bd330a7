"""Plainly good documents loaded fast: whoever passes here loads to the same under the shape itself.

Marshmallow takes 100 to 400 us for one event, a batch has a hundred thousand. A reader made once from
a shape takes the cases that leave no doubt, one or a block of them, column by column; everything else
is left to the shape, whose errors are the truth. It refuses nothing, it only says "I don't know".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, missing, validate

from schemas.fields import Money, Text, Word
from schemas.plain_fields import (
    DOUBTS,
    Days,
    Doubt,
    Lists,
    Optional,
    Own,
    Reads,
    Texts,
    Truths,
    Words,
    Yuan,
)

OTHER_HOOKS = ("pre_load", "post_load", "validates")
# One doubtful row sends its block through one by one.
BLOCK = 500
Row = dict[str, Any]


class Plain(Reads):
    """The fast reader of one shape, which stays the one that judges."""

    def __init__(self, shape: Schema) -> None:
        self.shape = shape
        given = shape.load_fields
        usual = all(field.data_key is None and field.attribute is None for field in given.values())
        checks = shape._hooks["validates_schema"]
        self.left_out = {
            name: field.load_default for name, field in given.items() if field.load_default is not missing
        }
        self.knows = (
            usual
            and not any(shape._hooks[hook] for hook in OTHER_HOOKS)
            and not any(many or told.get("pass_original") for _, many, told in checks)
            and not any(callable(value) for value in self.left_out.values())
        )
        self.reads: dict[str, Reads] = {name: _reads(field) for name, field in given.items()}
        self.required = frozenset(name for name, field in given.items() if field.required)
        self.checks = {name: getattr(shape, name) for name, *_ in checks}
        sisters: dict[str, str] = getattr(shape, "of_columns", {})
        self.of_columns = {name: getattr(shape, sister) for name, sister in sisters.items()}

    def load(self, data: Any) -> Row | None:
        """What the shape would load, or None where that isn't plain."""
        try:
            return self.one(data)
        except DOUBTS:
            return None

    def load_many(self, rows: Sequence[Row]) -> list[Row | None]:
        """What the shape would load of each, or None where that isn't plain."""
        found: list[Row | None] = []
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            try:
                found += self.many(block)
            except DOUBTS:
                found += map(self.load, block)
        return found

    def one(self, value: Any) -> Row:
        """What the shape would load. Raises one of DOUBTS where that isn't plain."""
        self._may_know(value)
        reads = self.reads
        loaded = self.left_out | {name: reads[name].one(told) for name, told in value.items()}
        return self._checked(loaded, self.checks)

    def many(self, values: Sequence[Any]) -> list[Row]:
        """The same of several, column by column where they have the same fields in the same order."""
        names = tuple(values[0])
        if any(type(value) is not dict or tuple(value) != names for value in values):
            raise Doubt
        self._may_know(values[0])
        given = zip(names, zip(*(value.values() for value in values), strict=True), strict=True)
        columns = {name: self.reads[name].many(column) for name, column in given}
        left = {name: check for name, check in self.checks.items() if not self._plain_in(name, columns)}
        usual = {name: value for name, value in self.left_out.items() if name not in names}
        whole, first = (*usual, *names), tuple(usual.values())
        rows = [dict(zip(whole, first + told, strict=True)) for told in zip(*columns.values(), strict=True)]
        return [self._checked(row, left) for row in rows] if left else rows

    def _plain_in(self, name: str, columns: dict[str, Sequence[Any]]) -> bool:
        """Whether the sister of a check finds at a glance that no row of a block can be wrong."""
        return name in self.of_columns and self.of_columns[name](columns)

    def _may_know(self, value: Any) -> None:
        if not self.knows or type(value) is not dict or not self.required <= value.keys():
            raise Doubt

    def _checked(self, loaded: Row, checks: dict[str, Any]) -> Row:
        for check in checks.values():
            check(loaded, partial=None, many=False, unknown=self.shape.unknown)
        return loaded


def _reads(field: Any) -> Reads:
    """The reader of one field; of a kind that we don't know the field's own."""
    known = _known(field)
    if known is None:
        return Own(field)
    return Optional(known) if field.allow_none else known


def _known(field: Any) -> Reads | None:
    if field.pre_load or field.post_load:
        return None
    kind, checks = type(field), field.validators
    if kind is Text and len(checks) == 1 and type(checks[0]) is validate.Length and checks[0].max:
        return Texts(checks[0].min or 0, checks[0].max)
    if kind is fields.List:
        return Lists(_reads(field.inner), checks)
    if kind is fields.Nested and not field.many and not field.only and not field.exclude and not checks:
        return Plain(field.schema)
    if checks:
        return None
    if kind is Word:
        return Words(field.words)
    if kind is fields.Date and field.format in (None, "iso"):
        return Days()
    if kind is Money:
        return Yuan(field)
    return Truths() if kind is fields.Boolean else None

