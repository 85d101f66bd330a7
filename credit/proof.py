"""The receipt of a screening, as every door gives it: signed, kept, and told with its secret once."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import polars as pl
from flask import current_app, has_request_context, request

from credit.clock import now, today
from credit.db import aside
from credit.errors import UnknownReceipt
from credit.quota import limit_subject, refuse_flood, refuse_guessing, wrong_guess
from credit.services import receipts
from credit.services.publication import instant_text
from credit.services.screening import clearances, tenders
from credit.services.screening.screen import Screening, results, screen
from credit.services.screening.tenders import Earlier

Told = dict[str, Any]
TEXT = dict.fromkeys(("ref", "code", "name", "group"), pl.String)


def proved(found: Screening, tender: Told, refers_to: str | None = None, earlier: Earlier | None = None) -> Told:
    """A screening in the shape of schemas.screening.ScreeningTold; its receipt is on file.

    `earlier`: the check of the same tender that it follows; `refers_to`: one that its sender names without its secret.
    """
    at, told = now().astimezone(UTC), results(found)
    body = {
        "as_of": found.as_of, "known_at": instant_text(at), "seq": found.seq, "policy": found.law.digest,
        "tender": tender, "summary": found.summary(), "sources": found.looked_into(),
        "since": earlier.since(told) if earlier else None, "results": told,
    }  # fmt: skip
    root = earlier.root if earlier else None
    refers_to = earlier.id if earlier else refers_to
    with aside() as connection:
        issued = receipts.issue(
            connection, body, as_of=found.as_of, seq=found.seq, policy=found.law.digest, site=site(), now=at,
            refers_to=refers_to, who=_who(), root=root,
        )  # fmt: skip
    receipt = issued._asdict() | {"verify": f"{site()}/verify/{issued.id}"}
    return {"id": issued.id, **body, "receipt": receipt}


def check(bidders: list[Told], tender: Told, as_of: date | None, earlier: Earlier | None = None) -> Screening:
    """Screen bidders {ref, code, name, group} for a tender, without what its holder cleared."""
    subjects = pl.DataFrame(bidders, schema=TEXT).with_row_index("row")
    rows = subjects.with_columns(pl.col("row").cast(pl.Int64), pl.col(*TEXT).replace("", None))
    cleared = clearances.of(earlier.root) if earlier else None
    return screen(rows, tender["kind"], as_of or today(), today(), cleared)


def held(number: str, secret: str) -> Earlier:
    """A check, for whoever has its secret; guesses are counted. Raises UnknownReceipt, TooManyRequests."""
    refuse_guessing("receipt")
    try:
        return tenders.opened(number, secret)
    except UnknownReceipt:
        wrong_guess("receipt")
        raise


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
