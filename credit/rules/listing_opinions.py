"""Opinions that a list may ask for: of the legal unit before a case is decided, on secrecy before it is published.

An opinion counts for the decision or publication that follows it: after a new hearing, or once a case was
decided anew, it is given anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from credit.errors import InvalidInput, WrongState
from credit.rules.blacklist import ACTS, LEGAL_REVIEW, SECRECY_REVIEW, allowed
from credit.rules.listing_days import Done
from credit.terms import ListingState

# Acts that end a case, possible nearly everywhere: nobody waits for them.
ENDING = ("drop", "revoke", "expire", "apply_removal", "restore")
AGREE, RETURN = "agree", "return"
# The act that waits for an opinion: whose opinion, and the acts after which an earlier one is out of date.
WAITS = {
    "consent": (LEGAL_REVIEW, ("notify", "state", "waive", "lapse", "hear")),
    "decide": (LEGAL_REVIEW, ("notify", "state", "waive", "lapse", "hear")),
    "restore": (LEGAL_REVIEW, ("publish",)),
    "publish": (SECRECY_REVIEW, ("decide", "restore", "confirm")),
}


def check_opinion(name: str, fields: Mapping[str, Any], done: Sequence[Done], asked: Collection[str]) -> None:
    """Raises InvalidInput for an opinion that says neither yes nor no; WrongState where the act awaits one."""
    if name in (LEGAL_REVIEW, SECRECY_REVIEW) and fields["opinion"] not in (AGREE, RETURN):
        told = f"Write {AGREE} or {RETURN}."
        raise InvalidInput(told, zh="请填写 agree（同意）或 return（退回）", errors={"opinion": [told]})
    unit, renewed = WAITS.get(name, (None, ()))
    if unit not in asked or unit is None:
        return
    given = _last(unit, renewed, done)
    if given == AGREE:
        return
    zh, en = ACTS[unit].zh, ACTS[unit].en
    if given is None:
        raise WrongState(f"First the unit in charge must {en}.", zh=f"须先经{zh}同意", awaits=unit)
    raise WrongState(
        f"The case was returned: mend it, then the unit must {en} again.", zh=f"{zh}退回，请改正后重新送审", awaits=unit
    )


def _last(unit: str, renewed: Collection[str], done: Sequence[Done]) -> str | None:
    """The last opinion of a unit that is not out of date."""
    for one in reversed(done):
        if one.act == unit:
            return str(one.fields["opinion"])
        if one.act in renewed:
            return None
    return None


def awaited(state: ListingState, done: Sequence[Done], asked: Collection[str]) -> list[str]:
    """The acts that bring a case on from here: the opinion that is awaited first, or else what may follow it."""
    ahead = [name for name in allowed(state, asked) if name not in ENDING]
    units = [name for name in ahead if name in (LEGAL_REVIEW, SECRECY_REVIEW)]
    for unit in units:
        _, renewed = next(wait for name, wait in WAITS.items() if wait[0] == unit and name in ahead)
        if _last(unit, renewed, done) != AGREE:
            return [unit]
    return [name for name in ahead if name not in units]
