"""Leads (线索): a case that leads to a check outside the quota is handed to whoever gives inspectors their tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, select

from credit.db import Change, db
from credit.models import Complaint, ComplaintLead, InspectionTask
from credit.terms import TaskState

MOST = 50


def lead(change: Change, complaint: Complaint, reason: str, day: date) -> int:
    """Keep a lead: firm's code (empty where unknown), item, department and reason; no personal data. Its number."""
    (seq,) = change.take()
    db.session.add(
        ComplaintLead(
            seq=seq, complaint=complaint.seq, enterprise_code=complaint.code, item_code=complaint.item_code,
            department_id=complaint.department_id, reason=reason, made_on=day,
        )
    )  # fmt: skip
    db.session.flush()
    return seq


def waiting(department_id: int) -> list[dict[str, Any]]:
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
