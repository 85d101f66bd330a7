"""Redaction (脱敏) by the department that reported: what is found in a text is masked or cleared, with reasons.

A text with findings isn't published until then (SAMR Order 45 articles 5-7). Nothing of a text, of
what was found in it or of what was masked goes into the audit, a log or a refusal: only kinds and places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import InvalidInput, StaleVersion, WrongState
from credit.models import Event, Redaction, TextCheck
from credit.rules.redaction import CHECKER, Finding, findings, masked, only_masked
from credit.services import event_versions
from credit.services.access import own_or_refuse
from credit.services.acts import acts_of
from credit.services.departments import Bearer
from credit.services.text_checks import EVENT, digest, names_of

LISTING, STATEMENT = "listing", "statement"
Told = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """A text that is to be published: of what, whose, reported by whom. `own`: the enterprise's names."""

    kind: str
    id: int
    enterprise_id: int
    department_id: int
    text: str
    own: Sequence[str] = ()

    def findings(self) -> list[Finding]:
        """What the check finds in the text."""
        return findings(self.text, self.own)


def subject(kind: str, number: int, enterprise_id: int, department_id: int, text: str) -> Subject:
    """The text of a listing or of an enterprise's statement, or of an event, as redactions take it."""
    own = names_of([enterprise_id]).get(enterprise_id, [])
    return Subject(kind, number, enterprise_id, department_id, text, own)


def publishable(about: Subject) -> str | None:
    """The text as it may be published: nothing found in it, masked, or cleared; else None. For acts, not look-ups."""
    made = standing(about)
    if made is not None:
        return about.text if made.masked is None else made.masked
    return None if about.findings() else about.text


def open_findings(about: Subject) -> list[Finding]:
    """What was found in the text and nobody has masked or cleared. Whoever publishes asks for it first."""
    return [] if standing(about) is not None else about.findings()


def standing(about: Subject) -> Redaction | None:
    """The redaction of this very text that nothing replaced; one of another text is moot."""
    later = aliased(Redaction)
    made = select(Redaction).where(
        Redaction.subject == about.kind,
        Redaction.subject_id == about.id,
        ~exists().where(later.replaces == Redaction.seq),
    )
    return next((one for one in db.session.scalars(made) if one.text_digest == digest(about.text)), None)


def of_event(event_id: int, bearer: Bearer) -> tuple[Event, Subject]:
    """The version that counts and its text, for the department that reported it. Raises UnknownEvent, NotAllowed."""
    event = event_versions.current(event_id)
    own_or_refuse(bearer, event.department_id)
    return event, _of(event)


def _of(event: Event) -> Subject:
    text = event.facts or "" if event.kind == "violation" else ""
    return subject(EVENT, event.event_id, event.enterprise_id, event.department_id, text)


def open_in(event: Event) -> int:
    """How many findings of an event's text await its department."""
    if event.kind != "violation" or not event.facts:
        return 0
    checked = db.session.get(TextCheck, (event.seq, CHECKER))
    return 0 if checked is not None and not checked.found else len(open_findings(_of(event)))


def state_of(event_id: int, bearer: Bearer) -> Told:
    """How the text of an event stands: clean, open or redacted, and how much was found in it."""
    event, about = of_event(event_id, bearer)
    return {"state": _state(event, standing(about)), "found": len(about.findings())}


def _state(event: Event, made: Redaction | None) -> str:
    """How the text stands for the public, by the check that was stored: a name borne since then changes nothing."""
    if made is not None or not event.facts:
        return "redacted" if made else "clean"
    checked = db.session.get(TextCheck, (event.seq, CHECKER))
    return "open" if checked is None or checked.found else "clean"


def told(event: Event, about: Subject) -> Told:
    """Text, findings, what is proposed and what is shown, in the shape of schemas.redaction.EventRedaction."""
    found, made = about.findings(), standing(about)
    state = _state(event, made)
    return {
        "event": event.event_id,
        "version": event.seq,
        "text": about.text,
        "findings": [
            {
                "number": number, "kind": one.kind, "title": {"zh": one.kind.zh, "en": one.kind.en},
                "start": one.start, "end": one.end, "shown": one.shown,
            }
            for number, one in enumerate(found)
        ],
        "proposed": masked(about.text, about.own),
        "shown": None if state == "open" else (made and made.masked) or about.text or None,
        "state": state,
        "redaction": _made(made) if made else None,
    }  # fmt: skip


