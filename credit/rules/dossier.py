"""The dossier (质量诚信档案): classified events joined with what ended, confirmed or mended them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit.rules import ties
from credit.rules.ties import Ties

FIRMS: dict[Any, Any] = {
    "enterprise": pl.Int64, "since": pl.Date, "until": pl.Date, "registered_on": pl.Date,
    "individual": pl.Boolean, "wants_grade": pl.Boolean, "status": pl.String,
}  # fmt: skip
EVENTS: dict[Any, Any] = {
    "enterprise": pl.Int64, "event": pl.Int64, "kind": pl.String, "rule": pl.String,
    "category": pl.String, "product": pl.String, "campaign": pl.String, "decided": pl.Date,
    "in_force": pl.Date, "until": pl.Date, "ended": pl.String, "shown_until": pl.Date,
    "public": pl.Boolean, "case": pl.Int64, "criminal": pl.Boolean, "on_file": pl.Boolean,
    "peer": pl.UInt32, "holds_from": pl.Date, "holds_until": pl.Date,
}  # fmt: skip
LISTINGS: dict[Any, Any] = {
    "enterprise": pl.Int64,
    "listing": pl.Int64,
    "since": pl.Date,
    "until": pl.Date,
}
CEASED: dict[Any, Any] = {"event": pl.Int64, "ground": pl.String, "ceased_on": pl.Date}
# In place of a cessation: it never was. No ground, since it ends nothing.
TAKEN_BACK = "taken_back"
LINKS: dict[Any, Any] = {"event": pl.Int64, "enterprise": pl.Int64, "document_no": pl.String}
# What ties are told by, beside the columns of EVENTS.
TIED = ["stage", "result", "of", "occurred_on", "document_no", "ground", "ceased_on"]
GROUNDS = {
    "repaired": "repaired",
    "revoked": "revoked",
    "withdrawn": "revoked",
    "masked": "not_shown",
}


def held_on(day: pl.Expr) -> pl.Expr:
    """Whether a row of EVENTS is the one that holds on this day."""
    begun = pl.col("holds_from").is_null() | (pl.col("holds_from") <= day)
    return begun & (pl.col("holds_until").is_null() | (day < pl.col("holds_until")))


@dataclass(frozen=True)
class Facts:
    """What grading reads, in the shapes FIRMS, EVENTS and LISTINGS; days are [since, until).

    An event that what it is tied to makes another on some days (a re-check that was withdrawn, a
    link that isn't shown any more) has a row for each: [holds_from, holds_until), null is open.
    `ties` says how they were made, so that they can be made again from fewer events.
    """

    firms: pl.DataFrame
    events: pl.DataFrame
    listings: pl.DataFrame
    ties: Ties | None = None

    def only(self, rows: pl.DataFrame, day: date) -> Facts:
        """The facts as if only the events of these rows of `events` were on file.

        A second look that had ended by `day` is as if it never was, and so is a link through an
        event that is left out.
        """
        if self.ties is None:
            return Facts(self.firms, rows, self.listings)
        is_tied = pl.col("event").is_in(self.ties.own["event"].implode())
        tied = self.ties.only(rows.filter(is_tied), day)
        return Facts(self.firms, _with(tied, rows.filter(~is_tied)), self.listings, tied)


def facts(
    firms: pl.DataFrame,
    classified: pl.DataFrame,
    cessations: pl.DataFrame,
    links: pl.DataFrame,
    listings: pl.DataFrame,
) -> Facts:
    """What grading reads, `classified` and the two others as `dossier` takes them."""
    own = _own(classified, cessations)
    tied = ties.among(own.select(*EVENTS, *TIED), links)
    ended = own if cessations.is_empty() else ties.end_early(own)
    rows = ended.select(*EVENTS).cast(EVENTS)
    if tied is None:
        return Facts(firms, rows, listings)
    is_tied = pl.col("event").is_in(tied.own["event"].implode())
    return Facts(firms, _with(tied, rows.filter(~is_tied)), listings, tied)


def dossier(
    classified: pl.DataFrame, cessations: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Facts in the shape EVENTS.

    `classified`: event rows with their classification (current versions); `cessations` in the
    shape CEASED; `links` in the shape LINKS (this event rests on the facts of that document).
    """
    return facts(pl.DataFrame(), classified, cessations, links, pl.DataFrame()).events


def _own(classified: pl.DataFrame, cessations: pl.DataFrame) -> pl.DataFrame:
    """Each event by itself, and its first cessation: `ground` and `ceased_on`, null where there is none."""
    found = classified.with_columns(
        event=pl.col("event_id"),
        enterprise=pl.col("enterprise_id"),
        decided=pl.coalesce("decided_on", "occurred_on", "in_force_on"),
        in_force=pl.col("in_force_on"),
        product=pl.coalesce(pl.col("gtin").replace("", None), "product", pl.lit("")),
        campaign=pl.col("campaign").fill_null(""),
        criminal=pl.col("criminal").fill_null(False),
        ended=pl.lit("expired"),
        case=pl.col("event_id"),
        on_file=(pl.col("rule").is_in(["final-pass", "pass-unscored"]))
        | ((pl.col("rule") == "recheck") & (pl.col("result") == "pass")),
        holds_from=pl.lit(None, dtype=pl.Date),
        holds_until=pl.lit(None, dtype=pl.Date),
    ).with_columns(peer=_peer())
    if cessations.is_empty():
        none = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Date)
        return found.with_columns(ground=none[0], ceased_on=none[1])
    first = (
        cessations.sort("event", "ceased_on", maintain_order=True)  # of one day: as they came
        .unique("event", keep="first", maintain_order=True)
        .with_columns(pl.col("ground").replace_strict(GROUNDS))
    )
    return found.join(first, on="event", how="left", maintain_order="left")


def _peer() -> pl.Expr:
    """One number for the passes of one enterprise, product and year, of which one counts."""
    same = pl.struct("enterprise", "product", pl.col("decided").dt.year())
    return pl.when(pl.col("rule") == "final-pass").then(same.rank("dense"))


def _with(tied: Ties, apart: pl.DataFrame) -> pl.DataFrame:
    """The rows of the events that nothing is tied to, and those of the others as their ties leave them."""
    return pl.concat([apart, ties.laid(tied).select(*EVENTS).cast(EVENTS)])
