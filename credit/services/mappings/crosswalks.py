"""Crosswalks: codes of enterprises by the number that another register gives them, inline or in a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credit.errors import FileRefused, MappingRefused
from credit.services.chunks import read_chunks
from credit.services.mappings.checks import known_keys, refuse, table, text
from credit.services.mappings.shapes import Crosswalk

KEYS = ("column", "table", "file", "from", "to")
MOST = 200_000


def with_file(data: dict[str, Any], folder: Path | None, given: Path | None) -> dict[str, Any]:
    """The mapping's data with the crosswalk's file read into it. Raises MappingRefused."""
    crosswalk = data.get("crosswalk")
    if crosswalk is None:
        if given is not None:
            refuse("crosswalk", "映射没有用到对照表", "the mapping has no crosswalk that this file could be.")
        return data
    found = known_keys("crosswalk", crosswalk, KEYS, ("column",))
    if "file" not in found and given is None:
        if "from" in found or "to" in found:
            refuse("crosswalk", "from 和 to 只能与 file 同用", "`from` and `to` go with a file.")
        return data
    if "table" in found:
        refuse("crosswalk", "table 与 file 只能有一个", "has a table and a file: give one of them.")
    file = given or _beside(text("crosswalk.file", found["file"]), folder)
    columns = [text(f"crosswalk.{end}", found.get(end, usual)) for end, usual in (("from", "id"), ("to", "code"))]
    return data | {"crosswalk": {"column": found["column"], "table": _read(file, *columns)}}


def read_crosswalk(given: Any) -> Crosswalk | None:
    if given is None:
        return None
    found = known_keys("crosswalk", given, ("column", "table"), ("column", "table"))
    return Crosswalk(text("crosswalk.column", found["column"]), table("crosswalk.table", found["table"]))


def _beside(name: str, folder: Path | None) -> Path:
    """A file in the folder of the mapping itself, and nowhere else."""
    if folder is None:
        refuse("crosswalk.file", "随数据一起发送的映射不能引用服务器上的文件，请另附对照表或写入 table",
               "a mapping that is sent can't name a file: attach the crosswalk or write it as table.")  # fmt: skip
    if Path(name).name != name or name.startswith("."):
        refuse("crosswalk.file", "只能是映射旁边的文件名", "must be the bare name of a file beside the mapping.")
    return folder / name


def _read(file: Path, own: str, code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for chunk in read_chunks(file):
            for line, row in zip(chunk.lines, chunk.rows, strict=True):
                number, to = row.get(own), row.get(code)
                if number is None or to is None:
                    refuse(f"crosswalk line {line}", f"缺少“{own}”或“{code}”", f"lacks {own} or {code}.")
                if found.setdefault(str(number), str(to)) != str(to):
                    refuse(f"crosswalk line {line}", f"“{number}”对应两个代码", f"{number} has two codes.")
            if len(found) > MOST:
                refuse("crosswalk", f"最多 {MOST} 行", f"has at most {MOST} lines.")
    except FileRefused as problem:
        raise MappingRefused(f"crosswalk: {problem.detail}", zh=f"对照表：{problem.detail_zh}") from problem
    return found
