"""One tree of errors: each has a stable code, an HTTP status and a sentence that tells what to do."""

from __future__ import annotations

from typing import Any


class RegisterError(Exception):
    """What the register refuses, and why. Doors don't catch it: one handler renders it."""

    code = "register-error"
    status = 400
    title = "The register can't do this"
    zh = "无法办理"

    def __init__(self, detail: str = "", *, zh: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.detail_zh = zh or self.zh
        self.extra = extra


class BadCode(RegisterError):
    """The text is no unified social credit code: `reason`, and `suggestions` that would mend it."""

    code, status, title = "bad-code", 400, "Not a valid code"
    zh = "代码有误"


class UnknownEnterprise(RegisterError):
    code, status, title = "unknown-enterprise", 404, "No enterprise has this code"
    zh = "没有这个代码的企业"


class AmbiguousCode(RegisterError):
    """A 9-character organization code that several living enterprises share: `choices`."""

    code, status, title = "ambiguous-code", 300, "Several enterprises have this organization code"
    zh = "多家企业使用同一组织机构代码"


class InvalidInput(RegisterError):
    """`errors` names each field and the mend."""

    code, status, title = "invalid-input", 422, "Some fields are wrong"
    zh = "部分字段有误"


class InvalidInstant(RegisterError):
    code, status, title = "invalid-instant", 400, "This instant can't be asked for"
    zh = "不能查询这个时刻"


class DifferentDocument(RegisterError):
    """Same department, kind, document, code and source reference, other content: both are shown."""

    code, status, title = "different-document", 409, "This document is on file with other content"
    zh = "同一文书号已有不同内容"


class OtherEnterprise(RegisterError):
    """The code is another enterprise's than the name says: `on_file` and `sent` are shown."""

    code, status, title = "other-enterprise", 409, "The code is another enterprise's than the name says"
    zh = "代码与名称不是同一家企业"


class UnknownDepartment(RegisterError):
    code, status, title = "unknown-department", 404, "No such department"
    zh = "没有这个部门"


class UnknownListing(RegisterError):
    """No listing has this number."""

    code, status, title = "unknown-listing", 404, "No such listing"
    zh = "没有这条列入记录"


class UnknownPaper(RegisterError):
    """The listing has no such paper, or not yet."""

    code, status, title = "unknown-paper", 404, "The listing has no such document"
    zh = "没有这份文书"


class UnknownOfficer(RegisterError):
    code, status, title = "unknown-officer", 404, "No such officer"
    zh = "没有这名人员"


class UnknownKey(RegisterError):
    code, status, title = "unknown-key", 404, "No such key"
    zh = "没有这个密钥"


class UnknownEvent(RegisterError):
    code, status, title = "unknown-event", 404, "No such event is on file"
    zh = "没有这条记录"


class UnknownDemand(RegisterError):
    code, status, title = "unknown-demand", 404, "No such demand about this event"
    zh = "没有这项更正要求"


class UnknownObjection(RegisterError):
    """No such case, or another secret than it was filed with: which of them isn't told."""

    code, status, title = "unknown-objection", 404, "No such case, or its secret is another one"
    zh = "没有这个编号的异议或声明，或查询码不对"


class UnknownComplaint(RegisterError):
    """No such case, or another secret than it was sent with: which of them isn't told."""

    code, status, title = "unknown-complaint", 404, "No such case, or its secret is another one"
    zh = "没有这个编号的投诉举报，或查询码不对"


class UnknownMask(RegisterError):
    code, status, title = "unknown-mask", 404, "No such mask is on file"
    zh = "没有这条屏蔽"


class UnknownDelegation(RegisterError):
    code, status, title = "unknown-delegation", 404, "No such delegation is on file"
    zh = "没有这项委托"


class UnknownReceipt(RegisterError):
    code, status, title = "unknown-receipt", 404, "No such receipt, or its secret is another one"
    zh = "没有这个凭证，或查询码不对"


class UnknownLogEntry(RegisterError):
    code, status, title = "unknown-log-entry", 404, "No such leaf or head of the log"
    zh = "日志中没有这一条"


class UnknownSupplierList(RegisterError):
    code, status, title = "unknown-supplier-list", 404, "No such list, or its secret is another one"
    zh = "没有这个名单，或查询码不对"


class UnknownWatch(RegisterError):
    code, status, title = "unknown-watch", 404, "No such watch is on file"
    zh = "没有这条重点监管"


class UnknownRecall(RegisterError):
    code, status, title = "unknown-recall", 404, "No such recall is on file"
    zh = "没有这条召回"


class PrefixTaken(RegisterError):
    code, status, title = "prefix-taken", 409, "Another enterprise holds this prefix"
    zh = "该厂商识别代码属于其他企业"


class UnknownWebhook(RegisterError):
    code, status, title = "unknown-webhook", 404, "No such receiver is registered"
    zh = "没有登记这个接收方"


class UnknownPolicy(RegisterError):
    code, status, title = "unknown-policy", 404, "No such policy version"
    zh = "没有这个版本的评价规则"


class BeforeRegister(RegisterError):
    code, status, title = "before-register", 404, "The register doesn't answer for this day"
    zh = "登记系统不回答这一天"


class NoKey(RegisterError):
    code, status, title = "no-key", 401, "Send a department's key: Authorization: Bearer ..."
    zh = "请提供部门密钥"


class ExpiredKey(RegisterError):
    code, status, title = "expired-key", 401, "This key has ended"
    zh = "密钥已到期"


class SignInRefused(RegisterError):
    """Wrong login, password or code, a lock-out or an officer who was disabled: which of them isn't told."""

    code, status, title = "sign-in-refused", 422, "Not signed in"
    zh = "没有登录"


class NotAllowed(RegisterError):
    code, status, title = "not-allowed", 403, "This key or officer may not do this"
    zh = "无权办理"


class OutsideJurisdiction(RegisterError):
    """`field` (kind, category or region) lies outside what the department may report."""

    code, status, title = "outside-jurisdiction", 403, "This department may not report this"
    zh = "超出本部门的管辖范围"


class NoLegalBasis(RegisterError):
    code, status, title = "no-legal-basis", 422, "No list without a legal basis"
    zh = "名单缺少法律依据"


class StaleVersion(RegisterError):
    """Somebody else changed the fact meanwhile: `version` is the one that counts now."""

    code, status, title = "stale-version", 409, "This is not the version that counts now"
    zh = "该记录已有新的版本"


class WrongState(RegisterError):
    """An act that the table of states doesn't allow now: `state`, `allowed`."""

    code, status, title = "wrong-state", 409, "This act is not possible now"
    zh = "当前状态不能办理"


class AwardBlocked(RegisterError):
    """An honour can't be given to an enterprise while it is listed: `listed_since`, `listed_until`."""

    code, status, title = "award-blocked", 409, "No honours while listed"
    zh = "列入严重违法失信名单期间不授予荣誉"


class PolicyError(RegisterError):
    """A policy file is wrong: file, key and what is allowed. The policy in force stays."""

    code, status, title = "policy-error", 500, "The policy files are wrong"
    zh = "政策文件有误"


class DraftRefused(PolicyError):
    """A draft that somebody sent is wrong: `file`, `key` where they can be told. Nothing is changed."""

    code, status, title = "draft-refused", 422, "The draft policy is wrong"
    zh = "政策草案有误"


class TooMuchWork(RegisterError):
    """More than one request may ask for: `most`. A command does it."""

    code, status, title = "too-much-work", 422, "This is too much for one request"
    zh = "一次请求办不完"


class OtherBody(RegisterError):
    """The same Idempotency-Key with another body: `on_file` and `sent` are the digests of both."""

    code, status, title = "other-body", 409, "This Idempotency-Key was used for another batch"
    zh = "该幂等键已用于另一批次"


class UnknownBatch(RegisterError):
    code, status, title = "unknown-batch", 404, "No such batch"
    zh = "没有这个批次"


class BatchGone(RegisterError):
    """The file of an unfinished batch is no longer here."""

    code, status, title = "batch-file-gone", 409, "Send the batch again with the same key"
    zh = "请用同一幂等键重新发送该批次"


class TooManyRows(RegisterError):
    """More rows than a batch may have: `most`."""

    code, status, title = "too-many-rows", 422, "A batch with too many rows"
    zh = "批次行数过多"


class FileRefused(RegisterError):
    """A file that can't be read at all: wrong encoding, empty, no known column."""

    code, status, title = "file-refused", 400, "This file can't be read"
    zh = "文件无法读取"


class MappingRefused(RegisterError):
    """A mapping of columns that is wrong: `key`, and what is allowed there."""

    code, status, title = "mapping-refused", 422, "The mapping of columns is wrong"
    zh = "字段映射有误"


class TooManyRequests(RegisterError):
    code, status, title = "too-many-requests", 429, "Too many requests: wait and try again"
    zh = "请求过于频繁,请稍后再试"


class NotReady(RegisterError):
    code, status, title = "not-ready", 503, "The register is not ready"
    zh = "系统尚未就绪"
