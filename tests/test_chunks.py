"""Files read some rows at a time: the same rows in every format, however they are cut, in memory that doesn't grow."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import FileRefused
from credit.services.chunks import read_chunks
from credit.services.files import read_table
from credit.services.marks import MARKS
from tests.register_files import workbook

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
CELL = st.text(st.sampled_from(list('甲乙a1 ,;"\n\t=\u3000')), max_size=6)
ROWS = [{"code": f"{number}", "name": f"甲{number}", "note": "乙" if number % 3 else ""} for number in range(23)]


def rows_of(path: Path, **options: Any) -> list[tuple[int, Row, Row]]:
    """Every row with its line and marks, however the file is cut."""
    return [told for part in read_chunks(path, **options) for told in zip(part.lines, part.rows, part.marks, strict=True)]


def as_csv(rows: list[list[str]], end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue()


def write(path: Path, suffix: str) -> Path:
    """ROWS as a file of this format."""
    file = path / f"rows{suffix}"
    table, names = pl.DataFrame(ROWS), list(ROWS[0])
    if suffix == ".xlsx":
        return workbook(file, [names, *[list(row.values()) for row in ROWS]])
    if suffix in (".jsonl", ".jsonl.gz"):
        data = b"".join(orjson.dumps({name: value for name, value in row.items() if value}) + b"\n" for row in ROWS)
    elif suffix == ".parquet":
        table.with_columns(pl.when(pl.col("note") != "").then("note").alias("note")).write_parquet(file, row_group_size=5)
        return file
    else:
        data = table.write_csv().encode("utf-16" if "16" in suffix else "gb18030" if "gb" in suffix else "utf-8")
    file.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    return file


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", "16.csv", "gb.csv", ".xlsx", ".jsonl", ".jsonl.gz", ".parquet"])
def test_every_format_gives_the_same_rows_in_whatever_chunks(tmp_path: Path, suffix: str) -> None:
    file = write(tmp_path, suffix)
    wanted = [{name: value for name, value in row.items() if value} for row in ROWS]
    for most in (1, 7, 23, 1_000):
        parts = list(read_chunks(file, rows=most))
        assert [len(part) for part in parts[:-1]] == [most] * (len(parts) - 1)
        assert [row for part in parts for row in part.rows] == wanted
        assert all(part.headers[:2] == ["code", "name"] for part in parts)
    first = 1 if suffix.startswith((".jsonl", ".parquet")) else 2
    assert [line for line, *_ in rows_of(file, rows=4)] == list(range(first, 23 + first))


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_chunks_say_what_the_whole_table_says(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str) -> None:
    file = tmp_path_factory.mktemp("chunks") / "rows.csv"
    file.write_text(as_csv([["a", "b", "c"], *rows], end), newline="")
    try:
        table = read_table(file)
    except FileRefused:
        with pytest.raises(FileRefused):
            rows_of(file)
        return
    whole = [
        (row.pop("line"), {name: value for name, value in row.items() if value is not None and name not in MARKS})
        for row in table.iter_rows(named=True)
    ]
    assert [(line, row) for line, row, _ in rows_of(file, rows=2)] == whole


def test_ragged_rows_open_quotes_and_blank_lines_are_marked_as_in_the_whole_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\na,b\n1,2\n\n3\n4,5,6\n ,\n7,"8\n9,10\n')
    found = rows_of(tmp_path / "a.csv")
    assert found == [
        (3, {"a": "1", "b": "2"}, {}), (5, {"a": "3"}, {"#cells": -1}), (6, {"a": "4", "b": "5"}, {"#cells": 1}),
        (8, {"a": "7", "b": "8\n9,10"}, {"#too_long": "b"}),
    ]  # fmt: skip
    table = read_table(tmp_path / "a.csv")
    assert table["line"].to_list() == [3, 5, 6, 8] and table["#too_long"].to_list() == [None, None, None, "b"]


def test_a_quote_that_is_closed_at_the_end_of_the_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n1,"2\n3"')
    assert rows_of(tmp_path / "a.csv") == [(2, {"a": "1", "b": "2\n3"}, {})]


def test_line_ends_of_old_macs_are_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("a,b\r甲,2\r3,4\r".encode())
    assert [row for _, row, _ in rows_of(tmp_path / "a.csv")] == [{"a": "甲", "b": "2"}, {"a": "3", "b": "4"}]


def test_documents_stay_nested_and_texts_stay_texts(tmp_path: Path) -> None:
    nested = {"code": "007", "fine": 6.5, "item": {"lot": "1"}, "penalties": ["fine"], "none": None}
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(nested))
    del nested["none"]
    assert rows_of(tmp_path / "a.jsonl") == [(1, nested, {})]
    pl.DataFrame([nested]).write_parquet(tmp_path / "a.parquet")
    assert rows_of(tmp_path / "a.parquet") == [(1, nested, {})]
    (part,) = read_chunks(tmp_path / "a.jsonl")
    assert part.frame().rows(named=True) == [
        {"code": "007", "fine": "6.5", "item": '{"lot":"1"}', "penalties": '["fine"]', "line": 1}
    ]


def test_private_columns_are_in_no_chunk_of_any_format(tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx", ".jsonl", ".parquet"):
        for part in read_chunks(write(tmp_path, suffix), private=lambda header: header == "name"):
            assert "name" not in part.headers and not any("name" in row for row in part.rows)


def test_a_chunk_of_long_rows_ends_early(tmp_path: Path) -> None:
    long = "长" * 90_000
    (tmp_path / "a.csv").write_text(as_csv([["a", "b"], *[[str(number), long] for number in range(200)]]))
    parts = [len(part) for part in read_chunks(tmp_path / "a.csv")]
    assert sum(parts) == 200 and max(parts) < 100


MEASURE = """
import resource, sys
from pathlib import Path
from credit.services.chunks import read_chunks
rows = sum(len(part) for part in read_chunks(Path(sys.argv[1]), rows=2_000))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_ten_times_the_rows_take_hardly_more_memory(tmp_path: Path, suffix: str) -> None:
    peaks = []
    for count in (10_000, 100_000):
        table = pl.DataFrame({"code": pl.int_range(count, eager=True).cast(pl.String)}).with_columns(
            facts="抽检不合格第" + pl.col("code") + pl.lit("批" * 60)
        )
        file = tmp_path / f"{count}{suffix}"
        {".csv": table.write_csv, ".jsonl": table.write_ndjson, ".parquet": table.write_parquet}[suffix](file)
        told = subprocess.run([sys.executable, "-c", MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True, check=True)
        rows, peak = map(int, told.stdout.split())
        assert rows == count
        peaks.append(peak)
    assert peaks[1] < 1.3 * peaks[0]
