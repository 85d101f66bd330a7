"""Words of register files: headers as people write them, states of offices, reasons to reject a row."""

from __future__ import annotations

from credit.identifiers import DESTROYED_BY_EXCEL
from credit.terms import Status

HEADERS = {
    "code": ["统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "uscc", "code", "credit_code",
             "unified_code", "unified_social_credit_code"],
    "name": ["企业名称", "单位名称", "名称", "主体名称", "name", "enterprise", "enterprise_name", "company_name"],
    "short_name": ["简称", "企业简称", "short_name"],
    "registered_on": ["注册日期", "成立日期", "登记日期", "registered_on", "registration_date", "established_on"],
    "type": ["企业类型", "主体类型", "类型", "type"],
    "province": ["所在省份", "省份", "省", "province"],
    "city": ["地区", "城市", "市", "city"],
    "region": ["行政区划", "行政区划代码", "区划代码", "region", "region_code"],
    "industry": ["行业代码", "国民经济行业代码", "industry", "industry_code"],
    "status": ["登记状态", "经营状态", "企业状态", "状态", "status"],
    "legacy_id": ["注册号", "工商注册号", "登记注册号", "legacy_id", "registration_number"],
    "representative": ["法定代表人", "法定代表人姓名", "负责人", "经营者", "representative", "legal_representative"],
    "address": ["住所", "地址", "注册地址", "企业地址", "经营场所", "address"],
}  # fmt: skip
OPTIONAL = [name for name in HEADERS if name not in ("code", "name")]
REASONS = {
    "length": "统一社会信用代码应为18位：请核对证照 / must have 18 characters",
    "letter": "含有代码不允许的字符（不用 I O S V Z）/ has a character that codes don't have",
    "check_digit": "校验位不符：请核对是否抄错一位 / check digit fails, look for one wrong character",
    "number_typed": f"{DESTROYED_BY_EXCEL.zh} / {DESTROYED_BY_EXCEL.en}",
    "name_missing": "缺少企业名称 / the name is missing or has one character",
    "name_long": "名称超过256个字 / the name has more than 256 characters",
    "control_character": "含有控制字符，请删除 / has a control character, remove it",
    "date": "日期应写作 2020-01-31 / write dates as 2020-01-31",
    "future": "日期晚于今天 / the date lies in the future",
    "region": "区划代码应为6位数字 / a region code has 6 digits",
    "industry": "行业代码应为1位字母加2至4位数字 / an industry code is a letter and 2 to 4 digits",
    "status": f"状态应为 {', '.join(t.zh for t in Status)} / must be one of {', '.join(Status)}",
    "cells": "列数与表头不符 / has more or fewer cells than the header",
    "too_long": "单元格过长，请检查是否缺少引号 / a cell is too long to be meant: look for a quote that is not closed",
    "short_name": "简称超过256个字 / the short name has more than 256 characters",
    "legacy_id": "注册号超过32个字 / the registration number has more than 32 characters",
    "representative": "法定代表人超过128个字 / the representative's name has more than 128 characters",
    "address": "地址超过512个字 / the address has more than 512 characters",
    "code_twice": "同一代码在文件中出现两次且名称不同 / the code stands twice with different names",
}  # fmt: skip
STATUS_BEGINS = {
    "(开业|在业|在营|在册|存续|正常|迁出|迁入|歇业|停业|注销中|变更中)": Status.LIVING,
    "(吊销|已吊销|撤销|撤消)": Status.REVOKED,
    "(注销|已注销)": Status.DEREGISTERED,
}  # fmt: skip
ABSENT = ["N/A", "NA", "n/a", "NULL", "null", "None", "-", "--", "—", "/", "无"]
