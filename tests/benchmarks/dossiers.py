"""Synthetic events: three kinds in realistic shares; few firms have many, most none or few."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from credit.models import Event
from tests.benchmarks import words
from tests.benchmarks.register import pick, zipf

SHARES = {"inspection": 0.60, "violation": 0.15, "award": 0.25}
SECOND_LOOKS = 0.036  # of all events: re-checks and re-inspections of failures
LUMPINESS = 0.35  # shape of the gamma weights of enterprises: the smaller, the more unequal
DAYS_BACK = 6 * 365
PENALTIES = {
    '["warning"]': 0.22, '["fine"]': 0.33, '["warning", "fine"]': 0.14, '["fine", "confiscated_gains"]': 0.2,
    '["fine", "confiscated_goods"]': 0.06, '["criticism"]': 0.02, '["suspended_business", "fine"]': 0.02,
    '["revoked_licence"]': 0.01,
}  # fmt: skip
CATEGORIES = words.listed(
    "food_safety product_quality unlicensed labelling advertising service_quality special_equipment metrology "
    "certification construction_quality standards counterfeit other false_records obstruction grave_accident"
)
AWARDS = {
    "certification": 0.45, "pledge": 0.2, "brand": 0.12, "standard": 0.1, "excellent_works": 0.08,
    "quality_prize": 0.05,
}  # fmt: skip
VALID_DAYS = {"certification": 1_096, "pledge": 365, "brand": 1_096}
LEVELS = {
    "quality_prize": ["municipal", "municipal", "municipal", "provincial", "national"],
    "standard": ["industry", "industry", "industry", "national", "municipal"],
}
AS_STORED = {
    "penalties": pl.String,
    "failed_items": pl.String,
    "fine": pl.Float64,
    "confiscated": pl.Float64,
}
KINDS = {str: pl.String, bool: pl.Boolean, int: pl.Int64, date: pl.Date}


def events(n_enterprises: int, n_events: int, seed: int, today: date) -> pl.DataFrame:
    """Rows of the table `event`, in the order of `seq` (1 to `n_events`), nothing after `today`.

    `enterprise_id` is 1 to `n_enterprises`, `department_id` 1; `code` stays null for the caller
    to join. Lists are JSON text, as both databases store them.
    """
    rng = np.random.default_rng(seed)
    counts = {kind: round(n_events * share) for kind, share in SHARES.items()}
    counts["award"] = n_events - counts["inspection"] - counts["violation"]
    second = round(n_events * SECOND_LOOKS)
    weights = np.cumsum(rng.gamma(LUMPINESS, size=n_enterprises))
    chosen = rng.permutation(
        np.searchsorted(weights, np.sort(rng.random(n_events - second)) * weights[-1]) + 1
    )
    looks, violations, awards = np.split(
        chosen, np.cumsum([counts["inspection"] - second, counts["violation"]])
    )
    first = _inspections(looks, rng, today)
    made = [
        first,
        _second_looks(first, second, rng, today),
        _violations(violations, rng, today),
        _awards(awards, rng, today),
    ]
    return _numbered(pl.concat(made, how="diagonal"))


def _inspections(firms: np.ndarray, rng: np.random.Generator, today: date) -> pl.DataFrame:
    n = len(firms)
    result = _weighted({"pass": 0.88, "fail": 0.09, "refused": 0.01, "invalid": 0.02}, n, rng)
    types = {
        "supervised_sampling": 0.4,
        "random_draw": 0.3,
        "special": 0.15,
        "complaint": 0.1,
        "requested": 0.05,
    }
    failed = pl.concat_str(
        pl.lit('[{"item": "'), "item", pl.lit('", "limit": "≤ 0.5", "value": "0.8"}]')
    )
    frame = pl.DataFrame(
        {
            "draft": np.arange(n),
            "enterprise_id": firms,
            "kind": pl.repeat("inspection", n, eager=True),
            "occurred_on": _past_days(n, rng, today),
            "role": _weighted({"producer": 0.55, "seller": 0.4, "consignor": 0.05}, n, rng),
            "producer_confirmed": rng.random(n) < 0.9,
            "product": pick(words.PRODUCTS, zipf(len(words.PRODUCTS), n, rng)),
            "campaign": pick(words.CAMPAIGNS, zipf(len(words.CAMPAIGNS), n, rng)),
            "type": _weighted(types, n, rng),
            "level": _weighted(
                {"municipal": 0.6, "provincial": 0.3, "county": 0.08, "national": 0.02}, n, rng
            ),
            "result": result,
            "stage": pl.repeat("first", n, eager=True),
            "safety_item": rng.random(n) < 0.3,
            "item": pick(words.TEST_ITEMS, zipf(len(words.TEST_ITEMS), n, rng)),
        }
    )
    fails, year = pl.col("result") == "fail", pl.col("occurred_on").dt.year().cast(pl.String)
    return frame.with_columns(
        pl.when(pl.col("role") == "producer")
        .then("producer_confirmed")
        .alias("producer_confirmed"),
        (fails & pl.col("safety_item")).alias("safety_item"),
        pl.when(fails).then(failed).otherwise(pl.lit("[]")).alias("failed_items"),
        pl.concat_str(
            year,
            "campaign",
            pl.lit("第"),
            (pl.col("draft") // 50).cast(pl.String),
            pl.lit("号通报"),
        ).alias("document_no"),
        pl.format("第{}行", pl.col("draft") % 50 + 1).alias("source_ref"),
        pl.concat_str(year, pl.lit("年"), "campaign").alias("campaign"),
    ).drop("item")


def _second_looks(
    first: pl.DataFrame, count: int, rng: np.random.Generator, today: date
) -> pl.DataFrame:
    """Re-checks (most pass) and re-inspections of some failures; `of` names the first look's draft."""
    failures = first.filter(pl.col("result") == "fail", pl.col("occurred_on") < today)
    again = failures.gather(pl.Series(rng.permutation(len(failures))[:count]))
    count = len(again)
    later = pl.col("occurred_on") + pl.duration(days=pl.lit(pl.Series(rng.integers(10, 90, count))))
    passed = pl.Series(rng.random(count) < 0.8)
    return again.with_columns(
        pl.col("draft").alias("of"),
        (pl.lit(-1, pl.Int64) - pl.int_range(pl.len())).alias("draft"),
        pl.min_horizontal(later.cast(pl.Date), pl.lit(today)).alias("occurred_on"),
        pl.when(passed).then(pl.lit("pass")).otherwise(pl.lit("fail")).alias("result"),
        pl.Series("stage", _weighted({"recheck": 0.75, "reinspection": 0.25}, count, rng)),
        pl.when(passed).then(pl.lit("[]")).otherwise("failed_items").alias("failed_items"),
        pl.concat_str("document_no", pl.lit("复")).alias("document_no"),
    )


