"""Deletion at the end of keeping, a bounded number in each transaction; attachments go once it is done."""

from __future__ import annotations

from datetime import date

from credit import complaining
from credit.db import transaction
from credit.services import way
from credit.services.objections import attachments
from credit.services.repairs import retention

AT_ONCE = 500


def delete_due(day: date) -> int:
    """Delete whatever is due on `day`. Returns how many records were."""
    rows = retention.due(day)
    for some in rows.iter_slices(AT_ONCE):
        with transaction("retention", "calendar") as change:
            stored = retention.delete_due(change, some, day)
            way.advance(change, some["enterprise_id"].unique().to_list(), day)
        for name in stored:
            (attachments.folder() / name).unlink(missing_ok=True)
    return len(rows) + complaining.delete_due(day)
