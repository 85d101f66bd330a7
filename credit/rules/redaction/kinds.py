"""What a text may not show of people: kinds of findings, and the mark that stands in the place of each."""

from __future__ import annotations

from typing import NamedTuple

from credit.terms import Term


class Personal(Term):
    """Kinds of personal data in a text (Order 45 article 6), the gravest first."""

    IDENTITY = "identity", "身份证号", "identity number"
    PASSPORT = "passport", "护照或通行证号", "passport or travel permit"
    ACCOUNT = "account", "银行账号", "bank account"
    PHONE = "phone", "电话号码", "telephone number"
    EMAIL = "email", "电子邮箱", "e-mail address"
    CHAT = "chat", "微信或 QQ 号", "WeChat or QQ number"
    ADDRESS = "address", "家庭住址", "home address"
    MINOR = "minor", "未成年人信息", "a minor"
    PERSON = "person", "自然人姓名", "name of a person"


class Finding(NamedTuple):
    """Personal data at [start, end) of a text. `shown`: the mark that stands in its place once masked."""

    kind: Personal
    start: int
    end: int
    shown: str


MARKS = {
    Personal.IDENTITY: "[身份证号已隐去]",
    Personal.PASSPORT: "[证件号码已隐去]",
    Personal.ACCOUNT: "[银行账号已隐去]",
    Personal.PHONE: "[电话号码已隐去]",
    Personal.EMAIL: "[电子邮箱已隐去]",
    Personal.CHAT: "[网络账号已隐去]",
    Personal.ADDRESS: "[家庭住址已隐去]",
    Personal.MINOR: "[涉及未成年人的信息已隐去]",
    Personal.PERSON: "[姓名已隐去]",
}
UNNAMED = "某"  # 张某: what is left of the name of a person
