"""What a draw refuses, each by its own name."""

from __future__ import annotations

from credit.errors import RegisterError


class UnknownDraw(RegisterError):
    code, status, title = "unknown-draw", 404, "No such draw"
    zh = "没有这次抽取"


class UnknownInspector(RegisterError):
    code, status, title = "unknown-inspector", 404, "No such inspector is on file"
    zh = "没有这名检查人员"


class NoRulesOfDraws(RegisterError):
    """`keys`: the policy in force lacks them, since it was enacted before there were draws."""

    code, status, title = "no-rules-of-draws", 409, "The policy in force knows no draws: enact it anew"
    zh = "现行政策没有双随机抽取的规定，请重新发布政策"


class QuotaAboveStratum(RegisterError):
    """`strata`: which, each with `candidates` and `quota`."""

    code, status, title = "quota-above-stratum", 422, "More are to be drawn than there are candidates"
    zh = "抽取数量超过候选对象数量"


class TooFewInspectors(RegisterError):
    """`needed` for each enterprise, `enough`: how many there are; `keys`: the first enterprises that lack them."""

    code, status, title = "too-few-inspectors", 422, "The plan has not enough inspectors"
    zh = "检查人员不足"


class AllRecused(RegisterError):
    """`keys`: the first enterprises from which every inspector, or all but too few, must stay away."""

    code, status, title = "all-recused", 422, "The inspectors must stay away from this enterprise"
    zh = "检查人员均须回避"


class BadSeed(RegisterError):
    """A seed or a plan's name is a text of one line that isn't empty; a given seed is the one committed to."""

    code, status, title = "bad-seed", 422, "This is not the seed"
    zh = "随机种子有误"


class RegisterChanged(RegisterError):
    """`committed_seq` and `seq`: the candidates are others than those committed to."""

    code, status, title = "register-changed", 409, "The candidates changed since the commitment: commit again"
    zh = "承诺后候选对象名单已变化，请重新承诺"


class DrawnAlready(RegisterError):
    code, status, title = "drawn-already", 409, "This plan was drawn already"
    zh = "该计划已抽取"


class TellsTooMuch(RegisterError):
    """The inputs would tell a firm's tier to whoever sees it inspected."""

    code, status, title = "tells-too-much", 409, "The inputs of this draw would tell a firm's tier"
    zh = "公开该次抽取的输入会泄露企业监管类别"