def _made(made: Redaction) -> Told:
    act = acts_of([made.seq])[made.seq]
    return {
        "masked": made.masked, "cleared": made.cleared, "reason": made.reason, "made_on": made.made_on,
        "recorded_at": act.at, "who": act.who,
    }  # fmt: skip


def redact(change: Change, event_id: int, bearer: Bearer, given: Told, day: date) -> tuple[int, bool]:
    """Keep how the text of an event is shown. Returns its enterprise's id, and whether anything is new.

    `given` as schemas.redaction.RedactionIn loads it. Raises UnknownEvent, NotAllowed, StaleVersion,
    WrongState where there is no text, InvalidInput where findings stay open or the masked text says
    anything that the original doesn't.
    """
    event, about = of_event(event_id, bearer)
    change.about |= {"event": event_id, "enterprise": event.code}
    if not about.text:
        raise WrongState("Its report tells no facts in words.", zh="该记录没有事实文字，无需脱敏", state="no-text")
    if given.get("version") not in (None, event.seq):
        told = f"Version {event.seq} counts now, not {given['version']}: look at its text first."
        raise StaleVersion(told, zh=f"当前有效的是第 {event.seq} 号版本，请先核对其文字", version=event.seq)
    return event.enterprise_id, keep(change, about, bearer, given, day)


def keep(change: Change, about: Subject, bearer: Bearer, given: Told, day: date) -> bool:
    """Keep a redaction of any text, in place of the one that stands. The same again is no new one: False.

    Raises InvalidInput.
    """
    text, cleared = _judged(about, given)
    before, row = standing(about), {
        "masked": None if text == about.text else text,
        "cleared": [{"kind": str(one.kind), "start": one.start, "end": one.end} for one in cleared],
        "reason": given.get("reason") or "",
    }  # fmt: skip
    if before is not None and all(getattr(before, name) == value for name, value in row.items()):
        return False
    (seq,) = change.take()
    db.session.add(
        Redaction(
            seq=seq, replaces=before and before.seq, subject=about.kind, subject_id=about.id,
            enterprise_id=about.enterprise_id, department_id=about.department_id, text_digest=digest(about.text),
            actor=bearer.actor, made_on=day, **row,
        )
    )  # fmt: skip
    db.session.flush()
    return True


def _judged(about: Subject, given: Told) -> tuple[str, list[Finding]]:
    """The text to show and the findings that were cleared. Raises InvalidInput, which names kinds and places alone."""
    found, numbers = about.findings(), sorted(set(given.get("cleared") or ()))
    text = given.get("masked") or about.text
    if unknown := [number for number in numbers if number >= len(found)]:
        told = f"There is no finding {unknown[0]}: the text has {len(found)}."
        raise _refused(told, f"没有第 {unknown[0]} 号发现项", "cleared")
    if (numbers or not given.get("masked")) and not given.get("reason"):
        raise _refused("Say why what is cleared may be shown.", "请写明为什么可以公示", "reason")
    if not only_masked(about.text, text):
        told = "It says something else than the original: only put marks ([电话号码已隐去], 张某) in place of parts."
        raise _refused(told, "脱敏文本与原文不一致：只能用[电话号码已隐去]、张某等标记替换原文的部分内容", "masked")
    cleared = [found[number] for number in numbers]
    allowed = {(one.kind, about.text[one.start : one.end]) for one in cleared}
    left = [one for one in findings(text, about.own) if (one.kind, text[one.start : one.end]) not in allowed]
    if left:
        places = "; ".join(f"{one.kind.en} [{one.start}, {one.end})" for one in left)
        zh = "；".join(f"{one.kind.zh}（第 {one.start + 1}–{one.end} 字）" for one in left)
        field = "masked" if given.get("masked") else "cleared"
        raise _refused(f"Neither masked nor cleared: {places}.", f"仍有未处理的发现项：{zh}", field)
    return text, cleared


def _refused(told: str, zh: str, field: str) -> InvalidInput:
    return InvalidInput(told, zh=zh, errors={field: [f"{zh} / {told}"]})
