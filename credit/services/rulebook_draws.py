"""The draw in the rulebook: the algorithm so that anybody can follow it, and the numbers that it goes by."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.rules.law import Law
from credit.services.policy_differences import COUNTED, UNITS
from credit.services.rulebook_grades import Rows, held, source, words
from credit.terms import Risk

NEEDED = {"risk-factor", "yearly-cap", "inspectors", "higher-level-months", "most-of-one-tier"}
LABEL = words("抽取算法", "the algorithm of the draw")
# LF is one line feed. The same steps stand in credit/rules/draws, which tests hold against plain Python.
STEPS = (
    words(
        "号码：对“种子 LF 计划编号 LF 类别 LF 名称”的 UTF-8 文本（LF 为换行符）取 SHA-256，前 8 字节按大端序读作整数",
        "ticket: the first 8 bytes, big-endian, of SHA-256 over the UTF-8 text “seed LF plan LF what LF name” "
        "(LF is one line feed)",
    ),
    words(
        "名额：候选企业按监管类别和产品风险分层，每层应抽数为企业数乘以比例；先舍去小数，总数四舍五入，余额按小数部分由大到小各补一家，"
        "小数相同的按层名先后；计划写明总数的，按应抽数的比例分配，候选不足的层全部抽取，其余由他层分摊",
        "quotas: candidates stand in strata by tier and product risk; due is their number times the share; all are "
        "rounded down, the total half up, and the rest goes one each by the largest remainders, equal ones by name; "
        "where the plan says how many in all, that is spread in proportion, and a stratum with fewer is taken whole",
    ),
    words(
        "企业：类别为 enterprise，名称为企业的代码（公布承诺的为其假名）；每层按号码由小到大抽满名额，不重复抽取",
        "enterprises: what is “enterprise”, name its code (its pseudonym where a commitment was published); "
        "each stratum's lowest tickets are drawn, nobody twice",
    ),
    words(
        "人员：类别为 inspector，名称为“人员编号 LF 已有任务数”；可派人员少的企业先排，派给任务数最少、号码最小的人员，"
        "回避、地区、资质不符的不派",
        "inspectors: what is “inspector”, name “id LF tasks so far”; enterprises to which the fewest may go come "
        "first; they get those with the fewest tasks, then the lowest tickets; recusal, region and trade are kept",
    ),
    words(
        "均衡：由任务最多的人员（同数按编号）起，逐层寻找任务少 2 次以上的可派人员（任务按号码、人员按编号），"
        "沿最短的链依次移交；找不到的，所到人员不再调整",
        "balance: the busiest (the first by id) looks breadth-first, tasks by ticket and people by id, for somebody "
        "who may go and has at least 2 tasks fewer; along the shortest chain each hands a task to the next; where "
        "there is none, all who were reached stay as they are",
    ),
    words(
        "承诺：抽取前公布计划、候选名单和种子的摘要；检查结束后公开种子和加盐假名的输入，任何人可以重算，但不能得知企业的监管类别",
        "commitment: before the draw a digest of plan, candidates and seed is published; after the inspections, "
        "the seed and the inputs under salted pseudonyms: anybody can draw again, and learns no firm's tier",
    ),
)  # fmt: skip
NOT_DRAWN = words("注销、吊销的企业不抽取", "closed enterprises are not drawn")


def draws(law: Law, day: date) -> Rows:
    """Rows of label, values and source; none under a policy without draws."""
    found = held(law, "draws", day)
    if not set(found) >= NEEDED:
        return []
    factors = found["risk-factor"]
    told = [
        words(f"{risk.zh}：{factors[1].value[risk]} 倍", f"{risk.en}: times {factors[1].value[risk]}") for risk in Risk
    ]
    rows = [{"label": LABEL, "values": [*STEPS, NOT_DRAWN], "source": source(factors[1])}]
    rows.append({"label": words(factors[0].zh, factors[0].en), "values": told, "source": source(factors[1])})
    return rows + [_figure(key, *held_one) for key, held_one in found.items() if isinstance(held_one[1].value, int)]


def _figure(key: str, provision: Any, dated: Any) -> dict[str, Any]:
    unit = UNITS.get(COUNTED.get(f"draws.{key}", ""), words("{}", "{}"))
    value = words(unit["zh"].format(dated.value), unit["en"].format(dated.value))
    return {"label": words(provision.zh, provision.en), "values": [value], "source": source(dated)}
