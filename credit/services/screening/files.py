"""Lists of bidders as they come, and the same list back with what was found: columns guessed, order and cells kept."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from credit.errors import FileRefused
from credit.identifiers import check_code, normalise
from credit.rules.screening import OWN
from credit.services import workbooks
from credit.services.chunks import WORKBOOKS
from credit.services.files import read_table, write_report
from credit.services.marks import MARKS
from credit.services.openings import kind_of
from credit.services.registry_words import HEADERS
from credit.services.screening.screen import Screening, results
from credit.terms import Verdict

COLUMNS = {
    "code": (
        *HEADERS["code"], "投标人代码", "供应商代码", "组织机构代码", "机构代码", "注册号", "代码", "organization_code",
    ),
    "name": (
        *HEADERS["name"], "投标人", "投标人名称", "投标单位", "供应商", "供应商名称", "响应供应商", "公司名称", "公司",
        "bidder", "bidder_name", "supplier", "supplier_name", "company",
    ),
    "group": ("联合体", "联合体编号", "联合体名称", "consortium", "group"),
    "ref": ("序号", "编号", "ref", "no", "number"),
}  # fmt: skip
LOOKED_AT = 200
FIRM = r"(公司|厂|店|中心|研究院|研究所|集团|合作社|事务所|经营部|工作室|学校|医院)$"
WORKBOOK = ".xlsx"
TITLES, SHEETS = 10, 20  # so far a header is looked for
ADDED = ("核查结果", "核查说明", "登记名称", "登记代码", "verdict")


def bidders(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells of a file as they came, and its bidders (row, ref, code, name, group). Raises FileRefused."""
    table = read_table(path, *_place(path))
    cells = [name for name in table.columns if name not in MARKS and name != "line"]
    known = {ours: _by_header(cells, headers) for ours, headers in COLUMNS.items()}
    kept = table.select(cells)
    if known["code"] is None and known["name"] is None:
        if _is_data(cells):
            first = pl.DataFrame({name: [name] for name in cells})
            kept = pl.concat([first, kept.cast(pl.String)])
        known |= _by_content(kept)
    if known["code"] is None and known["name"] is None:
        raise FileRefused(
            f"No column of codes or names was found in: {', '.join(cells)[:200]}.",
            zh="没有找到代码或名称列：请把表头写作“统一社会信用代码”或“企业名称”",
        )
    columns = {ours: pl.col(name) if name else pl.lit(None, dtype=pl.String) for ours, name in known.items()}
    rows = kept.with_row_index("row").select(pl.col("row").cast(pl.Int64), **columns)
    return kept, rows.with_columns(ref=pl.coalesce("ref", (pl.col("row") + 1).cast(pl.String)))


def _place(path: Path) -> tuple[int, int]:
    """In a workbook: the sheet whose beginning has a known header, and how many rows of title stand above it."""
    if kind_of(path) not in WORKBOOKS:
        return 0, 0
    names = workbooks.sheets(path)
    rows = {sheet: _header_row(workbooks.beginning(path, sheet, TITLES)) for sheet in range(min(len(names), SHEETS))}
    known = [(sheet, row) for sheet, row in rows.items() if row is not None]
    if len(known) > 1:
        several = "、".join(names[sheet] for sheet, _ in known)
        raise FileRefused(
            f"Several sheets hold bidders ({several}): send one list at a time, so that nobody is left out.",
            zh=f"有多个工作表都像是名单（{several}），请一次提交一份，以免遗漏",
        )
    return known[0] if known else (0, 0)


def _header_row(rows: list[list[str]]) -> int | None:
    wanted = {*COLUMNS["code"], *COLUMNS["name"]}
    return next((place for place, cells in enumerate(rows) if wanted & {_plain(cell) for cell in cells}), None)


def _plain(header: str) -> str:
    return header.strip().strip("\ufeff").lower()


def _by_header(cells: list[str], headers: tuple[str, ...]) -> str | None:
    given = {_plain(name): name for name in cells}
    return next((given[header] for header in headers if header in given), None)


def _is_data(cells: list[str]) -> bool:
    """Whether what stands where headers stand is a bidder already."""
    firm = pl.Series(cells).str.contains(FIRM).any()
    return bool(firm) or any(check_code(normalise(cell)) is None for cell in cells)


def _by_content(table: pl.DataFrame) -> dict[str, str | None]:
    """The columns whose cells look like codes, like names of firms."""
    some, found = table.head(LOOKED_AT), dict.fromkeys(("code", "name"))
    for name in some.columns:
        cells = some[name].drop_nulls().to_list()
        coded = sum(len(normalise(cell)) in (9, 15, 17, 18, 19) and cell.isascii() for cell in cells)
        named = some[name].str.contains(r"[\u4e00-\u9fff]{3}").sum()
        if cells and coded * 2 > len(cells):
            found["code"] = found["code"] or name
        elif cells and named * 2 > len(cells):
            found["name"] = found["name"] or name
    return found


def told(kept: pl.DataFrame, of: Screening) -> pl.DataFrame:
    """The cells as they came, and ADDED: what was found of each bidder, in words."""
    words = {str(one): one.zh for one in Verdict}
    lists = of.law.value("screening.lists", of.as_of)
    names = {name: told["zh"] for name, told in lists.items()} | {name: zh for name, (zh, _) in OWN.items()}
    rows = [
        (
            words[one["verdict"]], _why(one, names), "；".join(match["name"] for match in one["matches"][:3]),
            "；".join(match["code"] for match in one["matches"][:3]), one["verdict"],
        )
        for one in results(of)
    ]  # fmt: skip
    added = pl.DataFrame(rows, schema=dict.fromkeys(ADDED, pl.String), orient="row")
    return pl.concat([kept.drop([name for name in ADDED if name in kept.columns]), added], how="horizontal")


def _why(one: dict[str, object], names: dict[str, str]) -> str:
    """Why a bidder got its verdict, in one cell, lists by their names."""
    said: list[str] = []
    error, mend = one["input_error"], one["suggestion"]
    if isinstance(error, dict):
        said.append(error["zh"] + (f"；是否为 {mend}？" if mend else ""))
    if one["same_as"]:
        said.append(f"与第 {one['same_as']} 行是同一家")
    if one["by_group"]:
        said.append("联合体成员依法禁止参加")
    for entry in [*one["exclusions"], *one["considerations"]]:  # type: ignore[misc]
        until = f"，至 {entry['until']}" if entry["until"] else ""
        doubt = "" if entry["sure"] else "（仅名称相同，须核对）"
        said.append(f"{names[entry['list']]}：{entry['document_no']}，自 {entry['since']}{until}{doubt}")
    said += [f"{names[source['list']]} 未核查：{source['why']['zh']}" for source in one["sources"] if source["why"]]  # type: ignore[attr-defined]
    return "；".join(said)


def write(path: Path, table: pl.DataFrame) -> None:
    """Write the list as the kind of file that the path names: CSV, or a workbook whose cells are all text."""
    if kind_of(path) != WORKBOOK:
        write_report(path, table)
        return
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("核查结果")
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name)
        for number, row in enumerate(table.iter_rows(), 1):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, column, str(cell)[:32_767])
