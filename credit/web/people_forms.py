"""What the pages about people share: an act with its entry, what was refused at its field, the tick before harm."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import g, request

from credit.db import Change, transaction
from credit.errors import InvalidInput, RegisterError
from credit.services.departments import wrong
from credit.terms import OfficerRole
from credit.web.language import t
from credit.web.people_words import DONE


def acting(act: str, work: Callable[[Change], Any]) -> Any:
    """One act of this administrator, with its entry in the audit."""
    with transaction(act, g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        return work(change)


def wrong_of(refused: RegisterError) -> dict[str, str]:
    """What was refused, in the reader's language, by the field where the mend goes."""
    if not isinstance(refused, InvalidInput):
        return {"do": t(refused.detail_zh, refused.detail)}
    english, chinese = refused.extra.get("errors", {}), refused.extra.get("errors_zh", {})
    return {field: t(chinese.get(field, [refused.detail_zh])[0], words[0]) for field, words in english.items()}


def one(rows: list[dict[str, Any]], number: int, missing: type[RegisterError]) -> dict[str, Any]:
    """The row with this number. Raises `missing`."""
    found = next((row for row in rows if row["id"] == number), None)
    if found is None:
        raise missing
    return found


def one_of_roles(text: str) -> OfficerRole:
    """The role chosen. Raises InvalidInput."""
    if text not in set(OfficerRole):
        raise wrong("role", "Choose a role.", "请选择岗位")
    return OfficerRole(text)


def done() -> str | None:
    """What has just been done, in words."""
    words = DONE.get(request.args.get("done", ""))
    return t(*words) if words else None


def sure(acts: Collection[str]) -> str:
    """The act asked for. Raises InvalidInput unless the box was ticked: nothing that harms is done by one click."""
    do = request.form.get("do", "")
    if do not in acts:
        raise wrong("do", "Choose what to do.", "请选择要办理的事项")
    if request.form.get("sure") != "yes":
        raise wrong(f"sure-{do}", "Tick the box to confirm.", "请勾选确认")
    return do
