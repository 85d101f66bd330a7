"""Back-test, in words: what it can't tell, and the names of industry sections."""

from __future__ import annotations

NOT_YET = {
    "key": "not_yet",
    "zh": "草案中有的数值在比较日之后才开始适用。这里按它们一直适用来检验；同一项有几个将来数值的，只检验最后一个。",
    "en": "Some values of the draft begin only after the compared day. They were tried as if they had always held; "
    "of several such values of one key, only the last.",
}
NOT_TRIED = {
    "key": "not_tried",
    "zh": "草案中有的将来数值没有检验：它们不是最后一个，或者提前适用会与其他数值矛盾。",
    "en": "Some values of the draft that are still to come were not tried: later ones replace them, or beginning "
    "earlier they would contradict other values.",
}
LIMITS = [
    {
        "key": "selection",
        "zh": "没有被检查的企业不会检出不合格。所以同时给出全部有等级的企业，和期间内被检查或查处过的企业；"
        "后者仍不是随机样本，因为等级较差的企业被查得更多。",
        "en": "An enterprise that nobody inspects can't fail. Both are told: all rated enterprises, and those "
        "inspected or penalized in the window. Even these are no random sample: worse grades are inspected more.",
    },
    {
        "key": "feedback",
        "zh": "现行政策的等级已经影响了检查谁，草案的等级没有。两者因此不完全可比。",
        "en": "The grades in force have steered who was inspected; the draft's grades have not. "
        "To that extent the two aren't alike.",
    },
    {
        "key": "always",
        "zh": "草案对过去各日按当时即已施行来评价；企业和部门若早知道，做法可能不同。现行一方用各日当时施行的政策。",
        "en": "The draft judges past days as if it had been in force then; firms and departments that knew of it "
        "might have acted otherwise. The other side is, for each day, the policy in force on it.",
    },
    {
        "key": "hindsight",
        "zh": "过去各日的等级按现在所知的事实计算：迟报、更正和事后被推翻的记录，当时并不知道。",
        "en": "Grades of past days are computed from the facts as known now: late reports, corrections and "
        "failures overturned since were not known at the time.",
    },
    {
        "key": "new_facts",
        "zh": "同一事实在评价日之后才作出的处罚不算预测对象；只有部门注明了关联文书，登记系统才知道是同一事实。",
        "en": "A later penalty on facts already on file is not counted as foreseen. The register knows them to be "
        "the same facts only where the department names the document.",
    },
    {
        "key": "decided",
        "zh": "违法按作出处罚决定之日计入期间，不按行为之日：行为开始于评价日之前、之后才查处的也算，"
        "期间内发生而尚未查处的不算。登记系统知道的是何时查处；行为往往持续，部门报的多是开始或者发现之日。",
        "en": "A violation falls into the months in which it was decided, not committed: what began before the graded "
        "day and was found after it counts, what was committed and not yet found doesn't. When it was found is what "
        "the register knows; acts last, and departments report the day on which they began or came to light.",
    },
    {
        "key": "one_measure",
        "zh": "违法的轻重按现行政策划分，新旧政策用同一把尺子；轻微违法不算。",
        "en": "Severity of what followed is that of the policy in force, one measure for both policies; "
        "minor violations don't count.",
    },
    {
        "key": "closed",
        "zh": "期间内注销的企业之后不会再出问题，但仍计在内；没有等级（注销、个体户未申请）和未评级的单独计数。",
        "en": "An enterprise that closes within the window stays counted though it can no longer fail. Those without "
        "a grade (closed, not asked for) and not rated are counted apart.",
    },
    {
        "key": "half_years",
        "zh": "只在同一个半年之内比较企业，再把各半年合起来，每一对企业同样算数：样本多的半年分量更大，"
        "所以另给出各半年的 AUC。秩相关是各半年的平均，按评价次数加权。",
        "en": "Enterprises are compared within one half-year only, then all pairs are summed: a half-year with more "
        "of them weighs more, so the AUC of each is told too. The rank correlation is the mean of the half-years, "
        "weighted by gradings.",
    },
    {
        "key": "few",
        "zh": "出问题的或者没出问题的企业不到十家时，只给数值，不给区间，也不说谁更好。",
        "en": "With fewer than ten enterprises in trouble, or out of it, there is a value but neither interval nor "
        "verdict.",
    },
    {
        "key": "chance",
        "zh": "区间由重复抽取企业得到，只反映企业之间的偶然差异，不反映年份之间的变化；"
        "各等级发生率的区间把每个半年当作独立。",
        "en": "Intervals come from resampling enterprises. They show chance among enterprises, not change between "
        "years; those of the rates by grade take each half-year as independent.",
    },
    {
        "key": "no_cause",
        "zh": "等级与后来的不合格相关，不等于等级是原因；对某一家企业不能由此下结论。",
        "en": "That grades go with later failures doesn't make them the cause, and tells nothing certain about "
        "any one enterprise.",
    },
]
# Sections (门类) of GB/T 4754-2017.
SECTIONS = {
    "A": ("农、林、牧、渔业", "agriculture, forestry and fishing"),
    "B": ("采矿业", "mining"),
    "C": ("制造业", "manufacturing"),
    "D": ("电力、热力、燃气及水生产和供应业", "power, heat, gas and water supply"),
    "E": ("建筑业", "construction"),
    "F": ("批发和零售业", "wholesale and retail"),
    "G": ("交通运输、仓储和邮政业", "transport, storage and post"),
    "H": ("住宿和餐饮业", "hotels and catering"),
    "I": ("信息传输、软件和信息技术服务业", "information transmission, software and IT"),
    "J": ("金融业", "finance"),
    "K": ("房地产业", "real estate"),
    "L": ("租赁和商务服务业", "leasing and business services"),
    "M": ("科学研究和技术服务业", "research and technical services"),
    "N": ("水利、环境和公共设施管理业", "water, environment and public facilities"),
    "O": ("居民服务、修理和其他服务业", "household services, repair and other services"),
    "P": ("教育", "education"),
    "Q": ("卫生和社会工作", "health and social work"),
    "R": ("文化、体育和娱乐业", "culture, sports and entertainment"),
    "S": ("公共管理、社会保障和社会组织", "public administration and social security"),
    "T": ("国际组织", "international organizations"),
}


def section_name(letter: str | None) -> dict[str, str] | None:
    """Name of an industry section by its letter, None where there is none."""
    if letter not in SECTIONS:
        return None
    zh, en = SECTIONS[letter]
    return {"zh": zh, "en": en}
