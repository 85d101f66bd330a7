"""What comes with an objection: told by its content whether it is taken, stored outside the web root by a random name.

Only the department that decides reads it, as a download that no browser opens in the register's own name.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from flask import current_app

from credit.config import INSTANCE
from credit.errors import InvalidInput

MOST, LONGEST_NAME = 3, 120
PNG_HEAD, PNG_END = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"IEND\xaeB`\x82"
TAIL = 2048
# Letters that show as something else than they are, or as nothing: controls, overrides of direction, surrogates.
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


class Attachment(NamedTuple):
    """A file that is taken: its scanned name, its type by content, its bytes."""

    name: str
    type: str
    content: bytes

    @property
    def digest(self) -> str:
        """Of the content, by which the same file again is known."""
        return hashlib.sha256(self.content).hexdigest()


def checked(given: Sequence[tuple[str, bytes]]) -> list[Attachment]:
    """The files (name, content) if all of them are taken. Raises InvalidInput, whichever is not."""
    most = int(current_app.config["CREDIT_ATTACHMENT_MOST"])
    if len(given) > MOST:
        raise _refused(f"At most {MOST} attachments.", f"附件最多 {MOST} 个")
    found = [Attachment(scanned(name), type_of(content), content) for name, content in given]
    for one in found:
        if len(one.content) > most:
            raise _refused(f"{one.name} is larger than {most:,} bytes.", f"{one.name} 超过 {most / 2**20:g} MB")
        if not one.type:
            raise _refused(
                f"{one.name} is no PDF, PNG or JPEG: its content tells, not its name.",
                f"{one.name} 不是 PDF、PNG 或 JPEG（按文件内容判断）",
            )
    return found


def _refused(told: str, zh: str) -> InvalidInput:
    return InvalidInput(told, zh=zh, errors={"attachments": [told]})


def scanned(name: str) -> str:
    """A file's name without folders and without letters that aren't seen."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN).strip(" .")
    stem, dot, suffix = seen.rpartition(".")
    if len(seen) > LONGEST_NAME and dot:
        seen = stem[: LONGEST_NAME - len(suffix[:10]) - 1] + "." + suffix[:10]
    return seen[:LONGEST_NAME] or "attachment"


def type_of(content: bytes) -> str:
    """application/pdf, image/png or image/jpeg by how a file begins and ends; empty for anything else."""
    end = content[-TAIL:]
    if content.startswith(b"%PDF-") and b"%%EOF" in end:
        return "application/pdf"
    if content.startswith(PNG_HEAD) and content.endswith(PNG_END):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in end:
        return "image/jpeg"
    return ""


@contextmanager
def kept(files: Sequence[Attachment]) -> Iterator[list[str]]:
    """The files on disk, by the names that they are stored under. Where the filing fails, none is left."""
    stored = [token_hex(16) for _ in files]
    try:
        for name, file in zip(stored, files, strict=True):
            path = folder() / name
            path.touch(mode=0o600)
            path.write_bytes(file.content)
        yield stored
    except BaseException:
        for name in stored:
            (folder() / name).unlink(missing_ok=True)
        raise


def folder() -> Path:
    """Where attachments are stored, readable by its owner alone."""
    given = current_app.config["CREDIT_ATTACHMENTS"]
    place = Path(given) if given else INSTANCE / "attachments"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
