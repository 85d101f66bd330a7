"""Opening what somebody sent: a file or the unpacked stream of a gzip file, never more than is bearable."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from credit.errors import FileRefused

GZIP, ZIP, PARQUET, OLD_OFFICE = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
PACKED = ".gz"
MOST_UNPACKED = 2 * 2**30
# What is small once unpacked harms nobody, however well it was packed.
HARMLESS, MOST_TIMES = 64 * 2**20, 200


def kind_of(path: Path) -> str:
    """The suffix that says the format, in lower case; of a gzip file the one before .gz."""
    kind = path.suffix.lower()
    return Path(path.stem).suffix.lower() if kind == PACKED else kind


def check_there(path: Path) -> None:
    """Refuse what isn't there or is empty. Raises FileRefused."""
    if not path.exists():
        raise FileRefused(f"{path.name}: no such file.", zh="没有这个文件")
    if path.stat().st_size == 0:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")


def opened(path: Path) -> BinaryIO:
    """The bytes of a text file, unpacked where it is gzip. Raises FileRefused, while it is read too."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(GZIP):
        return cast(BinaryIO, io.BufferedReader(_Unpacked(path), 2**20))
    for mark, what, suffix in ((ZIP, "a workbook or ZIP file", ".xlsx"), (PARQUET, "a Parquet file", ".parquet"),
                               (OLD_OFFICE, "an old workbook", ".xls")):  # fmt: skip
        if start == mark:
            raise FileRefused(
                f"{path.name} is {what}, no text. Name it {suffix} and send it again.",
                zh=f"文件内容不是文本，若为工作簿或 Parquet 请以 {suffix} 为后缀重新发送",
            )
    return path.open("rb")


class _Unpacked(io.RawIOBase):
    """A gzip file as it is unpacked; refused where it is cut off, broken or a bomb."""

    def __init__(self, path: Path) -> None:
        self.name, self.given, self.packed = path.name, 0, path.stat().st_size
        self.inner = gzip.GzipFile(path)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.inner.read(len(buffer))
        except EOFError as problem:
            raise FileRefused(
                f"{self.name} is cut off: send it again.", zh="压缩文件不完整，请重新发送"
            ) from problem
        except (gzip.BadGzipFile, zlib.error) as problem:
            raise FileRefused(f"{self.name} is no whole gzip file ({problem}).", zh="压缩文件已损坏") from problem
        self.given += len(data)
        if self.given > MOST_UNPACKED or (self.given > HARMLESS and self.given > self.packed * MOST_TIMES):
            raise FileRefused(
                f"{self.name} unpacks to more than can be taken. Send it unpacked, in parts.",
                zh="压缩文件解开后过大，请拆分后以未压缩文件发送",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.inner.close()
        super().close()
