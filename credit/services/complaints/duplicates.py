"""Duplicates: cases about the same firm and item in near words. They are proposed; an officer joins them or doesn't."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select

from credit.db import db
from credit.models import Complaint, ComplaintSealed
from credit.services.complaints import sealing

NEAR, SPAN, MOST = 70, timedelta(days=180), 200


def proposed(found: Complaint) -> list[dict[str, Any]]:
    """Other cases of the same department that may be the same: number, kind, state, filed_on, score 0 to 100.

    The nearest first. What was said is compared here and told to nobody; where it is deleted nothing is proposed.
    """
    span = Complaint.filed_on.between(found.filed_on - SPAN, found.filed_on + SPAN)
    held = (
        select(Complaint, ComplaintSealed)
        .join(ComplaintSealed, ComplaintSealed.complaint == Complaint.seq)
        .where(Complaint.department_id == found.department_id, Complaint.item_code == found.item_code, span)
        .where(
            Complaint.enterprise_id.is_(None) if found.enterprise_id is None
            else Complaint.enterprise_id == found.enterprise_id
        )
        .order_by(Complaint.seq.desc()).limit(MOST)
    )  # fmt: skip
    own = db.session.get(ComplaintSealed, found.seq)
    if own is None:
        return []
    said = _said(own)
    scores = [
        (fuzz.token_set_ratio(said, _said(sealed)), one)
        for one, sealed in db.session.execute(held) if one.seq != found.seq
    ]  # fmt: skip
    return [
        {"number": one.seq, "kind": one.kind, "state": one.state, "filed_on": one.filed_on, "score": round(score)}
        for score, one in sorted(scores, key=lambda pair: (-pair[0], pair[1].seq)) if score >= NEAR
    ]  # fmt: skip


def _said(sealed: ComplaintSealed) -> str:
    words = sealing.unseal_words(sealed.kid, sealed.body)
    return f"{words['enterprise']} {words['words']}"
