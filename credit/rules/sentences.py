"""What each finding says, in Chinese and English, and by which provision."""

from __future__ import annotations

import polars as pl

from credit.rules.law import Law

SOURCE = ["title", "number", "article", "url", "certainty"]
ENDED = [
    "expired", "repaired", "revoked", "mended", "overturned", "not_final", "not_shown",
]  # fmt: skip
OWN_WORDS = ["reinspection", "recheck"]
HOLES = ("document", "what", "points", "until", "number")


def told(findings: pl.DataFrame, asked: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Findings with `sentence` {zh, en} and `source` {title, number, article, url, certainty}.

    `findings` has the columns of outcomes.FINDINGS and document_no, what_zh, what_en.
    """
    of_event = pl.col("event").is_not_null()
    key = (
        pl.when(pl.col("outcome").is_in(ENDED)).then("outcome")
        .when((pl.col("outcome") == "linked") & ~pl.col("rule").is_in(OWN_WORDS)).then(pl.lit("linked"))
        .when((pl.col("outcome") == "capped") & of_event).then(pl.lit("capped"))
        .when((pl.col("outcome") == "no_data") & of_event).then(pl.lit("no_data"))
        .otherwise("rule")
    )  # fmt: skip
    templates = pl.DataFrame(
        [
            {"key": name, "zh": given["zh"], "en": given["en"]}
            for name, given in law.sentences.items()
        ]
    )
    day = asked.select("ask", "day")
    full = (
        findings.with_columns(key=key)
        .join(templates, on="key", how="left", maintain_order="left")
        .join(day, on="ask", how="left", maintain_order="left")
    )
    full = _sourced(full, law)
    return full.with_columns(sentence=pl.struct(zh=_filled("zh"), en=_filled("en")))


def _filled(language: str) -> pl.Expr:
    """The template with its holes filled from the finding."""
    words = {
        "document": pl.col("document_no").fill_null(""),
        "what": pl.col(f"what_{language}").fill_null(""),
        "points": pl.col("points").abs().cast(pl.String),
        "until": pl.col("until").cast(pl.String).fill_null("…"),
        "number": pl.col("number").fill_null(""),
    }
    text = pl.col(language)
    for hole in HOLES:
        text = text.str.replace("{" + hole + "}", words[hole], literal=True)
    return text


def _sourced(findings: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The source of the dated value that each finding applies, by rule and grading day."""
    rows = [
        {"rule": rule, "start": dated.start, "source": dated.source._asdict()}
        for rule, key in _provisions(law).items()
        for dated in law.provisions[key].values
    ]
    table = pl.DataFrame(rows).sort("start")
    ordered = findings.with_row_index("place").sort("day")
    return (
        ordered.join_asof(
            table,
            left_on="day",
            right_on="start",
            by="rule",
            strategy="backward",
            check_sortedness=False,
        )
        .sort("place")
        .drop("place", "start")
    )


def _provisions(law: Law) -> dict[str, str]:
    """Which key of the policy each rule applies."""
    keys = {rule: f"points.{rule}" for rule in law.under("points")}
    keys |= {f"ceiling-{rule}": f"ceilings.{rule}" for rule in law.under("ceilings")}
    keys |= {f"precondition-{name}": f"preconditions.{name}" for name in ("A", "AA", "AAA")}
    keys |= {f"ground-{ground}": "grounds.D" for ground in ("listed", "crime", "grave_accident")}
    keys |= {
        "bounds": "bounds.highest",
        "no-data": "windows.on-file",
        "award-unscored": "caps.merit",
    }
    keys |= dict.fromkeys(("too-young", "unasked", "closed"), "rated.registered-months")
    keys |= dict.fromkeys(("pass-unscored", "pass-requested"), "passes.scored")
    return keys | dict.fromkeys(
        ("reinspection", "recheck", "sample-invalid"), "finality.objection-days"
    )
