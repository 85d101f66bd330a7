"""Rows of a register file: headers understood, cells checked, column by column."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from credit.errors import FileRefused
from credit.identifiers import check_code
from credit.rules.codes import code_problems, normalise_column
from credit.rules.industries import check_industry, normalise_industry
from credit.rules.regions import regions_by_name
from credit.services.marks import CELLS, NUMBERED, TOO_LONG
from credit.services.registry_words import ABSENT, HEADERS, OPTIONAL, REASONS, STATUS_BEGINS
from credit.terms import EnterpriseKind, Status

REJECTED = ["line", "column", "code", "name", "reason", "suggestion"]
CONTROL = r"[\x00-\x1f\x7f-\x9f]"
FIRST_YEAR = 1800
LONGEST_TOLD = 300


def checked(
    table: pl.DataFrame, day: date, accepted: Collection[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows (code, name, short_name, status, kind, legacy_id, representative, address, region, industry,
    registered_on, line) and rejected ones (line, column, code, name, reason, suggestion).

    `accepted` are failing codes that an administrator verified. What a file leaves out is null.
    """
    rows = _understood(table)
    problems = _problems(rows, day, accepted)
    bad = problems.filter(pl.col("reason").is_not_null())
    good = problems.filter(pl.col("reason").is_null())
    first = good.unique("code", keep="first", maintain_order=True)
    again = good.join(
        first.select("code", first_name="name", first_line="line"), on="code", maintain_order="left"
    )
    twice = again.filter(
        (pl.col("line") != pl.col("first_line")) & (pl.col("name") != pl.col("first_name"))
    )
    bad = pl.concat(
        [
            bad,
            twice.select(bad.columns[:-2]).with_columns(
                reason=pl.lit("code_twice"), column=pl.lit("name")
            ),
        ],
        how="diagonal",
    )
    return _typed(first), _told(bad).select(*REJECTED)


def _told(bad: pl.DataFrame) -> pl.DataFrame:
    """What to do about each problem; of a failing code or industry what exactly is wrong with it."""
    of_code = pl.col("reason").is_in(["length", "letter", "check_digit"])
    codes = bad.filter(of_code)["code"].drop_nulls().unique().to_list()
    problems = {code: problem for code in codes if (problem := check_code(code)) is not None}
    sentences = {code: f"{problem.zh} / {problem.en}" for code, problem in problems.items()}
    exact = pl.when(of_code).then(
        pl.col("code").replace_strict(sentences, default=None, return_dtype=pl.String)
    )
    usual = pl.col("reason").replace_strict(REASONS, return_dtype=pl.String)
    of_industry = pl.when(pl.col("reason") == "industry").then("industry_problem")
    return bad.with_columns(
        pl.coalesce(exact, of_industry, usual).alias("suggestion"),
        pl.col("code", "name").str.slice(0, LONGEST_TOLD),
    )


def _understood(table: pl.DataFrame) -> pl.DataFrame:
    """The known columns under their own names, all of them, null where the file has none."""
    given = {name.strip().strip("\ufeff").lower(): name for name in table.columns}
    found = {
        ours: next((given[header] for header in headers if header in given), None)
        for ours, headers in HEADERS.items()
    }
    for needed in ("code", "name"):
        if found[needed] is None:
            raise FileRefused(
                f"No column for {needed}: name it {' or '.join(HEADERS[needed][:3])}. "
                f"Found: {', '.join(table.columns)[:200]}.",
                zh=f"没有找到“{HEADERS[needed][0]}”列",
            )
    numbers = (
        pl.col(NUMBERED).list.contains(found["code"])
        if NUMBERED in table.columns
        else pl.lit(False)
    )
    cells = pl.col(CELLS) != 0 if CELLS in table.columns else pl.lit(False)
    ours_of = {name: ours for ours, name in found.items() if name}
    long = (
        pl.col(TOO_LONG).replace(ours_of)
        if TOO_LONG in table.columns
        else pl.lit(None, dtype=pl.String)
    )
    columns = [
        (pl.col(name) if name else pl.lit(None, dtype=pl.String)).alias(ours)
        for ours, name in found.items()
    ]
    absent = pl.col(*OPTIONAL).is_in(ABSENT)
    return table.select(
        "line", *columns, typed_as_number=numbers, wrong_cells=cells, long_cell=long
    ).with_columns(pl.when(~absent).then(pl.col(*OPTIONAL)).name.keep())


