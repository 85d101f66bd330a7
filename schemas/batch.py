"""Batches of events: how one is to be read, and how far it is."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import Text
from schemas.query import Query

KINDS = ["violation", "inspection", "award"]
STATES = ["recording", "grading", "done", "refused"]


class Declared(Query):
    """What is declared once for all violations of a batch; a row that says it itself prevails."""

    served_on = fields.Date()
    publication_notice_on = fields.Date()
    repair_notice_on = fields.Date()
    proceedings = fields.Boolean(metadata={"description": "an appeal or lawsuit is pending"})


class BatchQuery(Declared):
    """How a batch is to be read."""

    kind = fields.String(validate=validate.OneOf(KINDS), metadata={"description": "needed for tables"})
    mapping = Text(64, metadata={"description": "a built-in mapping of columns; found out where the headers tell"})
    strict = fields.Boolean(load_default=False, metadata={"description": "keep nothing if a row is rejected"})
    dry_run = fields.Boolean(load_default=False, metadata={"description": "check everything, keep nothing"})


class ResultQuery(Query):
    """In which form the results are given."""

    format = fields.String(
        validate=validate.OneOf(["csv", "jsonl"]), metadata={"description": "that of what was sent, if left out"}
    )


class NextStep(Schema):
    """What the department does next."""

    call = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class BatchTold(Schema):
    """A batch: how far the work is, what became of its rows, what to do next."""

    id = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": STATES})
    file_name = fields.String(required=True)
    received_at = fields.DateTime(required=True)
    idempotency_key = fields.String(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of what was sent and how it is read"})
    kind = fields.String(required=True, allow_none=True)
    mapping = fields.String(required=True, allow_none=True)
    strict = fields.Boolean(required=True)
    dry_run = fields.Boolean(required=True)
    rows = fields.Integer(required=True)
    done = fields.Integer(required=True)
    recorded = fields.Integer(required=True)
    would_record = fields.Integer(required=True, allow_none=True)
    on_file = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    skipped = fields.Integer(required=True, metadata={"description": "rows that the mapping says are no events"})
    enterprises = fields.Integer(required=True)
    graded = fields.Integer(required=True)
    results = fields.String(required=True)
    next = fields.List(fields.Nested(NextStep), required=True)
