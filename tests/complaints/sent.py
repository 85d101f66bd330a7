"""What the public sends, for tests."""

from __future__ import annotations

from typing import Any

PATH = "/api/v1/complaints"


def complaint(**given: Any) -> dict[str, Any]:
    """A complaint as JSON; `given` changes or adds fields."""
    return {
        "kind": "complaint", "category": "product", "enterprise": "示例铜业", "place": "示例路八号",
        "item_code": "06901234567892", "happened_on": "2026-11-20", "words": "电缆绝缘层一折就裂，要求退货",
        "name": "张示例", "phone": "13800138000", "address": "示例区示例巷三号",
    } | given  # fmt: skip


def report(**given: Any) -> dict[str, Any]:
    """An anonymous report that asks for a reward code."""
    return complaint(kind="report", name="", phone="", address="", reward=True) | given