def _violations(firms: np.ndarray, rng: np.random.Generator, today: date) -> pl.DataFrame:
    n = len(firms)
    frame = pl.DataFrame(
        {
            "enterprise_id": firms,
            "kind": pl.repeat("violation", n, eager=True),
            "decided_on": _past_days(n, rng, today),
            "investigated": rng.integers(5, 180, n),
            "category": pick(CATEGORIES, zipf(len(CATEGORIES), n, rng)),
            "penalties": _weighted(PENALTIES, n, rng),
            "procedure": _weighted({"ordinary": 0.8, "simple": 0.2}, n, rng),
            "severity": _weighted({"general": 0.6, "minor": 0.3, "serious": 0.1}, n, rng).set(
                pl.Series(rng.random(n) < 0.9), None
            ),
            "amount": np.round(rng.lognormal(9.2, 1.5, n), -2) + 100,
            "basis": pick(words.LAWS, zipf(len(words.LAWS), n, rng)),
            "served": rng.integers(0, 8, n),
            "number": np.arange(n),
        }
    )
    decided = pl.col("decided_on")
    later = (decided + pl.duration(days="served")).cast(pl.Date)
    served = pl.when(later <= today).then(later)
    return frame.with_columns(
        (decided - pl.duration(days="investigated")).cast(pl.Date).alias("occurred_on"),
        served.alias("served_on"),
        served.alias("published_on"),
        served.alias("publication_notice_on"),
        served.alias("repair_notice_on"),
        pl.when(pl.Series(rng.random(n) < 0.98)).then(pl.lit("none")).otherwise(pl.lit("pending")).alias("proceedings"),
        pl.when(pl.col("penalties").str.contains('"fine"')).then("amount").alias("fine"),
        pl.when(pl.col("penalties").str.contains("confiscated"))
        .then(pl.col("amount") / 4)
        .alias("confiscated"),
        pl.format("霁市监处罚〔{}〕{}号", decided.dt.year(), "number").alias("document_no"),
        pl.lit("").alias("source_ref"),
        pl.lit("当事人销售的商品不符合执行标准。").alias("facts"),
        pl.when(pl.Series(rng.random(n) < 0.7)).then(served).alias("performed_on"),
        pl.Series("heavier", rng.random(n) < 0.02),
        pl.Series("criminal", rng.random(n) < 0.0005),
    ).drop("amount", "served", "investigated", "number")


