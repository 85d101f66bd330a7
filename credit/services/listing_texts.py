"""The facts of a listing as they are published: what tells of people is masked, or an officer says why it stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credit.errors import InvalidInput
from credit.models import Listing
from credit.rules.redaction import findings, masked, only_masked
from credit.services.redactions import LISTING, Subject, subject


def shown_facts(listing: Listing, given: Mapping[str, Any]) -> str:
    """The text to publish: clean as it is, `masked_facts`, or with `cleared` (why what was found may be shown).

    Raises InvalidInput, which names kinds and places alone.
    """
    about = _of(listing)
    found = about.findings()
    if not found or given.get("cleared"):
        return about.text
    text = given.get("masked_facts")
    if not text:
        raise _open(found)
    if not only_masked(about.text, text):
        told = "It says something else than the facts: only put marks in place of parts."
        raise InvalidInput(told, zh="脱敏文本与原文不一致，只能以标记替换", errors={"masked_facts": [told]})
    if left := findings(text, about.own):
        raise _open(left)
    return str(text)


def proposed_facts(listing: Listing) -> str | None:
    """The masked text that is proposed; None where nothing is found."""
    about = _of(listing)
    return masked(about.text, about.own) if about.findings() else None


def _of(listing: Listing) -> Subject:
    return subject(LISTING, listing.id, listing.enterprise_id, listing.department_id, listing.facts)


def _open(found: list[Any]) -> InvalidInput:
    places = "; ".join(f"{one.kind.en} [{one.start}, {one.end})" for one in found)
    told = f"The facts tell of people: {places}. Mask them (masked_facts), or say why they may be shown (cleared)."
    zh = f"事实中有{'、'.join(dict.fromkeys(one.kind.zh for one in found))}，请脱敏或说明可以公示的理由"
    return InvalidInput(told, zh=zh, errors={"masked_facts": [told]})
