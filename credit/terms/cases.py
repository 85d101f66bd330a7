"""Words of what happens to a record: withdrawals, demands, filings, listings, and the officers who act."""

from __future__ import annotations

from credit.terms.term import Term


class Withdrawal(Term):
    """Why a department withdraws what it reported."""

    BASIS_REVOKED = "basis_revoked", "依据被撤销", "its basis was revoked"
    FOUND_ILLEGAL = "found_illegal", "被确认违法或无效", "it was found illegal or void"
    REPORTED_BY_MISTAKE = "reported_by_mistake", "误报", "it was reported by mistake"
    OTHER = "other", "其他", "other"


class DemandGround(Term):
    """What is wrong with a fact on file, as somebody demands its mending (SAMR Order 45 articles 11, 12)."""

    CHANGED = "changed", "决定已变更", "the decision was changed"
    REVOKED = "revoked", "决定已撤销", "the decision was revoked"
    ILLEGAL = "illegal", "决定被确认违法或无效", "the decision was found illegal or void"
    INACCURATE = "inaccurate", "信息不准确", "it is inaccurate"


class DemandAnswer(Term):
    """How a department answered a demand."""

    CORRECTED = "corrected", "已更正", "corrected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    REFUSED = "refused", "不予更正", "refused with reasons"


class FilingKind(Term):
    """What an enterprise files about a fact on its record."""

    OBJECTION = "objection", "异议", "objection"
    STATEMENT = "statement", "企业声明", "statement"
    REPAIR = "repair", "信用修复申请", "application for repair"


class FilingOutcome(Term):
    """How an objection was decided (the first three), what became of a statement (two), of an application."""

    UPHELD = "upheld", "异议成立", "upheld"
    REJECTED = "rejected", "异议不成立", "rejected"
    UNVERIFIABLE = "unverifiable", "无法核实，暂停公示", "can't be verified: no longer shown"
    ACCEPTED = "accepted", "已登载", "shown beside the record"
    REFUSED = "refused", "不予登载", "not shown"
    DECLINED = "declined", "不予受理", "application not accepted"
    GRANTED = "granted", "准予信用修复", "repair granted"
    DENIED = "denied", "不予信用修复", "repair not granted"


class OfficerRole(Term):
    """What an officer may do."""

    REPORTER = "reporter", "报送", "reporter"
    SUPERVISOR = "supervisor", "监管", "supervisor"
    HANDLER = "handler", "投诉举报办理", "complaints officer"
    DECIDER = "decider", "决定", "decider"
    LEGAL = "legal", "法制审核", "legal review"
    SECRECY = "secrecy", "保密审查", "secrecy review"
    CREDIT = "credit", "信用机构", "credit unit"
    AUDITOR = "auditor", "审计", "auditor"
    ADMINISTRATOR = "administrator", "管理", "administrator"


class DrawState(Term):
    """States of a draw (双随机抽取)."""

    PLANNED = "planned", "待审批", "planned"
    APPROVED = "approved", "已审批", "approved"
    COMMITTED = "committed", "已承诺", "committed"
    DRAWN = "drawn", "已抽取", "drawn"
    REVEALED = "revealed", "已公开", "revealed"


class TaskState(Term):
    """States of an inspection task (检查任务)."""

    OPEN = "open", "待检查", "to be inspected"
    VISITED = "visited", "已检查，待结果", "visited, result to come"
    DONE = "done", "已办结", "done"
    CANCELLED = "cancelled", "已取消", "given up"


class WarningKind(Term):
    """What a monitor warns of."""

    MEETING = "meeting", "质量分析会", "quality analysis meeting"
    EXCESS = "excess", "不合格率偏高", "failures above the whole"
    CHANGE = "change", "不合格率上升", "failures rising"
    NEAR_MISS = "near_miss", "企业反复险情", "near misses of one enterprise"


class WarningLevel(Term):
    """How grave a warning is."""

    HIGH = "high", "高", "high"
    MEDIUM = "medium", "中", "medium"


class WarningState(Term):
    """States of a warning."""

    RAISED = "raised", "待认领", "raised"
    TAKEN = "taken", "处置中", "in hand"
    CLOSED = "closed", "已办结", "closed"


class WarningOutcome(Term):
    """What became of a warning."""

    TRUE = "true", "属实", "came true"
    FALSE = "false", "误报", "false alarm"
    UNKNOWN = "unknown", "无法判断", "can't be told"


class ListingState(Term):
    """States of a listing (列入)."""

    PROPOSED = "proposed", "拟列入", "proposed"
    ASSESSED = "assessed", "已综合考量", "circumstances weighed"
    EXCUSED = "excused", "无主观故意", "without intent"
    NOTIFIED = "notified", "已告知", "notice given"
    STATED = "stated", "已陈述申辩", "stated and defended"
    HEARING = "hearing", "待听证", "hearing asked for"
    HEARD = "heard", "告知期满", "heard"
    CONSENTED = "consented", "上级已同意", "consented to from above"
    DECIDED = "decided", "已决定", "decided"
    CONFIRMED = "confirmed", "已复核", "confirmed"
    PUBLISHED = "published", "公示中", "published"
    REMOVAL_ASKED = "removal_asked", "申请提前移出", "early removal applied for"
    REMOVAL_ACCEPTED = "removal_accepted", "提前移出已受理", "application accepted"
    REMOVED = "removed", "已提前移出", "removed early"
    EXPIRED = "expired", "期满移出", "expired"
    REVOKED = "revoked", "已撤销", "revoked"
    DROPPED = "dropped", "不予列入", "not listed"
