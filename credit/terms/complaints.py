"""Words of complaints and reports."""

from credit.terms.term import Term


class ComplaintKind(Term):
    """Whether somebody wants a dispute settled (投诉), or tells of a breach of law (举报)."""

    COMPLAINT = "complaint", "投诉", "complaint"
    REPORT = "report", "举报", "report"


class ComplaintCategory(Term):
    """What it is about. The register's own division."""

    PRODUCT = "product", "产品质量", "quality of a product"
    SAFETY = "safety", "产品安全", "safety of a product"
    FOOD = "food", "食品、农产品", "food and farm products"
    WORKS = "works", "工程质量", "construction works"
    SERVICE = "service", "服务质量", "quality of a service"
    MARK = "mark", "假冒认证、标识", "false certificates or marks"
    MEASURE = "measure", "计量", "weights and measures"
    OTHER = "other", "其他", "other"


class ComplaintState(Term):
    """How a case stands."""

    RECEIVED = "received", "已收到", "received"
    ACCEPTED = "accepted", "已受理（立案）", "accepted"
    REFUSED = "refused", "不予受理（立案）", "refused"
    INSPECTION = "inspection", "检查中", "being inspected"
    CHECKED = "checked", "已核查", "checked"
    ANSWERED = "answered", "已答复", "answered"
    CLOSED = "closed", "已办结", "closed"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
