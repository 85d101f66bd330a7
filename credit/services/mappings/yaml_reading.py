"""YAML as a mapping may have it: plain data of bounded size and depth, each key once, no references."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from credit.services.mappings.checks import refuse

MOST_BYTES, DEEPEST, MOST_PARTS = 1_000_000, 8, 200_000


class _Loader(yaml.CSafeLoader):
    """YAML whose keys are texts, none of them given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                refuse(f"line {line}", f"键 {key!r} 应为文本，请加引号", f"the key {key!r} must be text (in quotes).")
            if key in found:
                refuse(f"line {line}", f"键 {key!r} 重复", f"the key {key!r} stands twice.")
            found.add(key)
        return super().construct_mapping(node, deep)


def file_text(file: Path) -> str:
    """The text of a mapping file. Raises MappingRefused."""
    try:
        if file.stat().st_size > MOST_BYTES:
            refuse("", f"映射文件超过 {MOST_BYTES // 1000} KB", f"A mapping has at most {MOST_BYTES // 1000} KB.")
        return file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        refuse("", f"无法读取 {file.name}", f"{file.name}: {problem.strerror}.")
    except UnicodeDecodeError:
        refuse("", f"{file.name} 请用 UTF-8 保存", f"{file.name}: save it as UTF-8.")


def read_yaml(text: str) -> Any:
    """The data of a YAML text. Raises MappingRefused, with the line."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        refuse("", f"映射文件超过 {MOST_BYTES // 1000} KB", f"A mapping has at most {MOST_BYTES // 1000} KB.")
    try:
        _check_events(text)
        return yaml.load(text, _Loader)  # nosec B506: a safe loader
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        what = getattr(problem, "problem", None) or str(problem)[:200]
        refuse(line, f"不是有效的 YAML（{what}）", f"no valid YAML ({what}).")
    except ValueError as problem:
        refuse("", f"不是有效的 YAML（{problem}）", f"no valid YAML ({problem}).")


def _check_events(text: str) -> None:
    """Refuse what would grow or nest without end before anything is built."""
    depth = 0
    for parts, event in enumerate(yaml.parse(text, yaml.CSafeLoader), start=1):
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            refuse(line, "不允许锚点和引用（& *）", "anchors and references (& *) are not allowed.")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            refuse(line, "不允许类型标签（!）", "tags (!) are not allowed.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or parts > MOST_PARTS:
            refuse(line, "嵌套过深或内容过多", "nests too deep or has too many parts.")
