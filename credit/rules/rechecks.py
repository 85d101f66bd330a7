"""What changed between two checks of one tender: pure, of results as schemas.screening.ResultTold has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from credit.identifiers import normalise
from credit.rules.names import fold

Told = dict[str, Any]


def bidder_key(code: str | None, name: str | None) -> str:
    """By what a bidder is the same one in two lists: its code as normalised, else its folded name."""
    return (normalise(code) if code else fold(name or ""))[:256]


def changes(before: Sequence[Told], after: Sequence[Told]) -> Told:
    """Only what changed: bidders whose verdict or findings differ, those that are new, and those no longer there.

    Of a finding that is gone nothing is told but that it was one: it may have been repaired.
    """
    earlier = {bidder_key(one["code"], one["name"]): one for one in reversed(before)}
    now = {bidder_key(one["code"], one["name"]) for one in after}
    changed = [told for one in after if (told := _change(earlier.get(bidder_key(one["code"], one["name"])), one))]
    left = [_who(one) for key, one in earlier.items() if key not in now]
    return {"changed": changed, "unchanged": len(after) - len(changed), "left_out": left[::-1]}


def _change(before: Told | None, after: Told) -> Told | None:
    if before is None:
        return _who(after) | {"before": None, "after": after["verdict"], "added": _findings(after), "ended": 0}
    known, found = _findings(before), _findings(after)
    added = [one for one in found if _key(one) not in set(map(_key, known))]
    ended = len(set(map(_key, known)) - set(map(_key, found)))
    if before["verdict"] == after["verdict"] and not added and not ended:
        return None
    return _who(after) | {"before": before["verdict"], "after": after["verdict"], "added": added, "ended": ended}


def _who(one: Mapping[str, Any]) -> Told:
    return {name: one[name] for name in ("ref", "code", "name")}


def _findings(one: Mapping[str, Any]) -> list[Told]:
    return [*one["exclusions"], *one["considerations"]]


def _key(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """A body that was kept has days as text, one made now as dates."""
    return tuple(str(finding[name]) for name in ("list", "document_no", "code", "since", "sure"))


def subjects(results: Iterable[Told]) -> list[Told]:
    """The bidders of an earlier check, to be checked again: ref, code, name, group."""
    return [_who(one) | {"group": one.get("group")} for one in results]
