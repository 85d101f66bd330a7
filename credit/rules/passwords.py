"""Which passwords are too easy to guess."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import normalize

SHORTEST, LONGEST = 12, 128
FEWEST_SIGNS = 5
BESIDE = 8  # characters at least, beside the login
# The common ones that are long enough to pass for good ones, folded: no case, no blanks.
COMMON = frozenset(
    """
    000000000000 111111111111 123123123123 123456123456 123456654321 123456789000 123456789012 1234567890123
    1234567890qwe 123456789abc 123456789qwe 123456abcdef 123qwe123qwe 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
    1qaz2wsx3edc4rfv 1qazxsw23edc 5201314520131 aa1234567890 abc123456789 abcd12345678 abcdef123456 abcdefghijkl
    admin1234567 admin123456789 administrator administrator1 adminadmin123 asdfghjkl123 changeme1234 changemenow1
    iloveyou1234 iloveyou5201314 letmein12345 p@ssw0rd1234 p@ssword1234 passw0rd1234 password1234 password12345
    password123456 password2024 password2025 password2026 passwordpassword q1w2e3r4t5y6 qazwsxedc123 qazwsxedcrfv
    qwer12345678 qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertyuiop[] root12345678
    shanghai1234 tongling1234 welcome12345 welcome123456 woaini1314520 woaini520131 woaini5201314 zaq12wsxcde3
    zxcvbnm12345 zxcvbnm123456 zxcvbnmasdfg
    """.split()  # noqa: SIM905 - a column of quoted words would be a page
)


class Weakness(NamedTuple):
    """Why a password won't do, and the mend."""

    zh: str
    en: str


def folded(password: str) -> str:
    """The same password however a keyboard composes its signs (NFKC)."""
    return normalize("NFKC", password)


def weakness(password: str, login: str) -> Weakness | None:
    """What is wrong with a password for the officer with this login; None where it will do."""
    plain = "".join(folded(password).casefold().split())
    if len(folded(password)) < SHORTEST:
        return Weakness(f"密码至少 {SHORTEST} 个字符", f"A password has at least {SHORTEST} characters.")
    if len(folded(password)) > LONGEST:
        return Weakness(f"密码最多 {LONGEST} 个字符", f"A password has at most {LONGEST} characters.")
    if login.casefold() in plain and len(plain.replace(login.casefold(), "")) < BESIDE:
        return Weakness("密码不能只是登录名加几个字符", "A password is more than the login and a few characters.")
    if plain in COMMON:
        return Weakness("这是常见密码，请换一个", "This password is a common one: choose another.")
    if len(set(plain)) < FEWEST_SIGNS:
        return Weakness(f"密码至少有 {FEWEST_SIGNS} 种不同的字符", f"Use at least {FEWEST_SIGNS} different characters.")
    return None
