"""Tables only. Rows are immutable: a correction is a new row that names the one it replaces."""

from credit.db import AuditRow, ChangeRow, Register
from credit.models.authority import ApiKey, Department, Officer
from credit.models.enterprise import Enterprise, EnterpriseVersion, Name
from credit.models.event import CessationRow, Classification, Event, EventLink
from credit.models.grading import Grading, Record, Span, Standing
from credit.models.listing import Listing, ListingAct
from credit.models.policy import PolicyAct, PolicyText

__all__ = [
    "ApiKey", "AuditRow", "CessationRow", "ChangeRow", "Classification", "Department", "Enterprise",
    "EnterpriseVersion", "Event", "EventLink", "Grading", "Listing", "ListingAct", "Name",
    "Officer", "PolicyAct", "PolicyText", "Record", "Register", "Span", "Standing",
]  # fmt: skip
