"""Receivers of the feed: who is told of changes, how far each is served, what each did not take."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import Select, case, delete, func, select, update

from credit.db import db, instant
from credit.errors import InvalidInput, UnknownWebhook
from credit.models import Department, Webhook, WebhookLetter
from credit.services import feed
from credit.services.feed_ids import opaque
from credit.services.publication import instant_text
from credit.services.webhook_sending import check_url

HELD, DEAD = "held", "dead"


def add(department_id: int, url: str, after: int | None, day: date, now: datetime) -> int:
    """Register a receiver, to be served from the number `after` on (None: from now on). Returns its id.

    Raises InvalidInput for an address that may not be called, or that is registered already.
    """
    check_url(url, _local())
    if db.session.scalar(_living(select(Webhook.id)).where(Webhook.url == url)) is not None:
        raise InvalidInput("This address is registered.", zh="该地址已登记", errors={"url": ["registered already"]})
    hook = Webhook(
        department_id=department_id, url=url, salt=secrets.token_hex(16), created_at=now,
        served=_begin(after, day), failures=0,
    )  # fmt: skip
    db.session.add(hook)
    db.session.flush()
    return hook.id


def _local() -> bool:
    return current_app.config["CREDIT_ENV"] in ("development", "test")


def _begin(after: int | None, day: date) -> int:
    stands = feed.place(day)
    if after is not None and after > stands.last_seq:
        told = {"after": [f"at most {stands.last_seq}"]}
        raise InvalidInput(f"The register has only reached {stands.last_seq}.", zh="变更序号过大", errors=told)
    return stands.newest if after is None else after


def _living(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return asked.where(Webhook.removed_at.is_(None))


def find(number: int) -> Webhook:
    """A receiver that is registered. Raises UnknownWebhook."""
    found: Webhook | None = db.session.scalar(_living(select(Webhook)).where(Webhook.id == number))
    if found is None:
        raise UnknownWebhook(f"No receiver {number}.", zh=f"没有编号为 {number} 的接收方")
    return found


def secret_of(number: int) -> bytes:
    """The key that signs what a receiver is sent: from the installation's secret, kept nowhere."""
    hook = find(number)
    told = f"webhook {hook.id} {hook.salt}".encode()
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), told, sha256)


def secret_text(number: int) -> str:
    """The key as the receiver gets it (Standard Webhooks)."""
    return f"whsec_{base64.b64encode(secret_of(number)).decode()}"


def receivers(number: int | None = None) -> list[dict[str, Any]]:
    """Every receiver, or one: id, url, department, served, failures, retry_at, letters held and dead."""
    letters = {
        state: func.coalesce(func.sum(case((WebhookLetter.state == state, 1), else_=0)), 0) for state in (HELD, DEAD)
    }
    asked = (
        _living(select(Webhook, Department.name, letters[HELD], letters[DEAD]))
        .join(Department, Department.id == Webhook.department_id)
        .outerjoin(WebhookLetter, WebhookLetter.webhook_id == Webhook.id)
        .group_by(Webhook.id, Department.name)
        .order_by(Webhook.id)
    )
    if number is not None:
        asked = asked.where(Webhook.id == find(number).id)
    return [
        {
            "id": hook.id, "url": hook.url, "department": department, "served": hook.served,
            "failures": hook.failures, "retry_at": hook.retry_at and instant_text(instant(hook.retry_at)),
            "held": int(held), "dead": int(dead),
        }
        for hook, department, held, dead in db.session.execute(asked)
    ]  # fmt: skip


def remove(number: int, now: datetime) -> None:
    """Serve a receiver no more."""
    find(number).removed_at = now
    db.session.execute(delete(WebhookLetter).where(WebhookLetter.webhook_id == number))


def replay(number: int, after: int, day: date) -> None:
    """Serve a receiver again from a number on, at once; what it did not take since then is sent again too."""
    hook = find(number)
    hook.served, hook.failures, hook.retry_at = _begin(after, day), 0, None
    again = (WebhookLetter.webhook_id == number) & (WebhookLetter.seq > after)
    db.session.execute(delete(WebhookLetter).where(again))


def dead(number: int) -> list[dict[str, Any]]:
    """What a receiver did not take after so many tries: seq, opaque id of the enterprise, tries, reason."""
    asked = select(WebhookLetter).where(WebhookLetter.webhook_id == find(number).id, WebhookLetter.state == DEAD)
    return [
        {
            "seq": letter.seq, "id": opaque("enterprise", letter.enterprise_id), "tries": letter.tries,
            "reason": letter.reason,
        }
        for letter in db.session.scalars(asked.order_by(WebhookLetter.seq))
    ]  # fmt: skip


def waiting(day: date, now: datetime) -> list[int]:
    """The receivers that there is something to send to now."""
    newest = feed.place(day).newest
    rows = db.session.execute(_living(select(Webhook.id, Webhook.served, Webhook.retry_at))).all()
    held = select(WebhookLetter.webhook_id).where(WebhookLetter.state == HELD, WebhookLetter.retry_at <= now)
    again = set(db.session.scalars(held.distinct()))
    ready = [row for row in rows if row.retry_at is None or instant(row.retry_at) <= now]
    return [row.id for row in ready if row.served < newest or row.id in again]


def keep(number: int, before: int, progress: dict[str, Any], letters: list[dict[str, Any]]) -> bool:
    """Note how far a receiver is served, and what it did not take. False where it was set back meanwhile."""
    moved = db.session.execute(
        update(Webhook)
        .where(Webhook.id == number, Webhook.served == before, Webhook.removed_at.is_(None))
        .values(**progress)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    open_ones = (WebhookLetter.webhook_id == number) & (WebhookLetter.state == HELD)
    db.session.execute(delete(WebhookLetter).where(open_ones))
    db.session.add_all(WebhookLetter(webhook_id=number, **letter) for letter in letters)
    db.session.flush()
    return True
