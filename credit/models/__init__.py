"""Tables only. Rows are immutable: a correction is a new row that names the one it replaces."""

from credit.db import AuditRow, ChangeRow, Register
from credit.models.amendment import Amendment, Demand, DemandAnswerRow
from credit.models.authority import ApiKey, Department, Officer
from credit.models.batch import Batch, BatchPart
from credit.models.complaint import (
    Complaint,
    ComplaintAct,
    ComplaintFile,
    ComplaintLead,
    ComplaintSealed,
)
from credit.models.delegation import Delegation, DelegationEnd
from credit.models.draw import (
    Draw,
    DrawAct,
    Drawn,
    DrawnInspector,
    DrawSecret,
    Inspector,
    InspectorRecusal,
)
from credit.models.enterprise import Enterprise, EnterpriseVersion, Name
from credit.models.event import CessationRow, Classification, Event, EventLink
from credit.models.feed import FeedListing, Webhook, WebhookLetter
from credit.models.grading import Grading, Record, Span, Standing
from credit.models.inspecting import (
    InspectionAct,
    InspectionFile,
    InspectionTask,
    InspectionTaskInspector,
)
from credit.models.item import ItemPrefix, Recall
from credit.models.listing import Listing, ListingAct
from credit.models.mask import Deletion, Mask, MaskEnd
from credit.models.objection import Filing, FilingAct, FilingFile, FilingWords
from credit.models.outside import OutsideEntry, OutsideList
from credit.models.policy import PolicyAct, PolicyText
from credit.models.receipt import Clearance, Receipt, SigningKey
from credit.models.redaction import Redaction, TextCheck
from credit.models.supplier import Supplier, SupplierList
from credit.models.transparency import LogHead, LogLeaf, LogNode
from credit.models.warning import RiskWarning, RiskWarningAct
from credit.models.watch import Watch, WatchEnd

__all__ = [
    "Amendment", "ApiKey", "AuditRow", "Batch", "BatchPart", "CessationRow", "ChangeRow", "Classification",
    "Clearance", "Complaint", "ComplaintAct", "ComplaintFile", "ComplaintLead", "ComplaintSealed",
    "Delegation", "DelegationEnd", "Deletion", "Demand", "DemandAnswerRow", "Department", "Draw",
    "DrawAct", "DrawSecret", "Drawn", "DrawnInspector", "Enterprise", "EnterpriseVersion", "Event", "EventLink",
    "FeedListing", "Filing", "FilingAct", "FilingFile", "FilingWords", "Grading", "InspectionAct",
    "InspectionFile", "InspectionTask", "InspectionTaskInspector", "Inspector", "InspectorRecusal", "ItemPrefix",
    "Listing", "ListingAct", "LogHead", "LogLeaf", "LogNode", "Mask", "MaskEnd", "Name", "Officer",
    "OutsideEntry", "OutsideList", "PolicyAct", "PolicyText", "Recall", "Receipt", "Record", "Redaction",
    "Register", "RiskWarning", "RiskWarningAct", "SigningKey", "Span", "Standing", "Supplier", "SupplierList",
    "TextCheck", "Watch", "WatchEnd", "Webhook", "WebhookLetter",
]  # fmt: skip
