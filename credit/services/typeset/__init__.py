"""Documents as PDF: Typst sets them in a Chinese font that the install brings; equal content, equal bytes.

PDF/A-2a for keeping, PDF/UA-1 for reading aloud. What is set is data: nothing in it is taken for markup.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

TEMPLATES = files(__name__)
STANDARDS: Any = ["a-2a", "ua-1"]
WITH_FILES: Any = ["a-3a", "ua-1"]
ATTACHED = "receipt.json"


def pdf(template: str, content: dict[str, Any], day: date, attached: bytes | None = None) -> bytes:
    """A template (paper, record, receipt) filled with content, dated `day`; a receipt carries itself as JSON.

    Typst is loaded with the first document: whoever needs none doesn't wait for it.
    """
    import typst

    told = orjson.dumps(content | {"dated": [day.year, day.month, day.day]}, default=str).decode()
    inputs = {"content": told} | ({} if attached is None else {"attached": attached.decode()})
    made: bytes = typst.compile(  # type: ignore[misc]
        _source(template), font_paths=[_fonts()], ignore_system_fonts=True, sys_inputs=inputs,
        pdf_standards=STANDARDS if attached is None else WITH_FILES,
    )  # fmt: skip
    return made


@cache
def _source(template: str) -> bytes:
    return TEMPLATES.joinpath(f"{template}.typ").read_bytes()


@cache
def _fonts() -> str:
    """The folder with Noto Sans CJK."""
    import noto_cjk_sans_otc

    return str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)
