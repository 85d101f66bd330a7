"""Workbooks are ZIP files: what one would unpack to is measured before anything opens it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from credit.errors import FileRefused

MOST_MEMBERS, MOST_SHEETS = 2_000, 256
MOST_UNPACKED = 512 * 2**20
HARMLESS, MOST_TIMES = 32 * 2**20, 250
BLOCK = 2**20
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def check_archive(path: Path) -> None:
    """Refuse a bomb, a cut or an enciphered archive. What its table claims is not believed: it is unpacked.

    Raises FileRefused.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    # zipfile says NotImplementedError of an archive that is spread over several disks.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise FileRefused(
            f"{path.name} is no workbook that can be read, or it is cut off ({problem}). Send it again.",
            zh="不是可读取的工作簿，或文件不完整，请重新发送",
        ) from problem
    _check_table(path, members)
    left = MOST_UNPACKED
    with path.open("rb") as file:
        for member in members:
            left -= _unpacked(path, file, member, left)


def _check_table(path: Path, members: list[zipfile.ZipInfo]) -> None:
    sheets = [one for one in members if one.filename.lower().startswith("xl/worksheets/") and not one.is_dir()]
    if len(members) > MOST_MEMBERS or len(sheets) > MOST_SHEETS:
        raise FileRefused(
            f"{path.name} has {len(members)} parts and {len(sheets)} sheets; at most {MOST_MEMBERS} and "
            f"{MOST_SHEETS} are taken. Send the one sheet that is meant.",
            zh=f"工作簿有{len(members)}个部件、{len(sheets)}张工作表，超过上限，请只保留要导入的工作表",
        )
    if any(one.flag_bits & 1 for one in members):
        raise FileRefused(f"{path.name} is enciphered: take the password off.", zh="工作簿已加密，请去掉密码后再导入")
    if sum(one.file_size for one in members) > MOST_UNPACKED:
        raise _bomb(path)


def _unpacked(path: Path, file: BinaryIO, member: zipfile.ZipInfo, most: int) -> int:
    """How many bytes a member really has, unpacked piece by piece and thrown away."""
    file.seek(member.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise _broken(path)
    *_, name_length, extra_length = LOCAL_HEADER.unpack(header)
    file.seek(name_length + extra_length, 1)
    if member.compress_type == STORED:
        return member.compress_size
    if member.compress_type != DEFLATED:
        raise _broken(path)
    decoder, left, size = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
    try:
        while left and not decoder.eof:
            piece = file.read(min(BLOCK, left))
            if not piece:
                raise _broken(path)
            left -= len(piece)
            while piece and not decoder.eof:
                size += len(decoder.decompress(piece, BLOCK))
                piece = decoder.unconsumed_tail
                if size > most or (size > HARMLESS and size > member.compress_size * MOST_TIMES):
                    raise _bomb(path)
    except zlib.error as problem:
        raise _broken(path) from problem
    return size


def _bomb(path: Path) -> FileRefused:
    return FileRefused(
        f"{path.name} unpacks to more than a workbook may have ({MOST_UNPACKED // 2**20} MB, or {MOST_TIMES} times "
        "its packed size). Send the rows as CSV or in parts.",
        zh=f"工作簿解压后过大（超过 {MOST_UNPACKED // 2**20} MB 或压缩比异常），请改用 CSV 或拆分后导入",
    )


def _broken(path: Path) -> FileRefused:
    return FileRefused(f"{path.name} is a broken workbook: send it again.", zh="工作簿已损坏，请重新发送")
