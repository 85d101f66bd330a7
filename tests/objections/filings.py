"""Objections and statements for tests: files of each type, and what the public form sends."""

from __future__ import annotations

import base64
from typing import Any

PATH = "/api/v1/objections"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
CONTACT = {"name": "张示例", "phone": "0562-1234567", "email": "qiye@example.org"}


def attached(content: bytes = PDF, name: str = "检验报告.pdf") -> dict[str, str]:
    """A file as JSON carries it."""
    return {"name": name, "content": base64.b64encode(content).decode()}


def objection(code: str, event: int | None, **fields: Any) -> dict[str, Any]:
    """An objection to the violation of tests.makers, as the public form sends it."""
    given = {
        "code": code, "event": event, "document_no": "示例罚〔2026〕1号", "words": "罚款金额与决定书不符。",
        "contact": CONTACT,
    }  # fmt: skip
    return given | fields


def statement(code: str, event: int | None, **fields: Any) -> dict[str, Any]:
    """A statement about it."""
    return objection(code, event, kind="statement", words="本企业已召回全部产品，并更换了供应商。") | fields
