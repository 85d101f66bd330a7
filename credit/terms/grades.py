"""Words of grading: grades, tiers, how a finding came out."""

from __future__ import annotations

from credit.terms.term import Term


class Grade(Term):
    """Quality credit grade (质量信用等级; letters of GB/T 23791-2009), best first."""

    AAA = "AAA", "质量信用优异", "outstanding"
    AA = "AA", "质量信用优良", "very good"
    A = "A", "质量信用良好", "good"
    B = "B", "质量信用一般", "fair"
    C = "C", "质量信用较差", "poor"
    D = "D", "严重质量失信", "seriously dishonest"
    N = "N", "未评级", "not rated"


class Tier(Term):
    """Supervision tier (监管类别, 质检总局公告2012年第74号 art. 18). Internal, never public."""

    TRUST = "1", "信用监管", "supervision by trust"
    DUTY = "2", "责任监管", "supervision by duty"
    ORDINARY = "3", "常态监管", "ordinary supervision"
    STRICT = "4", "加严监管", "stricter supervision"


class Risk(Term):
    """Product risk class of an industry."""

    HIGH = "I", "高风险", "high"
    HIGHER = "II", "较高风险", "higher"
    ORDINARY = "III", "一般风险", "ordinary"


class Outcome(Term):
    """What became of a fact under a rule."""

    COUNTED = "counted", "计入", "counted"
    CAPPED = "capped", "超出上限", "over the cap"
    BOUNDED = "bounded", "分值封顶保底", "held within bounds"
    EXPIRED = "expired", "已到期", "expired"
    REPAIRED = "repaired", "已修复", "repaired"
    REVOKED = "revoked", "已撤销", "revoked"
    MENDED = "mended", "复查合格", "mended"
    OVERTURNED = "overturned", "复检推翻", "overturned on re-inspection"
    NOT_FINAL = "not_final", "未终局", "not final"
    NOT_SHOWN = "not_shown", "不予公示", "not public"
    LINKED = "linked", "同一事实只计一次", "same facts, counted once"
    CEILING = "ceiling", "等级上限", "ceiling"
    PRECONDITION = "precondition", "等级条件", "precondition"
    NO_DATA = "no_data", "信息不足", "no data"


class Cessation(Term):
    """On what ground a record stopped counting before its time."""

    REPAIRED = "repaired", "信用修复", "credit repair"
    REVOKED = "revoked", "处罚撤销", "basis revoked"
    MASKED = "masked", "暂停公示", "masked"
    WITHDRAWN = "withdrawn", "报送撤回", "report withdrawn"


class Notice(Term):
    """What must be reported of a decision before it is shown (SAMR Order 45 article 8)."""

    SERVED_ON = "served_on", "决定书送达日期", "when the decision was served"
    PUBLICATION_NOTICE_ON = "publication_notice_on", "公示告知日期", "when its publication was announced"
    REPAIR_NOTICE_ON = "repair_notice_on", "信用修复告知日期", "when credit repair was explained"
    PROCEEDINGS = "proceedings", "是否在复议或诉讼中", "whether an appeal or a lawsuit is pending"
