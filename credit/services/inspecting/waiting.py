"""Leads from complaints that wait for a task: what inspectors need to know, nothing of who complained."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from credit.db import db
from credit.models import ComplaintLead, InspectionTask
from credit.terms import TaskState

MOST = 50


def leads(department_id: int) -> list[dict[str, Any]]:
    """Leads of a department that no task looks at, the oldest first: number, code, item, reason, made_on."""
    taken = exists().where(
        InspectionTask.lead == ComplaintLead.seq, InspectionTask.state != str(TaskState.CANCELLED)
    )
    wanted = select(ComplaintLead).where(ComplaintLead.department_id == department_id, ~taken)
    return [
        {
            "number": one.seq, "code": one.enterprise_code, "item": one.item_code, "reason": one.reason,
            "made_on": one.made_on,
        }
        for one in db.session.scalars(wanted.order_by(ComplaintLead.seq).limit(MOST))
    ]  # fmt: skip
