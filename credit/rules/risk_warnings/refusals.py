"""What is refused about warnings."""

from __future__ import annotations

from credit.errors import RegisterError


class UnknownWarning(RegisterError):
    code, status, title = "unknown-warning", 404, "No such warning is on file"
    zh = "没有这条预警"
