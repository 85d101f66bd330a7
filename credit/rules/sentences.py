"""What each finding says, in Chinese and English, and by which provision."""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.rules.law import EVENT_DAY, Law
from credit.terms import Level

SOURCE = ["title", "number", "article", "url", "certainty"]
ENDED = [
    "expired", "repaired", "revoked", "mended", "overturned", "not_final", "not_shown",
]  # fmt: skip
OWN_WORDS = ["reinspection", "recheck"]
HOLES = ("document", "what", "points", "until", "number", "grade")
# Characters of private use, one for each hole.
MARKS = {hole: chr(0xE000 + number) for number, hole in enumerate(HOLES)}
NO_WORD = "[\ue000-\ue0ff]"
NO_DAY = {"zh": "另行确定之日", "en": "a day yet to be set"}


def told(findings: pl.DataFrame, asked: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Findings with `sentence` {zh, en} and `source` {title, number, article, url, certainty}.

    `findings` has the columns of outcomes.FINDINGS and document_no, what_zh, what_en.
    """
    of_event = pl.col("event").is_not_null()
    key = (
        pl.when(pl.col("because").is_not_null()).then("because")
        .when(pl.col("outcome").is_in(ENDED)).then("outcome")
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
    return full.with_columns(sentence=pl.struct(zh=_filled("zh", law), en=_filled("en", law)))


def _filled(language: str, law: Law) -> pl.Expr:
    """The template with its holes filled from the finding; one without document begins after it."""
    words = {
        "document": pl.col("document_no").fill_null(""),
        "what": pl.coalesce(f"what_{language}", _levels(language, law), pl.lit("")),
        "points": pl.col("points").abs().cast(pl.String),
        "until": pl.col("until").cast(pl.String).fill_null(NO_DAY[language]),
        "number": pl.col("number").fill_null(""),
        "grade": pl.col("rule").str.strip_prefix("precondition-"),
    }
    text = pl.col(language)
    for hole, mark in MARKS.items():
        text = text.str.replace("{" + hole + "}", mark, literal=True)
    # What fills a hole is no template: it is put in place of a mark, which no word holds.
    for hole, mark in MARKS.items():
        text = text.str.replace(mark, words[hole].str.replace_all(NO_WORD, ""), literal=True)
    return text.str.strip_chars_start("：: ")


def _levels(language: str, law: Law) -> pl.Expr:
    """The levels of the prize that a grade asks for, in words."""

    def told(levels: list[str]) -> pl.Expr:
        labels = [getattr(Level(level), language) for level in levels]
        return pl.lit({"zh": "、", "en": ", "}[language].join(labels))

    chosen = law.choose("preconditions.prize-levels", pl.col("day"), told)
    return pl.when(pl.col("because") == "precondition-valid_prize").then(chosen)


def _sourced(findings: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The source of the dated value that each finding applies, by rule and the day that chose it."""
    keys = _provisions(law)
    by_event = [rule for rule, key in keys.items() if law.provisions[key].law_of == EVENT_DAY]
    rows = [
        {
            "applies": rule,
            "start": dated.start if place else date.min,
            "source": dated.source._asdict(),
        }
        for rule, key in keys.items()
        for place, dated in enumerate(law.provisions[key].values)
    ]
    table = pl.DataFrame(rows).sort("start")
    raised = (pl.col("rule") == "bounds") & (pl.col("points") > 0)
    event_day = pl.when(pl.col("rule").is_in(by_event)).then("decided")
    ordered = findings.with_row_index("place").with_columns(
        applies=pl.when(raised).then(pl.lit("bounds-lowest")).otherwise("rule"),
        chosen_on=pl.coalesce(event_day, "day"),
    )
    return (
        ordered.sort("chosen_on")
        .join_asof(
            table,
            left_on="chosen_on",
            right_on="start",
            by="applies",
            strategy="backward",
            check_sortedness=False,
        )
        .sort("place")
        .drop("place", "start", "applies", "chosen_on")
    )


def _provisions(law: Law) -> dict[str, str]:
    """Which key of the policy each rule applies."""
    keys = {rule: f"points.{rule}" for rule in law.under("points")}
    keys |= {f"ceiling-{rule}": f"ceilings.{rule}" for rule in law.under("ceilings")}
    keys |= {f"precondition-{name}": f"preconditions.{name}" for name in ("A", "AA", "AAA")}
    keys |= {f"ground-{ground}": "grounds.D" for ground in ("listed", "crime", "grave_accident")}
    keys |= {
        "bounds": "bounds.highest",
        "bounds-lowest": "bounds.lowest",
        "no-data": "windows.on-file",
        "award-unscored": "caps.merit",
    }
    keys |= dict.fromkeys(("too-young", "unasked", "closed"), "rated.registered-months")
    keys |= dict.fromkeys(("pass-unscored", "pass-requested"), "passes.scored")
    return keys | dict.fromkeys(
        ("reinspection", "recheck", "sample-invalid"), "finality.objection-days"
    )
