"""Checks of a mapping's parts: each refusal names the key and what is allowed, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NoReturn

from credit.errors import MappingRefused

LONGEST, MOST = 500, 1_000
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def refuse(key: str, zh: str, en: str) -> NoReturn:
    raise MappingRefused(f"{key}: {en}" if key else en, zh=f"{key}：{zh}" if key else zh, key=key)


def known_keys(key: str, given: Any, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Any]:
    """A mapping that has these keys and no others."""
    if not isinstance(given, dict):
        refuse(key, f"应为映射，可用的键：{'、'.join(allowed)}", f"must be a mapping of {', '.join(allowed)}.")
    for name in given:
        if name not in allowed:
            inner = f"{key}.{name}" if key else str(name)
            refuse(inner, f"未知的键，可用：{'、'.join(allowed)}", f"unknown key. Allowed: {', '.join(allowed)}.")
    for name in required:
        if name not in given:
            inner = f"{key}.{name}" if key else name
            refuse(inner, "缺少这个键", "this key is missing.")
    return given


def text(key: str, given: Any, longest: int = LONGEST) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > longest:
        refuse(key, f"应为1至{longest}个字的文本（数字请加引号）",
               f"must be text of 1 to {longest} characters (in quotes where it looks like a number).")  # fmt: skip
    return given


def truth(key: str, given: Any) -> bool:
    if not isinstance(given, bool):
        refuse(key, "应为 true 或 false", "must be true or false.")
    return given


def one_of(key: str, given: Any, allowed: Collection[str]) -> str:
    if not isinstance(given, str) or given not in allowed:
        refuse(key, f"应为其中之一：{'、'.join(allowed)}", f"must be one of: {', '.join(allowed)}.")
    return given


def texts(key: str, given: Any, most: int = MOST) -> tuple[str, ...]:
    """A list of texts, or one text alone."""
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not 1 <= len(listed) <= most:
        refuse(key, f"应为文本或1至{most}个文本的列表", f"must be a text or a list of 1 to {most} texts.")
    return tuple(text(f"{key}.{place}", one) for place, one in enumerate(listed))


def table(key: str, given: Any, nullable: bool = False) -> dict[str, Any]:
    """Texts by texts."""
    if not isinstance(given, dict) or not given:
        refuse(key, "应为“原值: 目标值”的映射", "must be a mapping of what the file says to what it means.")
    return {
        name: None if value is None and nullable else text(f"{key}.{name}", value) for name, value in given.items()
    }
