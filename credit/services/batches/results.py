"""What became of each row: kept part by part, given back with the row's own columns as CSV or JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import Batch, BatchPart
from credit.services.batches.reasons import Wrong
from credit.services.batches.rows import Line
from credit.services.intake import Taken

OURS = ("line", "status", "code", "column", "reason", "suggestion", "event")
KEPT: dict[Any, Any] = {
    "line": pl.Int64, "status": pl.String, "code": pl.String, "document_no": pl.String, "wrong": pl.String,
    "event": pl.Int64, "row": pl.String,
}  # fmt: skip
WRONG = ("column", "code", "name", "reason", "suggestion")
REPORT: dict[Any, Any] = {"line": pl.Int64} | dict.fromkeys(WRONG, pl.String)
LONGEST_CODE = 300
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
Row = dict[str, Any]


def table_of(lines: Sequence[Line], taken: dict[int, Taken]) -> pl.DataFrame:
    """Rows in the shape KEPT. `taken`: by place what became of those that were loaded."""
    found = [taken.get(place) for place in range(len(lines))]
    columns: dict[str, list[Any]] = {
        "line": [line.number for line in lines],
        "status": [_status(line, one) for line, one in zip(lines, found, strict=True)],
        "code": [_cut(line.document.get("code")) for line in lines],
        "document_no": [_cut(line.document.get("document_no")) for line in lines],
        "wrong": [orjson.dumps([*map(list, line.wrong)]).decode() if line.wrong else None for line in lines],
        "event": [one and one.event_id for one in found],
        "row": [orjson.dumps(line.original, default=str).decode() for line in lines],
    }
    return pl.DataFrame(columns, schema=KEPT)


def _cut(told: Any) -> str | None:
    return None if told is None else str(told)[:LONGEST_CODE]


def _status(line: Line, taken: Taken | None) -> str:
    if line.skipped:
        return "skipped"
    if taken is None or line.wrong:
        return "rejected"
    return "recorded" if taken.new else "on_file"


def as_tried(table: pl.DataFrame) -> pl.DataFrame:
    """The same rows where nothing was kept after all."""
    new = pl.col("status") == "recorded"
    return table.with_columns(
        event=pl.when(~new).then("event"),
        status=pl.when(new).then(pl.lit("would_record")).otherwise("status"),
    )


def count(table: pl.DataFrame) -> Counter[str]:
    """How many rows there are of each status."""
    return Counter(dict(table["status"].value_counts().iter_rows()))


def packed(table: pl.DataFrame) -> bytes:
    """The rows as they are kept: a Parquet file."""
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def parts(batch_id: int) -> Iterator[pl.DataFrame]:
    """The kept rows of a batch, one part at a time, in their order."""
    firsts = select(BatchPart.first).where(BatchPart.batch_id == batch_id).order_by(BatchPart.first)
    for first in db.session.scalars(firsts).all():
        kept = select(BatchPart.results).where(BatchPart.batch_id == batch_id, BatchPart.first == first)
        yield pl.read_parquet(io.BytesIO(db.session.scalars(kept).one()))


def rejected(batch_id: int) -> Iterator[Row]:
    """Each wrong field of each rejected row: line, column, code, name (the document), reason, suggestion."""
    for part in parts(batch_id):
        for row in part.filter(pl.col("status") == "rejected").iter_rows(named=True):
            for wrong in map(Wrong._make, orjson.loads(row["wrong"])):
                yield {
                    "line": row["line"], "column": wrong.column, "code": row["code"], "name": row["document_no"],
                    "reason": wrong.reason, "suggestion": wrong.told,
                }  # fmt: skip


def report(rows: Sequence[Row]) -> pl.DataFrame:
    """Wrong fields as a table, one row each."""
    return pl.DataFrame(rows, schema=REPORT, orient="row")


def told(row: Row) -> Row:
    """A kept row as it is given back: its own columns, then OURS. An own column of such a name is `input_...`."""
    own: Row = orjson.loads(row["row"])
    wrong = [Wrong._make(one) for one in orjson.loads(row["wrong"] or "[]")]
    sentences = [f"{one.column}: {one.told}" for one in wrong] if len(wrong) > 1 else [one.told for one in wrong]
    ours = {
        "line": row["line"],
        "status": row["status"],
        "code": row["code"],
        "column": ", ".join(one.column for one in wrong) or None,
        "reason": ", ".join(dict.fromkeys(one.reason for one in wrong)) or None,
        "suggestion": "; ".join(sentences) or None,
        "event": row["event"],
    }
    return {_own(name): value for name, value in own.items()} | ours


def _own(name: str) -> str:
    return f"input_{name}" if name in OURS and name != "code" else name


def as_json_lines(batch_id: int) -> Iterator[bytes]:
    """The rows as JSON lines."""
    for part in parts(batch_id):
        yield b"".join(orjson.dumps(told(row)) + b"\n" for row in part.iter_rows(named=True))


def as_csv(number: int) -> Iterator[bytes]:
    """The rows as CSV that Excel opens: UTF-8 with mark; a cell that would be a formula is quoted."""
    told_headers = db.session.get_one(Batch, number).options.get("headers")
    own = [_own(name) for name in told_headers or _headers(number)]
    names = [*(name for name in own if name not in OURS), *OURS]
    yield codecs.BOM_UTF8 + _csv([dict(zip(names, names, strict=True))], names)
    for part in parts(number):
        yield _csv(map(told, part.iter_rows(named=True)), names)


def _headers(batch_id: int) -> list[str]:
    found: dict[str, None] = {}
    for part in parts(batch_id):
        for text in part["row"]:
            found |= dict.fromkeys(orjson.loads(text))
    return list(found)


def _csv(rows: Any, names: list[str]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    written.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A cell that no program takes for a formula."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = CONTROL.sub("\ufffd", value if isinstance(value, str) else orjson.dumps(value).decode())
    return f"'{text}" if FORMULA.match(text) else text
