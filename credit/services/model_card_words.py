"""A model card in words: what grades are for, what they are not for, and what they can't tell."""

from __future__ import annotations

IS_FOR = [
    {
        "zh": "让公众了解一家企业公开的质量信用记录，并逐条看到理由和依据。",
        "en": "To tell the public about an enterprise's published quality record, with every reason and its source.",
    },
    {
        "zh": "供监管部门分类监管时安排检查的频次。",
        "en": "To let supervisors plan whom to inspect how often.",
    },
]
NOT_FOR = [
    {
        "zh": "不是处罚，不是黑名单，也不能单凭等级拒绝许可、投标或者合同。",
        "en": "It is no penalty and no blacklist, and by itself no ground to refuse a licence, a tender or a contract.",
    },
    {
        "zh": "不评价某一件产品是否合格，不评价企业的财务、劳动或者纳税信用。",
        "en": "It says nothing about a single product, nor about finances, labour or taxes.",
    },
    {
        "zh": "不预言某一家企业将来会不会违法；回测说的只是全体。",
        "en": "It doesn't foretell what one enterprise will do; the back-test speaks of all together.",
    },
    {
        "zh": "不用于自然人；个体工商户只在自己申请时才评。",
        "en": "It isn't for natural persons; an individual business is graded only when it asks.",
    },
]
OF_TODAY = {
    "key": "of_today",
    "zh": "这个版本已不再施行；上面的数据是今天的，不是它施行时的：当时可以公示、现在不可以的记录，不能再计。",
    "en": "This version is no longer in force. The data above are those of today, not of its time: what could be "
    "shown then and may not be shown now can't be counted any more.",
}
LIMITS = [
    {
        "key": "own_values",
        "zh": "没有全国统一的计分表：分值、等级线和若干门槛是本登记自定的（评价规则中已标明），各省不同。",
        "en": "There is no national point table: points, bands and several thresholds are this register's own "
        "(marked in the rulebook), and provinces differ.",
    },
    {
        "key": "wording",
        "zh": "部分条文的原文未能核对，评价规则中逐条标明了可靠程度。",
        "en": "The wording of some provisions could not be verified; the rulebook tells the certainty of each.",
    },
    {
        "key": "reported",
        "zh": "只根据各部门报送的记录：没有报送的，登记系统不知道；没有信息的企业不评级，不代表好或不好。",
        "en": "Only what departments report is known. Without information an enterprise is not rated, which is "
        "neither good nor bad.",
    },
    {
        "key": "shown",
        "zh": "只有可以公示的记录才计分：公示期满或者修复之后，等级不再反映它。",
        "en": "Only what may be shown counts: after publication ends or a repair, the grade forgets.",
    },
]
