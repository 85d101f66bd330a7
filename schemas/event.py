"""Quality credit events as departments report them: one strict shape for API, files and seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit import identifiers
from credit.terms import (
    Award,
    Category,
    InspectionType,
    Kind,
    Level,
    Penalty,
    Procedure,
    Result,
    Role,
    Severity,
    Stage,
)
from schemas.fields import BEYOND, EARLIEST, PARAGRAPH, Money, Text, Word
from schemas.plain import Plain


class Gtin(Text):
    """An item code in plain digits, as it is looked up."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return identifiers.normalise(super()._deserialize(value, attr, data, **kwargs))


class Item(Schema):
    """The product that an event is about."""

    gtin = Gtin(14)
    lot = Text(64)
    product = Text()
    model = Text()

    @validates_schema
    def _gtin_has_its_check_digit(self, data: dict[str, Any], **_: Any) -> None:
        problem = identifiers.check_gtin(data["gtin"]) if data.get("gtin") else None
        if problem:
            raise ValidationError(problem.en, "gtin")


class Related(Schema):
    """Another document about the same facts."""

    document_no = Text(shortest=1, required=True)


class Notices(Schema):
    """What was served on the party, and when (SAMR Order 45 article 8)."""

    served_on = fields.Date()
    publication_notice_on = fields.Date()
    repair_notice_on = fields.Date()


class FailedItem(Schema):
    """One failed test item with its limit and value, as the report prints them."""

    item = Text(shortest=1, required=True)
    limit = Text()
    value = Text()


