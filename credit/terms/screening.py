"""Words of screening (信用核查): what it says of a bidder, of a source, and how a bidder and an enterprise relate."""

from __future__ import annotations

from credit.terms.term import Term


class Verdict(Term):
    """What a screening says of one bidder. None of them decides the tender: the buyer does."""

    EXCLUDED = "excluded", "依法禁止参加", "excluded by law"
    REVIEW = "review", "需人工核对", "to be looked at by a person"
    CONSIDER = "consider", "需审慎考虑", "to be considered"
    UNKNOWN = "unknown", "未登记", "not in the register"
    INVALID = "invalid", "输入有误", "the input is wrong"
    CLEAR = "clear", "未见", "nothing found"


class SourceState(Term):
    """What was found in one source."""

    FOUND = "found", "查到", "found"
    NOT_FOUND = "not_found", "未查到", "not found"
    NOT_CHECKED = "not_checked", "未核查", "not checked"


class Relation(Term):
    """How a bidder as written and an enterprise relate."""

    SAME_CODE = "same_code", "代码相同", "same code"
    ORGANIZATION_CODE = "organization_code", "组织机构代码相同", "same organization code"
    REGISTRATION_NUMBER = "registration_number", "原注册号相同", "same registration number"
    SAME_NAME = "same_name", "名称相同", "same name"
    FORMER_NAME = "former_name", "曾用名相同", "same as a former name"
    MENDED_CODE = "mended_code", "改一位后代码相同", "same code after one mend"
    VARIANT = "variant", "名称写法不同", "another way to write the name"
    HINT = "hint", "名称相近", "a similar name"
    OTHER_CODE = "other_code", "名称相同但代码不同，是另一家", "the same name under another code: another firm"
    BRANCH = "branch", "分支机构", "branch"
    PARENT = "parent", "所属企业", "parent enterprise"
    PREDECESSOR = "predecessor", "同一代码的前一家企业", "an earlier bearer of the code"


class Leaf(Term):
    """What a leaf of the transparency log is about."""

    RECEIPT = "receipt", "核查凭证", "receipt of a screening"
    LISTING = "listing", "列入公示", "publication of a listing"
    DECISION = "decision", "列入案件的其他决定", "another act on a case of listing"
    CORRECTION = "correction", "更正、撤回", "correction or withdrawal"
    DRAW = "draw", "抽取承诺", "commitment of a draw"
    AUDIT = "audit", "审计链头", "head of the audit's chain"
