"""A text in which personal data was found waits for its department, who has the term of publication for it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.models import CessationRow, Classification, Event, Redaction, TextCheck
from credit.rules.dossier import TAKEN_BACK
from credit.rules.law import Law
from credit.rules.redaction import CHECKER
from credit.services.duties.terms import with_clock
from credit.services.known import NOW
from credit.services.reading import among, frame
from credit.services.text_checks import EVENT, digest

KEY, ELSE = "duties.redact-days", "duties.system-days"  # the second under a policy of before the first
COLUMNS = ("seq", "event_id", "department_id", "enterprise_id", "decided_on", "received_on")


def redactions(law: Law, day: date, look_back: timedelta) -> pl.DataFrame:
    """Duties to mask or clear what was found in the text of violations that may be shown, in the shape DUTY.

    What was done counts where the violation came in lately; what is open, however old.
    """
    later = aliased(Event)
    waiting = frame(
        select(*(getattr(Event, name) for name in COLUMNS))
        .join(TextCheck, TextCheck.version == Event.seq)
        .join(Classification, Classification.seq == Event.seq)
        .where(
            TextCheck.found > 0, TextCheck.checker == CHECKER, Classification.digest == law.digest,
            Classification.public, Classification.shown_until.is_(None) | (Classification.shown_until > day),
            ~exists().where(later.replaces == Event.seq),
        )
    )  # fmt: skip
    begun = waiting.filter(pl.col("decided_on") <= day).rename({"decided_on": "began_on"})
    begun = begun.join(_ended(begun["event_id"].to_list(), day), on="event_id", how="anti")
    whole = begun.join(_done(begun["event_id"].to_list()), on="event_id", how="left").filter(
        pl.col("done_on").is_null() | (pl.col("received_on") >= day - look_back)
    )
    basis = KEY if KEY in law.provisions else ELSE
    return with_clock(whole.with_columns(kind=pl.lit("redact"), basis=pl.lit(basis)), law)


def _ended(events: list[int], day: date) -> pl.DataFrame:
    """Of these events those that are shown no more: withdrawn, revoked, repaired, masked."""
    columns = ("seq", "replaces", "event_id", "ground", "ceased_on")
    chosen = select(*(getattr(CessationRow, name) for name in columns))
    rows = NOW.current(frame(chosen.where(among(CessationRow.event_id, events))))
    return rows.filter(pl.col("ground") != TAKEN_BACK, pl.col("ceased_on") <= day).select("event_id").unique()


def _done(events: list[int]) -> pl.DataFrame:
    """On which day the text that counts was first redacted: event_id, done_on."""
    mine = (Redaction.subject == EVENT, among(Redaction.subject_id, events))
    made = frame(select(Redaction.subject_id.label("event_id"), Redaction.text_digest, Redaction.made_on).where(*mine))
    later = aliased(Event)
    texts = frame(
        select(Event.event_id, Event.facts).where(
            among(Event.event_id, made["event_id"].unique().to_list()), ~exists().where(later.replaces == Event.seq)
        )
    )
    digests = pl.Series("text_digest", [digest(text or "") for text in texts["facts"]], dtype=pl.String)
    same = made.join(texts.select("event_id", digests), on=["event_id", "text_digest"])
    return same.group_by("event_id").agg(done_on=pl.col("made_on").min())
