"""Style sheets and pictures: named by their content, so that browsers may keep them for ever."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, request

FOLDER = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


def name_content(endpoint: str, values: dict[str, Any]) -> None:
    """Add the digest of the file to its address."""
    if endpoint == "web.static":
        values["v"] = digest(values["filename"])


@cache
def digest(filename: str) -> str:
    """The first 10 hexadecimal digits of the file's SHA-256."""
    return sha256((FOLDER / filename).read_bytes()).hexdigest()[:10]


def keep(response: Response) -> Response:
    """A file that was asked for by its present digest never changes."""
    if request.endpoint == "web.static" and response.status_code in (200, 304):
        filename = (request.view_args or {})["filename"]
        if request.args.get("v") == digest(filename):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
