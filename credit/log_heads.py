"""The day's head of the transparency log: the daily run signs it, whoever starts that run."""

from __future__ import annotations

from credit.db import transaction
from credit.proof import site
from credit.services.transparency import heads


def sign_head(actor: str) -> int:
    """Enter in the log what came since the last head, and sign a new one. Returns how many leaves came."""
    with transaction("log-head", actor) as change:
        return heads.extend(change, site())