def _awards(firms: np.ndarray, rng: np.random.Generator, today: date) -> pl.DataFrame:
    n = len(firms)
    category = _weighted(AWARDS, n, rng)
    levels = {word: pick(some, rng.integers(0, len(some), n)) for word, some in LEVELS.items()}
    from_day = _past_days(n, rng, today)
    frame = pl.DataFrame(
        {"enterprise_id": firms, "category": category, "valid_from": from_day, **levels}
    )
    lasts = pl.col("category").replace_strict(VALID_DAYS, default=None, return_dtype=pl.Int64)
    level = pl.coalesce(pl.when(pl.col("category") == word).then(pl.col(word)) for word in LEVELS)
    return frame.with_columns(
        pl.lit("award").alias("kind"),
        pl.col("valid_from").alias("occurred_on"),
        (pl.col("valid_from") + pl.duration(days=lasts)).cast(pl.Date).alias("valid_until"),
        level.alias("level"),
        pl.format("泽质奖〔{}〕{}号", pl.col("valid_from").dt.year(), pl.int_range(pl.len())).alias(
            "document_no"
        ),
        pl.lit("").alias("source_ref"),
    ).drop(list(LEVELS))


def _numbered(made: pl.DataFrame) -> pl.DataFrame:
    """In the order of time, with change numbers; `of` follows its event to the new number."""
    ordered = made.sort(
        "occurred_on", "draft", descending=[False, True], nulls_last=True, maintain_order=True
    )
    ordered = ordered.with_row_index("seq", offset=1).with_columns(pl.col("seq").cast(pl.Int64))
    numbers = ordered.filter(pl.col("draft") >= 0).select(of="draft", first="seq")
    whole = ordered.join(numbers, on="of", how="left", maintain_order="left").with_columns(
        of="first",
        event_id="seq",
        department_id=pl.lit(1, pl.Int64),
        received_on=pl.coalesce("decided_on", "occurred_on"),
        authority=pl.lit("霁州市市场监督管理局"),
        content_digest=pl.format("{}", pl.col("seq").hash(7)).str.zfill(64),
    )
    return whole.select(_column(whole, column) for column in Event.__table__.columns)


def _column(whole: pl.DataFrame, column: object) -> pl.Expr:
    name: str = column.name  # type: ignore[attr-defined]
    kind = AS_STORED.get(name) or KINDS[column.type.python_type]  # type: ignore[attr-defined]
    return (pl.col(name) if name in whole.columns else pl.lit(None)).cast(kind).alias(name)


def _weighted(shares: dict[str, float], n: int, rng: np.random.Generator) -> pl.Series:
    bounds = np.cumsum(list(shares.values()))
    return pick(list(shares), np.searchsorted(bounds[:-1], rng.random(n) * bounds[-1]))


def _past_days(n: int, rng: np.random.Generator, today: date) -> pl.Series:
    """Days up to `today`, the recent ones dense."""
    ago = (DAYS_BACK * rng.random(n) ** 1.4).astype(np.int32)
    return pl.Series(np.datetime64(today).astype("datetime64[D]").astype(np.int32) - ago).cast(
        pl.Date
    )
