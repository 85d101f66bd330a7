"""Words of what departments report: events, and the enterprises that they concern."""

from __future__ import annotations

from credit.terms.term import Term


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