def _problems(rows: pl.DataFrame, day: date, accepted: Collection[str]) -> pl.DataFrame:
    """Each row with its first problem: `reason` and `column`, both null where all is well."""
    codes = normalise_column(rows["code"])
    full = _with_industries(rows).with_columns(
        code=codes, problem=code_problems(codes), day=_day(), known_status=_status()
    )
    if accepted:
        full = full.with_columns(
            problem=pl.when(~pl.col("code").is_in(list(accepted))).then("problem")
        )
    checks = (
        ("too_long", pl.col("long_cell"), pl.col("long_cell").is_not_null()),
        ("cells", "line", pl.col("wrong_cells")),
        ("number_typed", "code", pl.col("typed_as_number")),
        (pl.col("problem"), "code", pl.col("problem").is_not_null()),
        ("name_missing", "name", pl.col("name").is_null() | (pl.col("name").str.len_chars() < 2)),
        ("name_long", "name", pl.col("name").str.len_chars() > 256),
        ("short_name", "short_name", pl.col("short_name").str.len_chars() > 256),
        ("legacy_id", "legacy_id", pl.col("legacy_id").str.len_chars() > 32),
        ("representative", "representative", pl.col("representative").str.len_chars() > 128),
        ("address", "address", pl.col("address").str.len_chars() > 512),
        *(
            ("control_character", name, pl.col(name).str.contains(CONTROL))
            for name in ("name", "short_name", "legacy_id", "representative", "address")
        ),
        ("date", "registered_on", pl.col("registered_on").is_not_null() & pl.col("day").is_null()),
        ("future", "registered_on", pl.col("day") > day),
        ("status", "status", pl.col("status").is_not_null() & pl.col("known_status").is_null()),
        ("region", "region", ~pl.col("region").str.contains(r"^[0-9]{6}$")),
        ("industry", "industry", pl.col("industry_problem").is_not_null()),
    )
    reason, column = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for word, where, wrong in reversed(checks):
        told = word if isinstance(word, pl.Expr) else pl.lit(word)
        place = where if isinstance(where, pl.Expr) else pl.lit(where)
        reason = pl.when(wrong).then(told).otherwise(reason)
        column = pl.when(wrong).then(place).otherwise(column)
    return full.with_columns(reason=reason, column=column)


def _with_industries(rows: pl.DataFrame) -> pl.DataFrame:
    """Industries in one spelling, and what is wrong with each: a register has few distinct ones."""
    distinct = rows["industry"].drop_nulls().unique().to_list()
    spelled = {text: normalise_industry(text) for text in distinct}
    problems = {text: f"{problem.zh} / {problem.en}"
                for text, code in spelled.items() if (problem := check_industry(code))}  # fmt: skip
    industry = pl.col("industry")
    return rows.with_columns(
        industry=industry.replace_strict(spelled, default=None, return_dtype=pl.String),
        industry_problem=industry.replace_strict(problems, default=None, return_dtype=pl.String),
    )


def _day() -> pl.Expr:
    """The day of registration, null where it is written in no way that we know."""
    return day_written("registered_on")


def day_written(column: str) -> pl.Expr:
    """A day as people and spreadsheets write it; null where it is written in no way that we know."""
    written = pl.col(column).str.replace(r"[ T]00:00(:00(\.0+)?)?$", "")
    written = written.str.replace_all(r"[/.年月]", "-").str.replace("日", "")
    dashed = written.str.to_date("%Y-%m-%d", strict=False)
    found = pl.coalesce(dashed, written.str.to_date("%Y%m%d", strict=False))
    return pl.when(found.dt.year() >= FIRST_YEAR).then(found)


def _status() -> pl.Expr:
    """The status by its word or label, or as the offices of registration word it."""
    words = {str(term): str(term) for term in Status} | {term.zh: str(term) for term in Status}
    found = pl.col("status").replace_strict(words, default=None, return_dtype=pl.String)
    for begins, term in STATUS_BEGINS.items():
        found = pl.coalesce(
            found, pl.when(pl.col("status").str.contains(f"^{begins}")).then(pl.lit(str(term)))
        )
    return found


def _typed(good: pl.DataFrame) -> pl.DataFrame:
    """Good rows in the columns that an enterprise has."""
    places = {
        f"{p or ''}{c or ''}": None for p, c in good.select("province", "city").unique().iter_rows()
    }
    known = regions_by_name()
    codes = {place: known.get(place) for place in places}
    branch = pl.col("name").str.ends_with("分公司") | pl.col("type").fill_null("").str.contains(
        "分公司|分支机构"
    )
    kind = (
        pl.when(pl.col("code").str.starts_with("92")).then(pl.lit(str(EnterpriseKind.INDIVIDUAL)))
        .when(branch).then(pl.lit(str(EnterpriseKind.BRANCH)))
        .otherwise(pl.lit(str(EnterpriseKind.ENTERPRISE)))
    )  # fmt: skip
    place = pl.concat_str("province", "city", ignore_nulls=True)
    found = good.with_columns(
        region=pl.coalesce(
            "region", place.replace_strict(codes, default=None, return_dtype=pl.String)
        ),
        status="known_status",
        kind=kind,
        registered_on="day",
    )
    return found.select(
        "code",
        "name",
        "short_name",
        "status",
        "kind",
        "legacy_id",
        "representative",
        "address",
        "region",
        "industry",
        "registered_on",
        "line",
    )
