"""Inspection tasks as inspectors write them: a task given by hand, a visit, results, and what is told of them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.rules.inspecting.checklists import ANSWERS
from credit.terms import InspectionType, Result, TaskState
from schemas.draw import LINE
from schemas.event import FailedItem, Item
from schemas.fields import BEYOND, PARAGRAPH, Text, Word
from schemas.query import Paged

MOST_SAMPLES = 20
BY_HAND = (InspectionType.COMPLAINT, InspectionType.SPECIAL, InspectionType.SUPERVISED_SAMPLING)


def number(**kwargs: Any) -> fields.Integer:
    """A number of something on file."""
    return fields.Integer(strict=True, validate=validate.Range(1, BEYOND), **kwargs)


class TaskIn(Schema):
    """A task outside the draw: on a complaint, a special check, or (with `of`) a look at a correction."""

    code = Text(64, shortest=1, required=True)
    type = Word(InspectionType, load_default=InspectionType.SPECIAL)
    subject = Text(shortest=1, required=True)
    checklist = Text(64, 1, LINE, load_default="general")
    due_on = fields.Date(required=True)
    inspectors = fields.List(number(), required=True, validate=validate.Length(1, 20))
    of = number(load_default=None, allow_none=True, metadata={"description": "id of the failure that is re-checked"})
    lead = number(load_default=None, allow_none=True, metadata={"description": "number of the complaint or report"})

    @validates_schema
    def _is_no_draw(self, data: dict[str, Any], **_: Any) -> None:
        if data["type"] not in BY_HAND:
            raise ValidationError("A draw gives these; choose complaint, special or supervised_sampling.", "type")


class Sample(Item):
    """A sample that was taken, by item code and lot."""

    quantity = Text(64)


class VisitIn(Schema):
    """What was done on the spot."""

    inspected_on = fields.Date(required=True)
    inspectors = fields.List(number(), required=True, validate=validate.Length(1, 20))
    answers = fields.Dict(Text(64), fields.String(validate=validate.OneOf(ANSWERS)), load_default=dict)
    notes = fields.Dict(Text(64), Text(1000), load_default=dict)
    found = Text(PARAGRAPH, load_default="")
    samples = fields.List(fields.Nested(Sample), load_default=list, validate=validate.Length(max=MOST_SAMPLES))


class ResultOne(Schema):
    """The result of a sample, or of a visit without one, as the inspection event will hold it."""

    result = Word(Result, required=True)
    safety_item = fields.Boolean(load_default=False)
    failed_items = fields.List(fields.Nested(FailedItem), load_default=list, validate=validate.Length(max=200))
    laboratory = Text(load_default=None, allow_none=True)
    report_no = Text(load_default=None, allow_none=True)
    final_on = fields.Date(load_default=None, allow_none=True)
    ordered_on = fields.Date(load_default=None, allow_none=True)


class ResultsIn(Schema):
    """One result for each sample in their order, or one for the visit."""

    results = fields.List(fields.Nested(ResultOne), required=True, validate=validate.Length(1, MOST_SAMPLES))


class ReassignIn(Schema):
    """Others take the task over, and why."""

    inspectors = fields.List(number(), required=True, validate=validate.Length(1, 20))
    reason = Text(PARAGRAPH, shortest=1, required=True)


class CancelIn(Schema):
    """Why the task is given up."""

    reason = Text(PARAGRAPH, shortest=1, required=True)


FIELDS_OF: dict[str, type[Schema]] = {
    "visit": VisitIn, "result": ResultsIn, "reassign": ReassignIn, "cancel": CancelIn,
}  # fmt: skip


class TaskActIn(Schema):
    """One act on a task with what it says."""

    act = fields.String(required=True, validate=validate.OneOf(list(FIELDS_OF)))
    visit = fields.Nested(VisitIn)
    result = fields.Nested(ResultsIn)
    reassign = fields.Nested(ReassignIn)
    cancel = fields.Nested(CancelIn)

    @validates_schema
    def _is_told(self, data: dict[str, Any], **_: Any) -> None:
        given = set(data) - {"act"}
        if given != {data["act"]}:
            raise ValidationError("Give what the act says under its own name, and nothing else.", data["act"])


class TaskQuery(Paged):
    """Which tasks."""

    state = Word(TaskState, load_default=None)
    draw = fields.Integer(load_default=None, validate=validate.Range(1, BEYOND))
    inspector = fields.Integer(load_default=None, validate=validate.Range(1, BEYOND))
    overdue = fields.Boolean(load_default=False)


class InspectorName(Schema):
    """An inspector."""

    number = fields.Integer(required=True)
    name = fields.String(required=True)


class TaskHead(Schema):
    """A task in outline. `document_no`: that of the inspection it leads to; `late`: not visited by its day."""

    number = fields.Integer(required=True)
    state = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    department = fields.String(required=True)
    checklist = fields.String(required=True)
    document_no = fields.String(required=True)
    draw = fields.Integer(required=True, allow_none=True)
    of = fields.Integer(required=True, allow_none=True)
    lead = fields.Integer(required=True, allow_none=True)
    made_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    late = fields.Boolean(required=True)
    inspected_on = fields.Date(required=True, allow_none=True)
    done_on = fields.Date(required=True, allow_none=True)
    inspectors = fields.List(fields.Nested(InspectorName), required=True)


class TaskPage(Schema):
    """A page of tasks, the earliest deadline first."""

    items = fields.List(fields.Nested(TaskHead), required=True)
    next = fields.String(required=True, allow_none=True)


class TaskActOut(Schema):
    """What was done, by whom, and what it said."""

    act = fields.String(required=True)
    acted_on = fields.Date(required=True)
    officer = fields.String(required=True)
    fields_ = fields.Dict(required=True, data_key="fields", attribute="fields")


class Question(Schema):
    """A question of the checklist."""

    id = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class Evidence(Schema):
    """A file of evidence."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    size = fields.Integer(required=True)
    digest = fields.String(required=True)


class TaskOut(TaskHead):
    """A task whole: what is asked, what was done, the files, and the acts that may follow."""

    questions = fields.List(fields.Nested(Question), required=True)
    acts = fields.List(fields.Nested(TaskActOut), required=True)
    files = fields.List(fields.Nested(Evidence), required=True)
    allowed = fields.List(fields.String(), required=True)


class FollowUp(Schema):
    """A re-check that is due and that nobody took up: its failure `of`, since when it may be done, and until when."""

    of = fields.Integer(required=True)
    follows = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    opens_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    late = fields.Boolean(required=True)


class FollowUps(Schema):
    """Re-checks that wait for a task."""

    items = fields.List(fields.Nested(FollowUp), required=True)


class SheetReceipt(Schema):
    """What an uploaded sheet did."""

    visited = fields.Integer(required=True)
    results = fields.Integer(required=True)
    left = fields.Integer(required=True, metadata={"description": "rows without a day: not inspected yet"})
    on_file = fields.Integer(required=True, metadata={"description": "rows whose task was done before"})
