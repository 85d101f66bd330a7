"""Duties as measurements: how many of each kind are open, overdue, late or in time on the day of the question."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from credit.db import db
from credit.models import Register
from credit.services.duties.desk import STATES, WORDS, duties

HELP = "Legal duties of the departments by kind and state, judged on the day of the question."


def text(day: date) -> bytes:
    """credit_duties{kind, state} for Prometheus; reckoned anew when the register or the day has changed."""
    number = db.session.query(Register.last_seq).scalar() or 0
    return _text(str(db.engine.url), number, day)


@lru_cache(maxsize=2)
def _text(_database: str, _seq: int, day: date) -> bytes:
    registry = CollectorRegistry()
    gauge = Gauge("credit_duties", HELP, ["kind", "state"], registry=registry)
    counted = duties(day).group_by("kind", "state").agg(count=pl.len())
    found = {(kind, state): count for kind, state, count in counted.iter_rows()}
    for kind in WORDS:
        for state in STATES:
            gauge.labels(kind, state).set(found.get((kind, state), 0))
    return generate_latest(registry)
