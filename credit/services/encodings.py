"""Which encoding a text file has: UTF-8, UTF-16 with its mark, or GB18030. Anything else is refused, not guessed."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from credit.errors import FileRefused

BLOCK, LONGEST_LINE = 2**20, 2**22
# So many characters in UTF-8 are no accident of another encoding.
EVIDENCE = 3


def encoding_of(opening: Callable[[], BinaryIO], name: str) -> str:
    """The codec that reads all that `opening` opens. Raises FileRefused, naming the line where a file mixes two."""
    with opening() as stream:
        start = stream.read(BLOCK)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            _read_through(stream, start, name)
            return "utf-16"
    if start.count(b"\x00") * 8 > len(start):
        _neither(name)
    with opening() as stream:
        wrong, evidence = _first_that_is_not_utf8(stream)
    if wrong is None:
        return "utf-8-sig"
    if evidence >= EVIDENCE:
        _mixed(name, wrong, "UTF-8", "GB18030")
    with opening() as stream:
        _check_gb18030(stream, name)
    return "gb18030"


def _read_through(stream: BinaryIO, start: bytes, name: str) -> None:
    decoder = codecs.getincrementaldecoder("utf-16")()
    block, lines = start, 0
    try:
        while block:
            lines += decoder.decode(block).count("\n")
            block = stream.read(BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise FileRefused(
            f"{name}, line {lines + 1} or later: UTF-16 that breaks off. Send the file again.",
            zh=f"第{lines + 1}行之后 UTF-16 编码中断，文件可能不完整",
        ) from problem


def _first_that_is_not_utf8(stream: BinaryIO) -> tuple[int | None, int]:
    """The first line that is no UTF-8 (none: null), and how many characters beyond ASCII stand before it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, evidence = 0, 0
    while True:
        block = stream.read(BLOCK)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as problem:
            good = problem.object[: problem.start].decode("utf-8")
            before = good.rpartition("\n")[0]
            return lines + good.count("\n") + 1, evidence + _beyond_ascii(before)
        if not block and not pending:
            return None, evidence
        evidence += _beyond_ascii(text)
        lines += text.count("\n")


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _check_gb18030(stream: BinaryIO, name: str) -> None:
    """Nearly any bytes are some GB18030: of Chinese text at least half is in everyday GB 2312."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    letters = everyday = number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if raw.isascii() and not decoder.getstate()[0]:
            continue
        try:
            text = decoder.decode(raw)
        except UnicodeDecodeError:
            if letters and _is_everyday_utf8(raw):
                _mixed(name, number, "GB18030", "UTF-8")
            _neither(name, number)
        beyond, common = _beyond_ascii(text), _everyday(text)
        if common < beyond and _is_everyday_utf8(raw):
            _mixed(name, number, "GB18030", "UTF-8")
        letters, everyday = letters + beyond, everyday + common
    if decoder.getstate()[0] or everyday * 2 < letters:
        _neither(name)


def _everyday(text: str) -> int:
    """How many characters beyond ASCII are in GB 2312."""
    return (len(text.encode("gb2312", "ignore")) - len(text.encode("ascii", "ignore"))) // 2


def _is_everyday_utf8(raw: bytes) -> bool:
    """Whether a line makes good sense as UTF-8."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    letters = _beyond_ascii(text)
    return letters > 1 and _everyday(text) == letters


def _mixed(name: str, line: int, most: str, other: str) -> NoReturn:
    raise FileRefused(
        f"{name}, line {line}: the file is {most} before and not here (perhaps {other}). "
        "Save it whole as UTF-8 and send it again.",
        zh=f"第{line}行与前文编码不一致（前文为 {most}，此处可能为 {other}），请统一另存为 UTF-8 后再导入",
        line=line,
    )


def _neither(name: str, line: int | None = None) -> NoReturn:
    where = f"{name}, line {line}" if line else name
    raise FileRefused(
        f"{where}: neither UTF-8 nor GB18030. Save it as UTF-8 and send it again.",
        zh=f"{f'第{line}行' if line else '文件'}编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入",
    )
