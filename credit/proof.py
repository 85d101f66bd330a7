"""The receipt of a screening, as every door gives it: signed, kept, and told with its secret once."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask import current_app, has_request_context, request

from credit.clock import now
from credit.db import aside, db
from credit.quota import limit_subject, refuse_flood
from credit.services import receipts
from credit.services.publication import instant_text
from credit.services.screening.screen import Screening, results

Told = dict[str, Any]


def proved(found: Screening, tender: Told, refers_to: str | None = None) -> Told:
    """A screening in the shape of schemas.screening.ScreeningTold; its receipt is on file."""
    at = now().astimezone(UTC)
    body = {
        "as_of": found.as_of, "known_at": instant_text(at), "seq": found.seq, "policy": found.law.digest,
        "tender": tender, "summary": found.summary(), "results": results(found),
    }  # fmt: skip
    db.session.rollback()  # what was read is read: nothing is held while the receipt is written
    with aside() as connection:
        issued = receipts.issue(
            connection, body, as_of=found.as_of, seq=found.seq, policy=found.law.digest, site=site(), now=at,
            refers_to=refers_to, who=_who(),
        )  # fmt: skip
    receipt = issued._asdict() | {"verify": f"{site()}/verify/{issued.id}"}
    return {"id": issued.id, **body, "receipt": receipt}


def refuse_many() -> None:
    """Count a list of bidders: each costs what many look-ups do. Raises TooManyRequests."""
    refuse_flood("screening", current_app.config["CREDIT_LIMIT_SCREENINGS"])


def site() -> str:
    """The address of the register, as it is set, or as it was asked."""
    given = str(current_app.config["CREDIT_SITE"]).rstrip("/")
    return given or (request.host_url.rstrip("/") if has_request_context() else "")


def _who() -> str | None:
    subject = limit_subject() if has_request_context() else "command"
    return subject if subject.startswith("key:") or subject == "command" else None
