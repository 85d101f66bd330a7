"""Papers (文书) of a listing: notice, decision, repair notice, removal, refusal, revocation."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from credit.rules.papers import KINDS
from schemas.fields import BEYOND
from schemas.listing import Words
from schemas.query import Query


class PaperQuery(Query):
    """Which paper of a kind."""

    act = fields.Integer(
        load_default=None, validate=validate.Range(1, BEYOND),
        metadata={"description": "the act that gave its text; the last one if left out"},
    )  # fmt: skip


class PaperLinks(Schema):
    """Where a paper is read."""

    page = fields.String(required=True)
    pdf = fields.String(required=True)


class PaperOutline(Schema):
    """A paper in outline."""

    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    name = fields.Nested(Words, required=True)
    number = fields.String(required=True, allow_none=True)
    register_no = fields.String(
        required=True, allow_none=True, metadata={"description": "the register's number, without gap in each year"}
    )
    issued = fields.Boolean(required=True, metadata={"description": "false: a draft that waits for the second person"})
    day = fields.Date(required=True)
    act = fields.Integer(required=True)
    links = fields.Nested(PaperLinks, required=True)


class PaperParagraph(Schema):
    """What is said under a heading."""

    heading = fields.String(required=True)
    text = fields.String(required=True)


class PaperText(PaperOutline):
    """A paper with its text. It is Chinese, as it is served."""

    authority = fields.String(required=True)
    addressee = fields.String(required=True)
    code = fields.String(required=True)
    paragraphs = fields.List(fields.Nested(PaperParagraph), required=True)


class Papers(Schema):
    """The papers of a listing."""

    items = fields.List(fields.Nested(PaperOutline), required=True)
