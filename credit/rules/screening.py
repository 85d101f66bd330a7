"""What a screening says of each bidder: pure, of frames. Lists exclude or are weighed as the tender's kind has it.

A name alone never excludes, a grade never changes a verdict, and nobody is clear while a list that the kind of
tender asks for was not looked into (财库〔2016〕125号; 政府采购法 art. 22; 实施条例 art. 19).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from credit.rules.law import Law
from credit.rules.months import months_after
from credit.terms import Verdict

OWN_LIST, RECORD = "samr-44", "record"
# What the register's own sources are called; the names of the others stand in the policy.
OWN = {OWN_LIST: ("严重违法失信名单", "the serious list"), RECORD: ("三年内重大违法记录", "record of three years")}
HITS: dict[Any, Any] = {
    "row": pl.Int64, "list": pl.String, "effect": pl.String, "sure": pl.Boolean, "name": pl.String, "code": pl.String,
    "basis": pl.String, "document_no": pl.String, "authority": pl.String, "since": pl.Date, "until": pl.Date,
}  # fmt: skip


class Kind(NamedTuple):
    """What a kind of tender asks for on the day of taking part."""

    name: str
    excluding: tuple[str, ...]
    considered: tuple[str, ...]
    record: bool

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that must be looked into."""
        return self.excluding + self.considered

    def effect(self, of: str) -> str:
        """What an entry on a list means."""
        return "exclude" if of in self.excluding else "weigh"


def kind_of(law: Law, name: str, day: date) -> Kind:
    """A kind of tender as the policy has it on the day of taking part. Raises KeyError."""
    told = law.value("screening.kinds", day)[name]
    return Kind(name, tuple(told["excluding"]), tuple(told["considered"]), bool(told["record"]))


def record_from(law: Law, day: date) -> date:
    """The first day of the years that must be free of grave unlawful records (政府采购法 art. 22(5))."""
    return months_after(day, -int(law.value("screening.record-months", day)))


def record_effect(law: Law, kind: Kind, day: date) -> pl.Expr:
    """What a violation (penalties, fine in yuan) means: exclude, weigh, or null.

    Art. 19: suspension, revocation of a licence, a large fine (its figure since 2022-02-08), a criminal penalty.
    """
    grave = pl.col("penalties").list.set_intersection(law.value("screening.record-penalties", day)).list.len() > 0
    figure = law.provisions["screening.large-fine"].values[0]
    large = pl.col("fine") >= (law.value("screening.large-fine", day) if figure.start <= day else float("inf"))
    weighed = pl.col("penalties").list.set_intersection(law.value("screening.weighed-penalties", day)).list.len() > 0
    excludes = (grave | large.fill_null(False) | pl.col("criminal").fill_null(False)) if kind.record else pl.lit(False)
    weighs = weighed | grave | large.fill_null(False) | pl.col("criminal").fill_null(False)
    return pl.when(excludes).then(pl.lit("exclude")).when(weighs).then(pl.lit("weigh"))


def verdicts(subjects: pl.DataFrame, hits: pl.DataFrame, unchecked: Collection[str]) -> pl.DataFrame:
    """row and verdict for each subject (row, wrong, known, doubtful), by its hits (HITS).

    `wrong`: the input can't be used. `known`: it is an enterprise of the register. `doubtful`: which one, if any, a
    person must say. `unchecked`: lists that the tender asks for and that could not be looked into, or are stale.
    """
    stale = set(unchecked)
    sure = pl.col("sure") & ~pl.col("list").is_in(stale)
    found = hits.group_by("row").agg(
        excluded=(sure & (pl.col("effect") == "exclude")).any(),
        weighs=(pl.col("sure") & (pl.col("effect") == "weigh")).any(),
        perhaps=(~pl.col("sure") | (pl.col("list").is_in(stale) & (pl.col("effect") == "exclude"))).any(),
    )
    whole = subjects.join(found, on="row", how="left", maintain_order="left").with_columns(
        pl.col("excluded", "weighs", "perhaps").fill_null(False)
    )
    word = (
        pl.when(pl.col("wrong")).then(pl.lit(str(Verdict.INVALID)))
        .when("excluded").then(pl.lit(str(Verdict.EXCLUDED)))
        .when(pl.col("perhaps") | pl.col("doubtful")).then(pl.lit(str(Verdict.REVIEW)))
        .when("weighs").then(pl.lit(str(Verdict.CONSIDER)))
        .when(~pl.col("known")).then(pl.lit(str(Verdict.UNKNOWN)))
        .when(pl.lit(bool(stale))).then(pl.lit(str(Verdict.REVIEW)))
        .otherwise(pl.lit(str(Verdict.CLEAR)))
    )  # fmt: skip
    return whole.select("row", verdict=word)


def repeated(rows: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Bidders (row, ref, code, folded) with `same_as`: the `ref` of the first row of the same bidder, null for it.

    The same is whom the same firm is meant for certain, else who is written the same.
    """
    sure = firms.filter(pl.col("sure")).unique("row", keep="first").select("row", meant=pl.col("enterprise_id"))
    written = pl.coalesce(pl.col("code"), pl.col("folded"))
    key = pl.coalesce(pl.format("{}", "meant"), pl.when(written != "").then(pl.format("w{}", written)))
    keyed = rows.join(sure, on="row", how="left", maintain_order="left").with_columns(key=key)
    first = pl.col("ref").first().over("key")
    again = pl.col("key").is_not_null() & (pl.col("row") != pl.col("row").first().over("key"))
    return keyed.with_columns(same_as=pl.when(again).then(first)).drop("meant", "key", "folded")


def together(rows: pl.DataFrame) -> pl.DataFrame:
    """A consortium (row, group, verdict) falls with its first excluded member: one bad, all bad (财库〔2016〕125号)."""
    excluded = (pl.col("verdict") == str(Verdict.EXCLUDED)).any().over("group") & pl.col("group").is_not_null()
    own = pl.col("verdict") == str(Verdict.EXCLUDED)
    return rows.with_columns(
        by_group=excluded & ~own, verdict=pl.when(excluded).then(pl.lit(str(Verdict.EXCLUDED))).otherwise("verdict")
    )
