"""Words of the pages about people, Chinese and English: what a scope opens, what has been done."""

from __future__ import annotations

from credit.terms import Award, Category

SCOPE_WORDS = {
    "events:write": ("报送质量信用信息", "report events"),
    "enterprises:write": ("登记企业信息", "register enterprises"),
    "supervise": ("监管", "supervise"),
    "decide": ("决定", "decide"),
    "audit": ("审计", "audit"),
    "administer": ("管理人员与密钥", "administer people and keys"),
}
DONE = {
    "jurisdiction": ("管辖范围已更改。", "The jurisdiction was changed."),
    "enable": ("该人员可以重新登录。", "The officer may sign in again."),
    "disable": ("该人员已停用，所有登录已退出。", "The officer is out, and so is every session."),
    "second-factor": ("动态码已清除，下次登录时重新绑定。", "The second factor is cleared until the next sign-in."),
    "role": ("岗位已更改，所有登录已退出。", "The role was changed; every session has ended."),
    "revoke": ("密钥已撤销，立即失效。", "The key is revoked and opens nothing any more."),
}


def category_words() -> dict[str, tuple[str, str]]:
    """Every category of a violation or an award with its labels; one word that both have stands once."""
    found: dict[str, tuple[str, str]] = {}
    for word in (*Category, *Award):
        found.setdefault(str(word), (word.zh, word.en))
    return found
