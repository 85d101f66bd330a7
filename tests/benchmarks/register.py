"""A synthetic register file: names, codes and columns as real ones have, all firms invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks import words
from tests.benchmarks.codes import unified_codes

HEADERS = (
    "企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "经营范围", "所在省份", "地区", "注册地址",
)  # fmt: skip
NEWEST = date(2025, 12, 31)
# Shares of the patterns of names; the bracketed ones bear the place after the brand.
PATTERNS = {
    "place": 0.44,
    "bracket": 0.25,
    "bare": 0.05,
    "branch": 0.07,
    "shop": 0.15,
    "cooperative": 0.04,
}
GB2312 = bytes(
    byte for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for byte in (row, cell)
).decode("gb2312")


def write_registry_csv(path: Path, n: int, seed: int = 1) -> None:
    """Write a register file of `n` enterprises with the headers of a real one (UTF-8, commas)."""
    registry(n, seed).write_csv(path)


def registry(n: int, seed: int = 1) -> pl.DataFrame:
    """`n` enterprises as rows of a register file: all columns are text, codes valid and unique."""
    rng = np.random.default_rng(seed)
    pattern = rng.choice(len(PATTERNS), n, p=list(PATTERNS.values()))
    shop, cooperative = (pattern == list(PATTERNS).index(word) for word in ("shop", "cooperative"))
    branch = pattern == list(PATTERNS).index("branch")
    codes = unified_codes(np.where(shop, 2, np.where(cooperative, 3, 1)), rng)
    columns = {
        "企业名称": _names(pattern, rng),
        "统一社会信用代码": codes,
        "注册日期": _days(n, rng),
        "企业类型": pick(
            ["N/A", "个体工商户", "农民专业合作社"], np.where(shop, 1, np.where(cooperative, 2, 0))
        ),
        "注册资金": _capital(branch | shop, rng),
        "经营范围": _scopes(n, rng),
        "所在省份": pl.repeat(words.PROVINCE, n, eager=True),
        "地区": pick(words.PLACES, zipf(len(words.PLACES), n, rng)),
        "注册地址": _addresses(n, rng),
    }
    return pl.DataFrame(columns).select(HEADERS)


def pick(inventory: Sequence[str], which: np.ndarray) -> pl.Series:
    """The words of an inventory at these places."""
    return pl.Series(inventory, dtype=pl.String).gather(pl.Series(which.astype(np.uint32)))


def zipf(kinds: int, n: int, rng: np.random.Generator, steep: float = 0.9) -> np.ndarray:
    """`n` ranks below `kinds`; rank k comes with a weight of 1 / (k + 1) ** steep."""
    weights = 1 / np.arange(1, kinds + 1) ** steep
    return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(n))


def _names(pattern: np.ndarray, rng: np.random.Generator) -> pl.Series:
    n = len(pattern)
    parts = pl.DataFrame(
        {
            "pattern": pick(list(PATTERNS), pattern),
            "place": pick(words.PLACES, zipf(len(words.PLACES), n, rng)),
            "suffix": pick(["", "市", "县"], rng.choice(3, n, p=[0.45, 0.4, 0.15])),
            "province": pick(
                ["", words.PROVINCE, words.PROVINCE + "省"], rng.choice(3, n, p=[0.88, 0.08, 0.04])
            ),
            "town": pick(words.TOWNS, zipf(len(words.TOWNS), n, rng)),
            "brand": _brands(n, rng),
            "trade": pick(words.TRADES, zipf(len(words.TRADES), n, rng)),
            "form": pick(words.FORMS, rng.choice(len(words.FORMS), n, p=words.FORM_SHARES)),
            "shop": pick(words.SHOPS, zipf(len(words.SHOPS), n, rng)),
            "crop": pick(words.CROPS, zipf(len(words.CROPS), n, rng)),
            "act": pick(words.COOPERATIVE_ACTS, zipf(len(words.COOPERATIVE_ACTS), n, rng)),
            "branch": pick(words.BRANCHES, zipf(len(words.BRANCHES), n, rng)),
            "half_width": rng.random(n) < 0.4,
            "plain_shop": rng.random(n) < 0.25,
        }
    )
    return _odd(parts.select(_assembled()).to_series(), rng)


def _assembled() -> pl.Expr:
    place, firm = ("province", "place", "suffix"), ("brand", "trade", "form")
    bracket = pl.concat_str("brand", pl.lit("（"), "place", pl.lit("）"), "trade", "form")
    shop = pl.concat_str("place", "suffix", "town", "brand", "shop")
    text = {
        "place": pl.concat_str(*place, *firm),
        "bracket": pl.when("half_width")
        .then(bracket.str.replace_many({"（": "(", "）": ")"}))
        .otherwise(bracket),
        "bare": pl.concat_str(*firm),
        "branch": pl.concat_str(*place, "brand", "trade", pl.lit("有限公司"), "town", "branch"),
        "shop": pl.when("plain_shop").then(pl.concat_str("brand", "shop")).otherwise(shop),
        "cooperative": pl.concat_str(
            "place", "suffix", "brand", "crop", "act", pl.lit("专业合作社")
        ),
    }
    return pl.coalesce(pl.when(pl.col("pattern") == word).then(made) for word, made in text.items())


def _brands(n: int, rng: np.random.Generator) -> pl.Series:
    """Brands of 2 (72%), 3 (21%) or 4 characters; 2% of the characters come from all of GB 2312."""
    inventory = list(words.SYLLABLES + GB2312)
    length = rng.choice([2, 3, 4], n, p=[0.72, 0.21, 0.07])
    characters = []
    for place in range(4):
        rank = zipf(len(words.SYLLABLES), n, rng, steep=0.7)
        tail = rng.integers(len(words.SYLLABLES), len(inventory), n)
        letter = pick(inventory, np.where(rng.random(n) < 0.02, tail, rank))
        characters.append(letter.set(pl.Series(length <= place), "").alias(str(place)))
    return pl.DataFrame(characters).select(pl.concat_str(pl.all())).to_series()


def _odd(names: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A few names as registers have them: traditional or full-width letters, Latin brands, doubles."""
    chance = pl.Series(rng.random(len(names)))
    latin = pick(words.LATIN, rng.integers(0, len(words.LATIN), len(names)))
    wide = latin.str.replace_many({chr(half): chr(half + 0xFEE0) for half in range(0x21, 0x7F)})
    twin = names.gather(pl.Series(rng.integers(0, len(names), len(names))))
    table = pl.DataFrame(
        {"name": names, "chance": chance, "latin": latin, "wide": wide, "twin": twin}
    )
    odd = (
        pl.when(pl.col("chance") < 0.003).then(pl.col("name").str.replace_many(words.TRADITIONAL))
        .when(pl.col("chance") < 0.005).then(pl.concat_str("wide", "name"))
        .when(pl.col("chance") < 0.012).then(pl.concat_str("latin", "name"))
        .when(pl.col("chance") < 0.0125).then("twin")
        .otherwise("name")
    )  # fmt: skip
    return table.select(odd).to_series()