class EventIn(Schema):
    """What every event has. `day` is the day of receipt: nothing reported may lie after it."""

    kind = Word(Kind, required=True)
    code = Text(64, shortest=1, required=True, metadata={"description": "unified code (18) or organization code (9)"})
    name = Text(
        allow_none=True, metadata={"description": "name of the enterprise: refused where the code is another's"}
    )
    occurred_on = fields.Date(required=True)
    document_no = Text(shortest=1, required=True)
    source_ref = Text(load_default="", metadata={"description": "sampling sheet or bulletin line"})
    authority = Text(load_default="")
    role = Word(Role, allow_none=True)
    producer_confirmed = fields.Boolean(allow_none=True)
    item = fields.Nested(Item, allow_none=True)
    related_to = fields.List(fields.Nested(Related), validate=validate.Length(max=20))

    not_after_today = (
        "occurred_on", "decided_on", "published_on", "performed_on", "final_on", "objected_on",
        "ordered_on", "announced_on",
    )  # fmt: skip
    in_order: tuple[tuple[str, str], ...] = ()
    # Checks that have a sister for columns: where she finds nothing wrong with a block, no row is wrong.
    of_columns: ClassVar[dict[str, str]] = {"_days_make_sense": "_days_plainly_make_sense"}

    def __init__(self, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    def _days_plainly_make_sense(self, columns: dict[str, Sequence[Any]]) -> bool:
        """Whether no day of a block lies before EARLIEST or after the day of receipt, and all are in order."""
        notices = [day for served in columns.get("notices", ()) if served for day in served.values()]
        every = (*columns.values(), notices)
        days = {day for column in every if date in set(map(type, column)) for day in column if day is not None}
        if days and (min(days) < EARLIEST or (self.day is not None and max(days) > self.day)):
            return False
        return not any(
            one and other and other < one
            for first, last in self.in_order
            if first in columns and last in columns
            for one, other in zip(columns[first], columns[last], strict=True)
        )

    @validates_schema
    def _days_make_sense(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[str]] = {}
        served = data.get("notices") or {}
        days = [(name, value) for name, value in {**data, **served}.items() if isinstance(value, date)]
        for name, value in days:
            if value < EARLIEST:
                wrong[name] = [f"{value} lies before {EARLIEST}."]
            elif self.day and value > self.day and (name in self.not_after_today or name in served):
                wrong[name] = [f"{value} lies in the future: the day of receipt is {self.day}."]
        for first, last in self.in_order:
            if data.get(first) and data.get(last) and data[last] < data[first]:
                wrong[last] = [f"{data[last]} lies before {first} ({data[first]})."]
        if wrong:
            raise ValidationError(wrong)


class ViolationIn(EventIn):
    """A violation that was punished (or a crime)."""

    kind = Word(Kind, required=True, metadata={"enum": ["violation"]})
    category = Word(Category, required=True)
    penalties = fields.List(Word(Penalty), required=True, validate=validate.Length(1, 13))
    procedure = Word(Procedure, load_default=Procedure.ORDINARY)
    severity = Word(Severity, allow_none=True)
    publication_basis = Text(PARAGRAPH, allow_none=True)
    fine = Money(allow_none=True)
    confiscated = Money(allow_none=True)
    facts = Text(PARAGRAPH, load_default="")
    basis = Text(PARAGRAPH, load_default="")
    decided_on = fields.Date(required=True)
    published_on = fields.Date(allow_none=True)
    notices = fields.Nested(Notices, allow_none=True)
    proceedings = fields.Boolean(allow_none=True, metadata={"description": "an appeal or lawsuit is pending"})
    heavier = fields.Boolean(load_default=False, metadata={"description": "imposed as a heavier penalty (从重)"})
    restricted_until = fields.Date(allow_none=True)
    performed_on = fields.Date(allow_none=True)
    criminal = fields.Boolean(load_default=False)

    in_order = (
        ("occurred_on", "decided_on"), ("decided_on", "published_on"),
        ("decided_on", "restricted_until"), ("decided_on", "performed_on"),
    )  # fmt: skip

    of_columns: ClassVar[dict[str, str]] = EventIn.of_columns | {
        "_a_fine_has_its_amount": "_fines_plainly_have_amounts"
    }

    def _fines_plainly_have_amounts(self, columns: dict[str, Sequence[Any]]) -> bool:
        """Whether every row of a block says an amount."""
        return "fine" in columns and None not in columns["fine"]

    @validates_schema
    def _a_fine_has_its_amount(self, data: dict[str, Any], **_: Any) -> None:
        if Penalty.FINE in data.get("penalties", ()) and data.get("fine") is None:
            raise ValidationError("A fine needs its amount in yuan.", "fine")


class InspectionIn(EventIn):
    """An inspection or a test of a product."""

    kind = Word(Kind, required=True, metadata={"enum": ["inspection"]})
    result = Word(Result, required=True)
    type = Word(InspectionType, load_default=InspectionType.SUPERVISED_SAMPLING)
    campaign = Text(load_default="")
    level = Word(Level, allow_none=True)
    stage = Word(Stage, load_default=Stage.FIRST)
    of = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, BEYOND),
        metadata={"description": "id of the first test that is examined again"},
    )
    safety_item = fields.Boolean(load_default=False)
    failed_items = fields.List(fields.Nested(FailedItem), validate=validate.Length(max=200))
    laboratory = Text(allow_none=True)
    report_no = Text(allow_none=True, metadata={"description": "number of the laboratory's report"})
    final_on = fields.Date(allow_none=True)
    objected_on = fields.Date(
        allow_none=True, metadata={"description": "an objection is pending: not final before re-inspection or final_on"}
    )
    ordered_on = fields.Date(
        allow_none=True, metadata={"description": "ordered to correct: the terms of SAMR Order 18 begin"}
    )
    announced_on = fields.Date(
        allow_none=True, metadata={"description": "announced by the province after a failed re-check"}
    )

    in_order = tuple(("occurred_on", name) for name in ("final_on", "objected_on", "ordered_on", "announced_on"))

    @validates_schema
    def _only_a_failure_has_what_follows(self, data: dict[str, Any], **_: Any) -> None:
        follows = {"objected_on": Stage.FIRST, "ordered_on": Stage.FIRST, "announced_on": Stage.RECHECK}
        for name, stage in follows.items():
            if data.get(name) and not (data.get("result") == Result.FAIL and data.get("stage") == stage):
                raise ValidationError(f"Only a failure of the stage {stage} has it: leave it out.", name)

    @validates_schema
    def _a_second_look_names_the_first(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("stage") in (Stage.REINSPECTION, Stage.RECHECK) and not (
            data.get("of") or data.get("related_to")
        ):
            raise ValidationError("Name the event that is examined again (its id, or related_to its document).", "of")
        if data.get("stage") == Stage.FIRST and data.get("of"):
            raise ValidationError("A first test examines nothing again: leave it out, or name the stage.", "of")


class AwardIn(EventIn):
    """A prize, brand, certificate, standard or pledge."""

    kind = Word(Kind, required=True, metadata={"enum": ["award"]})
    occurred_on = fields.Date(load_default=None, allow_none=True)
    category = Word(Award, required=True)
    level = Word(Level, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(allow_none=True)

    in_order = (("occurred_on", "valid_from"),)

    @validates_schema
    def _the_award_is_whole(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end <= start:
            raise ValidationError(f"{end} is not after valid_from ({start}).", "valid_until")
        if start and self.day and start > self.day + timedelta(days=366):
            raise ValidationError(f"{start} lies more than a year ahead.", "valid_from")
        if data.get("category") in (Award.QUALITY_PRIZE, Award.STANDARD) and not data.get("level"):
            raise ValidationError("A prize or a standard needs its level.", "level")


SHAPES: dict[str, type[EventIn]] = {
    "violation": ViolationIn,
    "inspection": InspectionIn,
    "award": AwardIn,
}


def load_event(data: Any, day: date) -> dict[str, Any]:
    """One reported event, checked. Raises marshmallow's ValidationError naming each field."""
    if not isinstance(data, dict):
        raise ValidationError("Send one JSON object.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise ValidationError({"kind": [f"Must be one of: {', '.join(SHAPES)}."]})
    plain = _plain(kind, day)
    loaded: dict[str, Any] = plain.load(data) or plain.shape.load(data)
    return loaded


def load_plain(kind: str, rows: Sequence[dict[str, Any]], day: date) -> list[dict[str, Any] | None]:
    """The same for events of one kind where they are plainly good; None where only `load_event` can say."""
    return _plain(kind, day).load_many(rows)


@lru_cache(maxsize=64)
def _plain(kind: str, day: date) -> Plain:
    """The shape of a kind for a day, with its fast reader: making one takes longer than loading."""
    return Plain(SHAPES[kind](day=day))
