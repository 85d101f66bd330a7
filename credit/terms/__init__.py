"""The vocabulary: every closed set of words of the register, with its Chinese and English label."""

from credit.terms.cases import (
    DemandAnswer,
    DemandGround,
    DrawState,
    FilingKind,
    FilingOutcome,
    ListingState,
    OfficerRole,
    TaskState,
    WarningKind,
    WarningLevel,
    WarningOutcome,
    WarningState,
    Withdrawal,
)
from credit.terms.complaints import ComplaintCategory, ComplaintKind, ComplaintState
from credit.terms.facts import (
    Award,
    Category,
    EnterpriseKind,
    InspectionType,
    Kind,
    Level,
    Penalty,
    Procedure,
    Result,
    Role,
    Severity,
    Stage,
    Status,
)
from credit.terms.grades import (
    Cessation,
    Grade,
    Notice,
    Outcome,
    Risk,
    Tier,
)
from credit.terms.screening import Leaf, Relation, SourceState, Verdict
from credit.terms.term import Term

__all__ = [
    "Award", "Category", "Cessation", "ComplaintCategory", "ComplaintKind",
    "ComplaintState", "DemandAnswer", "DemandGround", "DrawState", "EnterpriseKind", "FilingKind",
    "FilingOutcome", "Grade", "InspectionType", "Kind", "Leaf", "Level", "ListingState", "Notice", "OfficerRole",
    "Outcome", "Penalty", "Procedure", "Relation", "Result", "Risk", "Role", "Severity", "SourceState", "Stage",
    "Status", "TaskState", "Term", "Tier", "Verdict", "WarningKind", "WarningLevel", "WarningOutcome", "WarningState",
    "Withdrawal",
]  # fmt: skip