def _days(n: int, rng: np.random.Generator) -> pl.Series:
    """Registration days back to 1980, the recent years dense."""
    ago = np.minimum(rng.exponential(2_900, n), 16_700).astype(np.int32)
    newest = np.datetime64(NEWEST).astype("datetime64[D]").astype(np.int32)
    return pl.Series((newest - ago).astype(np.int32)).cast(pl.Date).dt.to_string("%Y-%m-%d")


def _capital(without: np.ndarray, rng: np.random.Generator) -> pl.Series:
    amounts = [
        "10",
        "30",
        "50",
        "80",
        "100",
        "200",
        "300",
        "500",
        "1,000",
        "2,000",
        "5,000",
        "10,080",
    ]
    stated = pick(
        [f"{amount}(万元)" for amount in amounts] + ["N/A"],
        zipf(len(amounts) + 1, len(without), rng, 0.3),
    )
    return stated.set(pl.Series(without), "N/A")


def _scopes(n: int, rng: np.random.Generator) -> pl.Series:
    some = [rng.choice(words.SCOPE_ITEMS, rng.integers(1, 7), replace=False) for _ in range(4_000)]
    return pick(["；".join(items) + "。" for items in some], rng.integers(0, len(some), n))


def _addresses(n: int, rng: np.random.Generator) -> pl.Series:
    parts = pl.DataFrame(
        {
            "place": pick(words.PLACES, zipf(len(words.PLACES), n, rng)),
            "town": pick(words.TOWNS, zipf(len(words.TOWNS), n, rng)),
            "road": pick(words.ROADS, rng.integers(0, len(words.ROADS), n)),
            "number": pl.Series(rng.integers(1, 999, n)).cast(pl.String),
        }
    )
    form = pl.format(
        "{}省{}市{}镇{}{}号", pl.lit(words.PROVINCE), "place", "town", "road", "number"
    )
    return parts.select(form).to_series()
