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


class UnknownDepartment(RegisterError):
    code, status, title = "unknown-department", 404, "No such department"
    zh = "没有这个部门"


class UnknownEvent(RegisterError):
    code, status, title = "unknown-event", 404, "No such event is on file"
    zh = "没有这条记录"


class UnknownPolicy(RegisterError):
    code, status, title = "unknown-policy", 404, "No such policy version"
    zh = "没有这个版本的评价规则"


class BeforeRegister(RegisterError):
    code, status, title = "before-register", 404, "The register doesn't answer for this day"
    zh = "登记系统不回答这一天"


class NoKey(RegisterError):
    code, status, title = "no-key", 401, "Send a department's key: Authorization: Bearer ..."
    zh = "请提供部门密钥"


class NotAllowed(RegisterError):
    code, status, title = "not-allowed", 403, "This key or officer may not do this"
    zh = "无权办理"


class NoLegalBasis(RegisterError):
    code, status, title = "no-legal-basis", 422, "No list without a legal basis"
    zh = "名单缺少法律依据"


class WrongState(RegisterError):
    """An act that the table of states doesn't allow now: `state`, `allowed`."""

    code, status, title = "wrong-state", 409, "This act is not possible now"
    zh = "当前状态不能办理"


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


class FileRefused(RegisterError):
    """A file that can't be read at all: wrong encoding, empty, no known column."""

    code, status, title = "file-refused", 400, "This file can't be read"
    zh = "文件无法读取"


class TooManyRequests(RegisterError):
    code, status, title = "too-many-requests", 429, "Too many requests: wait and try again"
    zh = "请求过于频繁,请稍后再试"


class NotReady(RegisterError):
    code, status, title = "not-ready", 503, "The register is not ready"
    zh = "系统尚未就绪"
