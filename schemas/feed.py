"""The change feed and its receivers, as they cross the API."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema, fields, validate

from schemas.fields import Text
from schemas.query import Query

LARGEST = 2**63 - 1
LONGEST_WAIT = 60


class ChangesQuery(Query):
    """Which changes, and how long to wait for the first."""

    after = fields.Integer(
        load_default=0, validate=validate.Range(0, LARGEST), metadata={"description": "the number after which to begin"}
    )
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 10_000))
    wait = fields.Integer(
        load_default=0,
        validate=validate.Range(0, LONGEST_WAIT),
        metadata={"description": "where there is nothing new: seconds to wait for it; the answer may come earlier"},
    )


class FeedItem(Schema):
    """The latest public state of one enterprise (its public record) or listing, or that it is public no more."""

    class Meta:
        unknown = INCLUDE

    seq = fields.Integer(required=True)
    type = fields.String(required=True, validate=validate.OneOf(["enterprise", "listing", "removal"]))
    id = fields.String(required=True)


class ChangePage(Schema):
    """Changes in the order of seq. While `next` is not null there are more now: ask after it.

    With `next` null, who has applied all items up to `seq` holds exactly what is public on `day`; the next
    time ask after `seq`. Where `origin` is another one than before, start anew from 0.
    """

    items = fields.List(fields.Nested(FeedItem), required=True)
    next = fields.Integer(required=True, allow_none=True)
    seq = fields.Integer(required=True)
    day = fields.String(required=True, metadata={"format": "date"})
    origin = fields.String(required=True)


class WebhookIn(Schema):
    """A receiver to register: where to, and after which number to begin (none: from now on)."""

    url = Text(2000, shortest=1, required=True, metadata={"description": "https address"})
    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, LARGEST))


class WebhookReplay(Schema):
    """From which number a receiver is served again."""

    after = fields.Integer(required=True, validate=validate.Range(0, LARGEST))


class WebhookOut(Schema):
    """A receiver and how far it is served. `secret` is told once, when it is registered."""

    id = fields.Integer(required=True)
    url = fields.String(required=True)
    department = fields.String(required=True)
    served = fields.Integer(required=True)
    failures = fields.Integer(required=True)
    retry_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    held = fields.Integer(required=True)
    dead = fields.Integer(required=True)


class WebhookMade(WebhookOut):
    """A receiver just registered, with the secret that signs what it is sent."""

    secret = fields.String(required=True)


class WebhookList(Schema):
    """Every receiver."""

    items = fields.List(fields.Nested(WebhookOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DeadLetter(Schema):
    """Changes of one enterprise, from `seq` on, that were given up after so many tries."""

    seq = fields.Integer(required=True)
    id = fields.String(required=True)
    tries = fields.Integer(required=True)
    reason = fields.String(required=True)


class DeadLetters(Schema):
    """What a receiver did not take."""

    items = fields.List(fields.Nested(DeadLetter), required=True)
    next = fields.String(required=True, allow_none=True)
