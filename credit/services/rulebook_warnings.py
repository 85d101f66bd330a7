"""The monitors in the rulebook: what each looks at, by which method, and its numbers."""

from __future__ import annotations

from datetime import date

from credit.rules.law import Law
from credit.services.rulebook_grades import Rows, held, source, words

METHODS = (
    words(
        "不合格率偏高：近十二个月终局结果，按产品、行业、地区；以经验贝叶斯（贝塔—二项，边际似然）收缩，可信区间下限高于全体即预警。",
        "failures above the whole: final results of twelve months by product, industry, region; shrunk by empirical "
        "Bayes (beta-binomial, marginal likelihood); a warning where the lower credible bound lies above the whole's",
    ),
    words(
        "不合格率上升：逐月二项累积和（CUSUM）；界限由同样批次数的 2000 个模拟年求得，使每年误报概率不超过下列数值。",
        "failures rising: a binomial CUSUM by month; its limit comes from 2,000 simulated years with the same numbers "
        "of lots, so that the false alarms of a year stay within the number below",
    ),
    words(
        "质量分析会：同一行业同一地区在期内终局不合格达到批次数（监督抽查办法第 50 条）。",
        "quality analysis meeting: so many final failures of one industry in one region (SAMR Order 18 art. 50)",
    ),
    words(
        "反复险情：同一企业多次不合格，均经复检推翻或整改复查合格。",
        "near misses: one enterprise failed several times, each overturned or mended",
    ),
    words(
        "预警是内部线索，不公开，不影响等级；办结时记录是否属实。",
        "a warning is an internal lead: never public, no part of a grade; whether it came true is kept",
    ),
)  # fmt: skip


def warnings(law: Law, day: date) -> Rows:
    """Rows of label, values and source; none under a policy without monitors."""
    found = held(law, "warnings", day)
    if not found:
        return []
    first = next(iter(found.values()))[1]
    rows = [{"label": words("监测方法", "how the monitors work"), "values": list(METHODS), "source": source(first)}]
    return rows + [
        {
            "label": words(provision.zh, provision.en), "values": [words(str(dated.value), str(dated.value))],
            "source": source(dated),
        }
        for provision, dated in found.values()
    ]  # fmt: skip
