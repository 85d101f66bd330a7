"""What the public record shows of enterprises, events and listings, as columns."""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.rules.law import Law
from credit.rules.record import BESIDE, FAILED_ITEM, NOTICE, shown
from credit.rules.regions import region_name
from credit.services.dossiers import Dossiers
from credit.services.listed import PUBLIC
from credit.services.objections.marks import beside
from credit.terms import Category, Term

FORMER = pl.Struct({"name": pl.String, "until": pl.Date})
UNRATED = {
    "zh": "未评级不代表好或不好，只说明登记系统中的信息还不足以评级。",
    "en": "Not rated is neither good nor bad: the register has too little information to grade.",
}


def firms(versions: pl.DataFrame, day: date, law: Law) -> pl.DataFrame:
    """One row an enterprise with the columns record.FIRM, as it is on `day`, and its former names."""
    held = versions.filter(pl.col("valid_from") <= day)
    now = held.group_by("enterprise_id", maintain_order=True).last()
    names = held.join(now.select("enterprise_id", now="name"), on="enterprise_id").filter(
        pl.col("name") != pl.col("now"), pl.col("until").is_not_null()
    )
    former = (
        names.group_by("enterprise_id", "name", maintain_order=True)
        .agg(pl.col("until").max())
        .group_by("enterprise_id", maintain_order=True)
        .agg(former_names=pl.struct("name", "until"))
    )
    return (
        now.join(former, on="enterprise_id", how="left")
        .with_columns(
            enterprise="enterprise_id",
            org_code=pl.col("code").str.slice(8, 9),
            parent="parent_code",
            former_names=pl.col("former_names").fill_null(pl.lit([], dtype=pl.List(FORMER))),
            region_name=_named("region", region_name),
            industry_name=_named("industry", lambda code: industry_name(code, law)),
        )
        .drop("enterprise_id", "until", "valid_from", "seq")
    )


def industry_name(code: str | None, law: Law) -> str | None:
    """Name of the GB/T 4754 division that a class code belongs to."""
    found = law.industries.get((code or "").lstrip("ABCDEFGHIJKLMNOPQRST")[:2])
    return found["zh"] if found else None


def _named(column: str, name: object) -> pl.Expr:
    """Names of codes: each distinct code is looked up once."""

    def look_up(codes: pl.Series) -> pl.Series:
        distinct = codes.drop_nulls().unique().to_list()
        names = {code: name(code) for code in distinct}  # type: ignore[operator]
        return codes.replace_strict(names, default=None, return_dtype=pl.String)

    return pl.col(column).map_batches(look_up, return_dtype=pl.String)


def events(known: Dossiers, asked: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """The events that the public may see on the day asked for, one row each with the columns of record.LISTS.

    `marks`: what stands beside them, in the shape objections.marks.ON.
    """
    facts = known.facts.events.select(
        "event", "enterprise", "decided", "in_force", "until", "ended", "shown_until", "public",
        "holds_from", "holds_until",
    )  # fmt: skip
    seen = shown(facts.join(asked.select("ask", "enterprise", "day"), on="enterprise"))
    return (
        beside(seen.drop("public", "holds_from", "holds_until"), marks, "event")
        .join(known.events.drop("enterprise_id"), on="event")
        .with_columns(
            id="event",
            **what(Category),
            penalties=pl.col("penalties").str.json_decode(pl.List(pl.String)),
            failed_items=pl.col("failed_items").str.json_decode(pl.List(FAILED_ITEM)),
            fine=_yuan("fine"),
            final_on=pl.when(pl.col("rule").str.starts_with("sampling-failed"))
            .then("in_force")
            .otherwise("final_on"),
            mended_on=pl.when(pl.col("ended") == "mended").then("until"),
            repair_from=pl.when(pl.col("kind") != "award").then("repair_from"),
            proceedings=pl.col("proceedings") == "pending",
        )
    )


def what(*vocabularies: type[Term]) -> dict[str, pl.Expr]:
    """What events are about, `what_zh` and `what_en`: the category in these words, else the product."""
    labels = [term for vocabulary in vocabularies for term in vocabulary]
    product = pl.coalesce("product", "gtin", pl.lit(""))
    return {
        f"what_{language}": pl.coalesce(
            pl.col("category").replace_strict(
                {term.value: getattr(term, language) for term in labels},
                default=None,
                return_dtype=pl.String,
            ),
            product,
        )
        for language in ("zh", "en")
    }


def _yuan(column: str) -> pl.Expr:
    """An amount in yuan as text with two decimals."""
    fen = (pl.col(column) * 100).round(0).cast(pl.Int64)
    rest = (fen % 100).cast(pl.String).str.zfill(2)
    return (fen // 100).cast(pl.String) + "." + rest


def listings(found: pl.DataFrame, asked: pl.DataFrame, day: date, marks: pl.DataFrame) -> pl.DataFrame:
    """Listings in force on `day` with their ask and with what stands beside them: ask, listing."""
    held = found.filter(pl.col("since") <= day, pl.col("until") > day).join(asked, on="enterprise")
    fields = [name for name in PUBLIC.to_schema() if name != "id"]
    shown = beside(held, marks, "listing")
    return shown.select("ask", listing=pl.struct(pl.col("listing_shown").struct.field(fields), *BESIDE))


def notices(asked: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """`asked` with what is said beside a record: that not rated is neither good nor bad; branches."""
    unrated = asked.filter(pl.col("grade") == "N").select(
        "enterprise", notice=pl.struct(zh=pl.lit(UNRATED["zh"]), en=pl.lit(UNRATED["en"]))
    )
    said = pl.concat([unrated, related.select("enterprise", "notice").drop_nulls()])
    lists = said.group_by("enterprise", maintain_order=True).agg(notices="notice")
    joined = asked.join(lists, on="enterprise", how="left", maintain_order="left")
    return joined.with_columns(pl.col("notices").fill_null(pl.lit([], dtype=pl.List(NOTICE))))
