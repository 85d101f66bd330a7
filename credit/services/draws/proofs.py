"""Draws as the public sees them: a commitment until the inspections are over, then all that is needed to draw again.

Pseudonyms and numbers instead of codes, tiers and risks: whoever draws again gets the same list and learns no tier.
"""

from __future__ import annotations

import io
import zlib
from typing import Any

import polars as pl
from sqlalchemy import exists, select

from credit.db import db
from credit.models import DrawAct, Drawn, DrawSecret
from credit.rules.draws.enterprises import INPUTS
from credit.rules.draws.refusals import TellsTooMuch, UnknownDraw
from credit.services.draws import acts
from credit.services.paging import Page, checked_limit, number_of
from credit.services.transparency import heads
from credit.terms import Leaf

Told = dict[str, Any]
STATEMENT = (
    "draw", "plan", "plan_digest", "seq", "candidates", "inputs_digest", "quotas", "seed_digest", "seed_source",
)  # fmt: skip


def page(cursor: str | None, limit: int) -> Page:
    """Commitments that hold, the latest draw first."""
    checked_limit(limit)
    later = select(DrawAct.seq.label("seq"), DrawAct.draw_id.label("draw")).where(DrawAct.act == "commit").subquery()
    wanted = select(DrawAct).where(
        DrawAct.act == "commit", ~exists().where(later.c.draw == DrawAct.draw_id, later.c.seq > DrawAct.seq)
    )
    if cursor is not None:
        wanted = wanted.where(DrawAct.draw_id < number_of(cursor))
    found = list(db.session.scalars(wanted.order_by(DrawAct.draw_id.desc()).limit(limit + 1)))
    shown = found[:limit]
    numbers = [one.draw_id for one in shown]
    open_now = set(
        db.session.scalars(select(DrawAct.draw_id).where(DrawAct.act == "reveal", DrawAct.draw_id.in_(numbers)))
    )
    items = [_commitment(one, one.draw_id in open_now) for one in shown]
    return Page(items, str(shown[-1].draw_id) if len(found) > limit else None)


def _commitment(act: DrawAct, revealed: bool) -> Told:
    return {
        "number": act.draw_id, "commitment": act.fields["commitment"], "committed_on": act.acted_on,
        "seed_source": act.fields["seed_source"], "revealed": revealed,
    }  # fmt: skip


def proof(number: int) -> Told:
    """What may be known of one draw now. Raises UnknownDraw where nothing was committed to yet."""
    done = {act.act: act for act in acts.acts_of(number)}
    if "commit" not in done:
        raise UnknownDraw(f"No draw {number} was committed to.", zh=f"没有编号为 {number} 的抽取承诺")
    held, reveal = done["commit"], done.get("reveal")
    logged = heads.evidence(Leaf.DRAW, [str(held.seq)]).get(str(held.seq))
    told = _commitment(held, reveal is not None) | {"log": logged}
    if reveal is None:
        return told | {"statement": None, "seed": None, "drawn": None, "inputs": None}
    whole = bool(reveal.fields["inputs"])
    statement = {name: held.fields[name] for name in STATEMENT}
    keys = select(Drawn.pseudonym).where(Drawn.draw_id == number).order_by(Drawn.place)
    return told | {
        # Without inputs neither the strata's sizes nor who was drawn is told.
        "statement": statement if whole else None,
        "seed": db.session.get_one(DrawSecret, held.seq).seed,
        "drawn": list(db.session.scalars(keys)) if whole else None,
        "inputs": f"/api/v1/draws/{number}/inputs" if whole else None,
    }


def inputs(number: int) -> bytes:
    """The published inputs as CSV (key, stratum). Raises UnknownDraw before they are revealed, TellsTooMuch."""
    if proof(number)["revealed"] is False:
        raise UnknownDraw(f"The inputs of draw {number} are not public.", zh=f"抽取 {number} 的输入尚未公开")
    if proof(number)["inputs"] is None:
        raise TellsTooMuch
    return zlib.decompress(db.session.get_one(DrawSecret, acts.last(number, "commit").seq).inputs)


def read_inputs(body: bytes) -> pl.DataFrame:
    """Published inputs as the rules want them (INPUTS)."""
    return pl.read_csv(io.BytesIO(body), schema=INPUTS)
