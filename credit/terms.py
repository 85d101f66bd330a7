"""The vocabulary: every closed set of words of the register, with its Chinese and English label."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A word with two labels: `Grade.AAA.zh`, `Grade.AAA.en`; its value is what stands in tables."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Term:
        term = str.__new__(cls, value)
        term._value_ = value
        term.zh, term.en = zh, en
        return term


class Kind(Term):
    """Kinds of quality credit events (质量信用信息)."""

    VIOLATION = "violation", "违法", "Violation"
    INSPECTION = "inspection", "检查", "Inspection"
    AWARD = "award", "荣誉", "Award"


class Severity(Term):
    """How serious a violation is (国办发〔2025〕22号)."""

    MINOR = "minor", "轻微", "minor"
    GENERAL = "general", "一般", "general"
    SERIOUS = "serious", "严重", "serious"


class Penalty(Term):
    """Kinds of administrative penalty (行政处罚法 art. 9), lightest first: the order is the law's.

    A combined penalty counts once, at the heaviest kind.
    """

    WARNING = "warning", "警告", "warning"
    CRITICISM = "criticism", "通报批评", "notice of criticism"
    FINE = "fine", "罚款", "fine"
    CONFISCATED_GAINS = "confiscated_gains", "没收违法所得", "confiscation of illegal gains"
    CONFISCATED_GOODS = "confiscated_goods", "没收非法财物", "confiscation of illegal property"
    SUSPENDED_LICENCE = "suspended_licence", "暂扣许可证件", "licence withheld"
    LOWERED_QUALIFICATION = "lowered_qualification", "降低资质等级", "qualification lowered"
    REVOKED_LICENCE = "revoked_licence", "吊销许可证件", "licence revoked"
    RESTRICTED_BUSINESS = "restricted_business", "限制开展生产经营活动", "business restricted"
    SUSPENDED_BUSINESS = "suspended_business", "责令停产停业", "production or business suspended"
    CLOSURE = "closure", "责令关闭", "closure ordered"
    RESTRICTED_PRACTICE = "restricted_practice", "限制从业", "practice restricted"
    DETENTION = "detention", "行政拘留", "administrative detention"


class Procedure(Term):
    """Procedure in which a penalty was decided (行政处罚法 art. 51)."""

    SIMPLE = "simple", "简易程序", "simple procedure"
    ORDINARY = "ordinary", "普通程序", "ordinary procedure"


class Category(Term):
    """What a violation was about."""

    PRODUCT_QUALITY = "product_quality", "产品质量", "product quality"
    FOOD_SAFETY = "food_safety", "食品安全", "food safety"
    SERVICE_QUALITY = "service_quality", "服务质量", "service quality"
    CONSTRUCTION_QUALITY = "construction_quality", "工程质量", "construction quality"
    SPECIAL_EQUIPMENT = "special_equipment", "特种设备安全", "special equipment safety"
    UNLICENSED = "unlicensed", "无证生产经营", "production or trade without licence"
    CERTIFICATION = "certification", "认证认可", "certification"
    METROLOGY = "metrology", "计量", "metrology"
    STANDARDS = "standards", "标准", "standards"
    LABELLING = "labelling", "标识标签", "labelling"
    ADVERTISING = "advertising", "虚假宣传", "false advertising"
    COUNTERFEIT = "counterfeit", "假冒伪劣", "counterfeit goods"
    FALSE_RECORDS = "false_records", "弄虚作假", "false records"
    OBSTRUCTION = "obstruction", "拒绝、阻碍监督检查", "obstruction of inspection"
    GRAVE_ACCIDENT = "grave_accident", "重大质量事故", "grave quality accident"
    OTHER = "other", "其他质量违法", "other quality violation"


class Award(Term):
    """What was awarded."""

    QUALITY_PRIZE = "quality_prize", "政府质量奖", "government quality prize"
    BRAND = "brand", "名牌产品", "brand"
    EXCELLENT_WORKS = "excellent_works", "优质工程", "excellent works"
    CERTIFICATION = "certification", "质量认证", "certification"
    STANDARD = "standard", "参与制定标准", "standard led or joined"
    PLEDGE = "pledge", "公开质量承诺", "public quality pledge"


class Level(Term):
    """Level of an award."""

    NATIONAL = "national", "国家级", "national"
    PROVINCIAL = "provincial", "省级", "provincial"
    MUNICIPAL = "municipal", "市级", "municipal"
    COUNTY = "county", "县级", "county"
    INDUSTRY = "industry", "行业", "industry"


class InspectionType(Term):
    """On whose initiative a test or inspection was made."""

    RANDOM_DRAW = "random_draw", "双随机抽查", "random draw"
    SUPERVISED_SAMPLING = "supervised_sampling", "监督抽查", "supervised sampling"
    SPECIAL = "special", "专项检查", "special campaign"
    COMPLAINT = "complaint", "投诉举报核查", "on complaint"
    REQUESTED = "requested", "委托检验", "requested by the enterprise"


class Result(Term):
    """Result of an inspection."""

    PASS = "pass", "合格", "passed"
    FAIL = "fail", "不合格", "failed"
    REFUSED = "refused", "拒检", "refused"
    INVALID = "invalid", "样品无效", "sample invalid"


class Stage(Term):
    """Stage of an inspection (SAMR Order 18)."""

    FIRST = "first", "初检", "first test"
    REINSPECTION = "reinspection", "复检", "re-inspection"
    RECHECK = "recheck", "复查", "re-check"


class Role(Term):
    """Part of the inspected enterprise in the sampled product."""

    PRODUCER = "producer", "生产者", "producer"
    SELLER = "seller", "销售者", "seller"
    CONSIGNOR = "consignor", "委托方", "consignor"


class Status(Term):
    """Registration status of an enterprise."""

    LIVING = "living", "存续", "in business"
    DEREGISTERED = "deregistered", "注销", "deregistered"
    REVOKED = "revoked", "吊销", "licence revoked"


class EnterpriseKind(Term):
    """Kind of enterprise."""

    ENTERPRISE = "enterprise", "企业", "enterprise"
    BRANCH = "branch", "分支机构", "branch"
    INDIVIDUAL = "individual", "个体工商户", "individual business"


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
    DECIDER = "decider", "决定", "decider"
    AUDITOR = "auditor", "审计", "auditor"
    ADMINISTRATOR = "administrator", "管理", "administrator"


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
