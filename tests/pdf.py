"""What a PDF says, and what any answer says to a reader, for tests."""

from __future__ import annotations

import io

import pypdf
from werkzeug.test import TestResponse


def text_of(body: bytes) -> str:
    """What a PDF says, without spaces and line ends."""
    found = pypdf.PdfReader(io.BytesIO(body))
    return "".join("".join(page.extract_text().split()) for page in found.pages)


def said(answer: TestResponse) -> str:
    """What an answer says to a reader."""
    return text_of(answer.data) if answer.mimetype == "application/pdf" else str(answer.text)
