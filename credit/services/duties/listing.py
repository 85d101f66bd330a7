"""What is owed to an enterprise that is listed: publication in time, an answer to its application for removal."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import select

from credit.models import Listing, ListingAct
from credit.rules.law import Law
from credit.services.duties.terms import DUTY, with_clock
from credit.services.reading import frame

# kind: the act that begins it, the field of that act's day (none: the day of the act), the acts that end it
CLOCKS = {
    "listing-publication": ("decide", None, ("publish", "drop", "revoke")),
    "listing-republication": ("restore", None, ("publish", "drop", "revoke")),
    "removal-acceptance": ("apply_removal", "applied_on", ("accept_removal", "reject_removal", "expire", "revoke")),
    "removal-decision": ("accept_removal", None, ("grant_removal", "refuse_removal", "expire", "revoke")),
}


def listing_clocks(law: Law, day: date) -> pl.DataFrame:
    """Duties about listings that had begun by `day`, in the shape DUTY."""
    acts = frame(
        select(
            ListingAct.seq, ListingAct.listing_id.label("listing"), ListingAct.act, ListingAct.acted_on,
            ListingAct.fields, Listing.department_id, Listing.enterprise_id,
        )
        .join(Listing, Listing.id == ListingAct.listing_id)
        .where(ListingAct.acted_on <= day, ListingAct.act.in_(_named()))
        .order_by(ListingAct.seq)
    )  # fmt: skip
    if acts.is_empty():
        return pl.DataFrame(schema=DUTY)
    told = acts.with_columns(applied_on=pl.col("fields").str.json_path_match("$.applied_on").str.to_date())
    return with_clock(pl.concat(_begun(told, kind) for kind in CLOCKS), law)


def _named() -> list[str]:
    return sorted({name for begins, _, ends in CLOCKS.values() for name in (begins, *ends)})


def _begun(acts: pl.DataFrame, kind: str) -> pl.DataFrame:
    begins, told, ends = CLOCKS[kind]
    began = acts.filter(pl.col("act") == begins).sort("seq")
    ended = acts.filter(pl.col("act").is_in(ends)).sort("seq").select("seq", "listing", done_on="acted_on")
    joined = began.join_asof(
        ended, on="seq", by="listing", strategy="forward", allow_exact_matches=False, check_sortedness=False
    )
    clock = kind.replace("republication", "publication")
    return joined.select(
        "department_id", "enterprise_id", "listing", "done_on",
        kind=pl.lit(clock), basis=pl.lit(f"duties.{clock}-days"),
        began_on=pl.col(told or "acted_on"),
    )  # fmt: skip
