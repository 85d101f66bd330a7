"""Leads (线索): a case that leads to a check outside the quota is handed to whoever gives inspectors their tasks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from credit.db import Change, db
from credit.models import Complaint, ComplaintLead


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


def of_department(department_id: int) -> list[ComplaintLead]:
    """The leads of a department, the latest first."""
    held = select(ComplaintLead).where(ComplaintLead.department_id == department_id)
    return list(db.session.scalars(held.order_by(ComplaintLead.seq.desc())))
