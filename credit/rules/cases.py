"""Cases (同一事实): records about the same facts count once, and a failure is shown no longer than its penalty."""

from __future__ import annotations

import polars as pl

FAILED = ["sampling-failed", "sampling-failed-safety", "inspection-refused"]
MEMBER = ["span", "event"]
BEGUN = pl.max_horizontal("decided", "in_force")


def pairs(events: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`event` and `other` about the same facts, both ways, by the documents that `links` names."""
    if links.is_empty():
        return pl.DataFrame(schema={"event": pl.Int64, "other": pl.Int64})
    named = events.select("enterprise", "document_no", other="event")
    found = links.join(named, on=["enterprise", "document_no"]).select("event", "other")
    found = found.join(events.select("event"), on="event", how="semi").filter(pl.col("event") != pl.col("other"))
    return pl.concat([found, found.select(event="other", other="event")]).unique()


def of_same_facts(rows: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The rows of the events with the case that each belongs to, and failures ended with their penalty.

    `tied`: pairs. An event that may not be shown on a day links nobody on it: to the reader it
    doesn't exist. A penalty that has ended ends the failures that it was about for good.
    """
    members = _in_spans(rows, _spans(rows, tied))
    joined = _cases(members, tied)
    ends = joined.join(_penalties(joined, tied), on=MEMBER, how="left", maintain_order="left")
    failed = pl.col("rule").is_in(FAILED)
    sooner = failed & (pl.col("penalty_until") < pl.col("until")).fill_null(False)
    return _for_good(ends, sooner).with_columns(
        ended=pl.when(sooner).then("penalty_ended").otherwise("ended"),
        until=pl.when(sooner).then("penalty_until").otherwise("until"),
        shown_until=pl.when(failed)
        .then(pl.min_horizontal("shown_until", "penalty_until"))
        .otherwise("shown_until"),
    )


def _for_good(ends: pl.DataFrame, sooner: pl.Expr) -> pl.DataFrame:
    """A failure that ended with its penalty doesn't come back when what linked them isn't shown any more."""
    bites = sooner & (pl.col("penalty_until") <= pl.col("holds_until")).fill_null(pl.col("holds_until").is_null())
    ordered = ends.sort("event", "span_from", "holds_from", nulls_last=False).with_columns(bites=bites)
    first = ordered.filter("bites").unique("event", keep="first", maintain_order=True)
    first = first.select(
        "event", first_from="holds_from", first_until="penalty_until", first_ended="penalty_ended", bitten="bites"
    )
    after = pl.col("first_from").is_null() | (pl.col("holds_from") >= pl.col("first_from"))
    gone = pl.col("bitten").fill_null(False) & after.fill_null(False)
    return ordered.join(first, on="event", how="left", maintain_order="left").with_columns(
        penalty_until=pl.when(gone).then("first_until").otherwise("penalty_until"),
        penalty_ended=pl.when(gone).then("first_ended").otherwise("penalty_ended"),
    )


def _spans(rows: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The spans of days on which the same events may be shown: event, span, span_from, span_until.

    Two alone are linked whenever both can be seen: only a third one can link others unseen.
    """
    group = connected(rows.select("event").unique(), tied)
    size = pl.col("event").len().over("group")
    groups = group.with_columns(several=size > 2)
    many = rows.join(groups.filter("several"), on="event")
    turns = [BEGUN, pl.col("shown_until"), pl.col("holds_from")]
    days = [many.select("group", span_from=turn) for turn in turns]
    first = groups.select("group", span_from=pl.lit(None, dtype=pl.Date))
    starts = pl.concat([first, *days]).unique().sort("group", "span_from", nulls_last=False)
    spans = starts.with_columns(span_until=pl.col("span_from").shift(-1).over("group")).with_row_index("span")
    return groups.join(spans, on="group")


def _in_spans(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Each event in each span of its group, as it is then; `live`: whether it may be shown then."""
    starts, couple = pl.col("span_from"), ~pl.col("several")
    begun = (pl.col("holds_from") <= starts).fill_null(pl.col("holds_from").is_null())
    over = (pl.col("holds_until") <= starts).fill_null(False)
    members = rows.join(spans, on="event", maintain_order="left").filter(couple | (begun & ~over))
    opened = (starts >= BEGUN).fill_null(False)
    closed = (pl.col("shown_until") <= starts).fill_null(False)
    return members.with_columns(
        live=couple | (pl.col("public") & opened & ~closed),
        past=couple | closed,
        holds_from=pl.when(couple).then("holds_from").otherwise("span_from"),
        holds_until=pl.when(couple).then("holds_until").otherwise("span_until"),
    )


def _cases(members: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The members with `case`: the lowest number among the live events that are linked, however far."""
    live = members.filter("live").select(MEMBER).unique()
    numbered = live.with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    linked = numbered.join(tied, on="event").join(
        numbered.select("span", other="event", to="number"), on=["span", "other"]
    )
    group = connected(
        numbered.select(event="number"), linked.select(event="number", other="to")
    ).rename({"event": "number"})
    lowest = numbered.join(group, on="number").with_columns(case=pl.col("event").min().over("group"))
    found = members.drop("case").join(lowest.select(*MEMBER, "case"), on=MEMBER, how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("case", "event"))


def _penalties(members: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The last end among the penalties of each failure in each span: span, event, penalty_until, penalty_ended.

    Those of its case, and those that had been shown and ended, which link it to nobody else.
    """
    was_shown = (pl.col("in_force") < pl.col("until")).fill_null(True)
    penalty = members.filter(pl.col("kind") == "violation", pl.col("public"), was_shown).select(
        "span", "case", "live", "past", other="event", penalty_until="until", penalty_ended="ended"
    )
    whose = members.filter(pl.col("rule").is_in(FAILED)).select(*MEMBER, "case").unique()
    alive = whose.join(penalty.filter("live"), on=["span", "case"])
    kin = members.filter("live").select("span", "case", kin="event").unique()
    near = pl.concat([whose.with_columns(kin="event"), whose.join(kin, on=["span", "case"])]).unique()
    named = near.join(tied.rename({"event": "kin"}), on="kin")
    dead = named.join(penalty.filter("past"), on=["span", "other"])
    columns = [*MEMBER, "other", "penalty_until", "penalty_ended"]
    every = pl.concat([alive.select(columns), dead.select(columns)]).sort("penalty_until", "other", nulls_last=True)
    return every.group_by(MEMBER, maintain_order=True).agg(
        pl.col("penalty_until").last(), pl.col("penalty_ended").last()
    )


def connected(events: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The events (column `event`) with the lowest number that pairs lead to from each: event, group."""
    group = events.select("event", group="event")
    while not tied.is_empty():
        nearest = (
            tied.join(group, left_on="other", right_on="event").group_by("event").agg(near=pl.col("group").min())
        )
        step = group.join(nearest, on="event", how="left", maintain_order="left").select(
            "event", group=pl.min_horizontal("group", "near")
        )
        if step.equals(group):
            break
        group = step
    return group
