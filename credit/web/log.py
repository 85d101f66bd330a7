"""The page of the transparency log: what it is for, the heads that were signed, and how to check them oneself."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from credit.clock import now
from credit.services.transparency import heads

SHOWN, FRESH = 30, timedelta(hours=36)


def log() -> str:
    """The last heads, the newest first; it is said where the daily run stays out."""
    last = heads.newest(SHOWN)
    late = bool(last) and now() - heads.made_at(last[0]) > FRESH
    return render_template("log.html", heads=last, late=late)
