"""How both doors give and take the sheet of a draw's tasks."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, g, request

from credit import spool
from credit.db import transaction
from credit.errors import InvalidInput
from credit.screening_files import MIME
from credit.services.inspecting import sheets


def given(number: int, day: date) -> Response:
    """The open tasks of a draw as a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.xlsx"
        sheets.write(path, number, day)
        body = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="tasks-{number}.xlsx"', "Cache-Control": "no-store"}
    return Response(body, 200, headers, content_type=MIME[".xlsx"])


def taken(number: int, day: date) -> dict[str, Any]:
    """The uploaded sheet of a draw, kept whole or not at all. Raises InvalidInput without a file."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        told = "Send the workbook in the field `file`."
        raise InvalidInput(told, zh="请选择填写好的 XLSX 表格", errors={"file": [told]})
    with (
        spool.spooled(sent.stream, ".xlsx") as path,
        transaction("inspection-sheet", g.bearer.actor, on_behalf=g.bearer.behalf) as change,
    ):
        return sheets.read(change, number, g.bearer, path, day)
