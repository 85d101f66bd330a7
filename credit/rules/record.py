"""The public record as JSON, for many enterprises at once. An allow-list: what isn't named isn't shown."""

from __future__ import annotations

import polars as pl

from credit.rules.dossier import held_on
from credit.rules.law import Law
from credit.rules.sentences import told

# Of each fact: which department reported it, when it was received and changed, by which report.
PROVENANCE = ["department", "received_on", "changed_on", "report"]
# Of what enterprises contest, reply to and ask to be repaired: since when, what they say, since when they pledge.
BESIDE = ["objection", "statement", "pledge"]
LISTS = {
    "violation": [
        "id", "document_no", "authority", "category", "penalties", "severity", "fine", "basis",
        "facts", "product", "model", "gtin", "lot", "occurred_on", "decided_on", "shown_until", "repair_from",
        "proceedings", *PROVENANCE, *BESIDE,
    ],
    "inspection": [
        "id", "document_no", "authority", "type", "campaign", "result", "stage", "role", "product",
        "model", "gtin", "lot", "safety_item", "failed_items", "laboratory", "report_no", "occurred_on",
        "final_on", "shown_until", "mended_on", *PROVENANCE, *BESIDE,
    ],
    "award": [
        "id", "document_no", "authority", "category", "level", "valid_from", "valid_until", *PROVENANCE,
    ],
}  # fmt: skip
FIRM = [
    "code", "org_code", "name", "short_name", "former_names", "kind", "parent", "region",
    "region_name", "industry", "industry_name", "status", "registered_on",
]  # fmt: skip
FAILED_ITEM = pl.Struct({"item": pl.String, "limit": pl.String, "value": pl.String})
NOTICE = pl.Struct({"zh": pl.String, "en": pl.String})
FINDING = ["rule", "outcome", "points", "event", "until", "source", "sentence"]


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """The events that the public may see on the day of their ask.

    `rows`: facts joined with asks (column `day`). A failure is shown once final, and no event
    longer than its publication.
    """
    day = pl.col("day")
    return rows.filter(
        pl.col("public"),
        held_on(day),
        pl.col("decided") <= day,
        pl.col("in_force") <= day,
        pl.col("shown_until").is_null() | (day < pl.col("shown_until")),
    )


def bodies(
    asked: pl.DataFrame,
    firms: pl.DataFrame,
    events: pl.DataFrame,
    findings: pl.DataFrame,
    listings: pl.DataFrame,
    law: Law,
) -> pl.DataFrame:
    """enterprise, body: the JSON of each record without its last fields (graded_on, seq ...).

    `asked`: one row an enterprise (ask, enterprise, day, score, grade, grade_since,
    next_change_on, reason, and of a fall that isn't shown yet waits_since, shown_from, contested);
    `firms`: display columns FIRM; `events`: those shown, with `ask`; `findings`: all, of which
    only those about shown events are told; `listings`: shown ones,
    as structs in a column `listing`.
    """
    seen = findings.join(
        events.select("ask", "event", seen=pl.lit(True)), on=["ask", "event"], how="left"
    ).filter(pl.col("event").is_null() | pl.col("seen"))
    sentences = told(
        seen.join(
            events.select("ask", "event", "document_no", "what_zh", "what_en"),
            on=["ask", "event"],
            how="left",
        ),
        asked,
        law,
    )
    whole = asked.join(firms, on="enterprise")
    whole = _with_list(whole, sentences.select("ask", item=pl.struct(FINDING)), "findings")
    whole = _with_list(whole, listings.select("ask", item="listing"), "listings")
    for kind, columns in LISTS.items():
        of_kind = events.filter(pl.col("kind") == kind).sort("decided", "event", descending=True)
        whole = _with_list(whole, of_kind.select("ask", item=pl.struct(columns)), f"{kind}s")
    earliest = events.group_by("ask").agg(earliest=pl.col("repair_from").min())
    whole = whole.join(earliest, on="ask", how="left").with_columns(
        policy=pl.struct(id=pl.lit(law.id), digest=pl.lit(law.digest)),
        repair=pl.struct("earliest"),
        grade_pending=pl.when(pl.col("waits_since").is_not_null()).then(
            pl.struct("shown_from", "contested", since="waits_since")
        ),
    )
    body = pl.struct(
        *FIRM, "grade", "grade_since", "grade_pending", "score", "next_change_on", "policy", "findings", "listings",
        "violations", "inspections", "awards", "notices", "repair",
    ).struct.json_encode()  # fmt: skip
    return whole.select("enterprise", body=body)


def _with_list(whole: pl.DataFrame, items: pl.DataFrame, name: str) -> pl.DataFrame:
    """A column of lists, empty where there is nothing to list."""
    lists = items.group_by("ask", maintain_order=True).agg(pl.col("item").alias(name))
    empty = pl.lit([], dtype=lists.schema[name])
    joined = whole.join(lists, on="ask", how="left")
    return joined.with_columns(pl.col(name).fill_null(empty))
