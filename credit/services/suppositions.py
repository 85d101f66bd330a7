"""Suppositions checked against the dossier: what is examined again, what ends, what is on file already."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.errors import InvalidInput
from credit.rules.dossier import CEASED, LINKS
from credit.services import enterprises, events
from credit.services.supposed import Supposed

SECOND_LOOKS = ("reinspection", "recheck")


def suppose(
    asked: dict[str, Any], enterprise_id: int, department_id: int, on_file: pl.DataFrame
) -> Supposed:
    """The events and cessations asked for, as if reported by the department. Raises InvalidInput.

    `on_file`: the enterprise's events, by number.
    """
    made = [
        _placed("events", place, lambda event=event, place=place: _row(event, place, enterprise_id, department_id))  # type: ignore[misc]
        for place, event in enumerate(asked["events"])
    ]
    ...
