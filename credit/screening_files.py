"""How both doors take a file of bidders: it waits on disk, and goes back with verdict columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Response, request
from werkzeug.datastructures import FileStorage

from credit import spool
from credit.clock import today
from credit.errors import InvalidInput
from credit.proof import proved
from credit.services.openings import ZIP
from credit.services.screening import files
from credit.services.screening.screen import DEFAULT, screen

MIME = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@contextmanager
def uploaded() -> Iterator[Path | None]:
    """The file of the request, for as long as it is worked on; None where none was chosen. Raises InvalidInput."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        yield None
        return
    with spool.spooled(sent.stream, _suffix(sent)) as path:
        yield path


def _suffix(sent: FileStorage) -> str:
    """The format by the file's name; of a name that tells none (or .txt, .xls), by its first bytes."""
    told = Path(sent.filename or "").suffix.lower()
    if told in (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"):
        return told
    start = sent.stream.read(4)
    sent.stream.seek(0)
    return ".xlsx" if start == ZIP else ".csv"


def screened_file(tender: dict[str, str | None], as_of: date | None) -> Response:
    """The uploaded file with verdicts, its receipt in the headers. Raises InvalidInput, FileRefused."""
    with uploaded() as path:
        if path is None:
            raise InvalidInput("Send a file.", zh="请选择文件", errors={"file": ["Send a file in the field `file`."]})
        kept, subjects = files.bidders(path)
        found = screen(subjects, tender["kind"] or DEFAULT, as_of or today(), today())
        table, proof = files.told(kept, found), proved(found, tender)["receipt"]
        back = ".xlsx" if path.suffix == ".xlsx" else ".csv"
        out = path.with_name(f"screened{back}")
        files.write(out, table)
        body = out.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="screening-{today()}{back}"', "Cache-Control": "no-store"}
    headers |= {"Receipt-Id": proof["id"], "Receipt-Secret": proof["secret"], "Receipt-Verify": proof["verify"]}
    return Response(body, 200, headers, content_type=MIME[back])
