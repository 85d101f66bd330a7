"""Credit repair: as enterprises apply for it, as departments deal with it; rulings of courts that mask records."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import FilingOutcome
from schemas.correction import Dated
from schemas.fields import BEYOND, PARAGRAPH, Text, Word
from schemas.objection import MOST_WORDS, OF_LISTING, AttachmentIn, Case, CaseQuery, ContactIn
from schemas.query import Paged

OUTCOMES = (FilingOutcome.GRANTED, FilingOutcome.DENIED)


class ApplicationIn(Dated):
    """An application for repair: what was done, since when, the proof, the pledge."""

    code = Text(shortest=1, required=True)
    event = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, BEYOND), metadata=OF_LISTING
    )
    document_no = Text(shortest=1, required=True)
    words = Text(MOST_WORDS, shortest=1, required=True, metadata={"description": "how the duties were performed"})
    performed_on = fields.Date(required=True, metadata={"description": "when the last duty was performed"})
    pledge = fields.Boolean(required=True, metadata={"description": "true: the pledge of the policy is given"})
    contact = fields.Nested(ContactIn, required=True)
    attachments = fields.List(fields.Nested(AttachmentIn), load_default=list)
    received_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "at the desk alone"})

    @validates_schema
    def _with_pledge_and_proof(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("pledge") is not True:
            raise ValidationError("Repair needs the pledge: send true.", "pledge")
        if not data.get("attachments"):
            raise ValidationError("Attach the proof that the duties are performed.", "attachments")


class RepairQuery(CaseQuery):
    """Which applications."""


class RepairPage(Schema):
    """A page of applications, the latest first. No personal data."""

    items = fields.List(fields.Nested(Case), required=True)
    next = fields.String(required=True, allow_none=True)


class AcceptanceIn(Schema):
    """The document by which an application is accepted."""

    document_no = Text(shortest=1, required=True)


class RepairRefusalIn(AcceptanceIn):
    """Why an application isn't accepted, or a repair is revoked."""

    reason = Text(PARAGRAPH, shortest=1, required=True, metadata={"description": "told to whoever applied"})


class RepairDecisionIn(RepairRefusalIn):
    """Whether repair is granted."""

    outcome = Word(FilingOutcome, required=True, validate=validate.OneOf(OUTCOMES))


class MaskIn(Dated):
    """The ruling by which a court approved a plan of reorganisation."""

    code = Text(shortest=1, required=True)
    court = Text(shortest=1, required=True)
    document_no = Text(shortest=1, required=True)
    ruled_on = fields.Date(required=True)


class MaskEndIn(Schema):
    """How the plan ended: performed, or failed."""

    how = fields.String(required=True, validate=validate.OneOf(("performed", "failed")))
    document_no = Text(shortest=1, required=True)
    reason = Text(PARAGRAPH, shortest=1, required=True)


class MaskOut(Schema):
    """A mask: the ruling, how many records it hides, and how it ended."""

    number = fields.Integer(required=True)
    code = fields.String(required=True)
    department = fields.String(required=True)
    court = fields.String(required=True)
    document_no = fields.String(required=True)
    ruled_on = fields.Date(required=True)
    masked_on = fields.Date(required=True)
    events = fields.List(fields.Integer(), required=True)
    listings = fields.List(fields.Integer(), required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    how = fields.String(required=True, allow_none=True)


class ArchiveQuery(Schema):
    """Whose archive."""

    code = Text(shortest=1, required=True)


class Archived(Schema):
    """A fact that was repaired, and the first day on which it is kept no longer."""

    number = fields.Integer(required=True)
    what = fields.String(required=True, metadata={"enum": ["violation", "inspection", "listing"]})
    code = fields.String(required=True)
    document_no = fields.String(required=True)
    decided_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True)
    ended_by = fields.String(required=True, metadata={"description": "the document that ended it"})
    keep_until = fields.Date(required=True, allow_none=True)


class ArchiveAnswer(Schema):
    """What of an enterprise was repaired and you may read."""

    items = fields.List(fields.Nested(Archived), required=True)


class DeletionOut(Schema):
    """The proof of a deletion: which record, by which rule, when; how many rows, and what they hashed to."""

    event = fields.Integer(required=True)
    seq = fields.Integer(required=True)
    kind = fields.String(required=True)
    ended_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    deleted_on = fields.Date(required=True)
    rows = fields.Integer(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 over the rows as canonical JSON lines"})


class DeletionPage(Schema):
    """A page of proofs, the earliest first."""

    items = fields.List(fields.Nested(DeletionOut), required=True)
    next = fields.String(required=True, allow_none=True)


class MaskQuery(Paged):
    """Which masks: your department's, the latest first."""


class MaskPage(Schema):
    """A page of masks."""

    items = fields.List(fields.Nested(MaskOut), required=True)
    next = fields.String(required=True, allow_none=True)
