"""Enactment (颁布): how a policy version comes into force. Drafted, checked, proposed, enacted by another.

Every act is a row that stays; the full text and its digest are kept with the first. Acts take the
register's lock, so that of two officers at once one comes second and is told the state it finds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.errors import DraftRefused, InvalidInput, NotAllowed, UnknownPolicy, WrongState
from credit.models import Officer, PolicyAct, PolicyText
from credit.policy import FOLDER, load_policy, policy_texts
from credit.rules import enactment as rules
from credit.rules.backwards import backwards
from credit.rules.law import Law
from credit.services import policies, policy_case_runs, way
from credit.services.classification import keep_missing
from credit.services.dossiers import all_ids
from credit.services.drafts import file_of
from credit.services.policy_cases import read_cases

WAITING = ("drafted", "checked", "proposed")


def draft(
    change: Change, texts: dict[str, str], day: date, cases: dict[str, str] | None = None, origin: str = "officer"
) -> Law:
    """Keep the text of a policy as a draft, perhaps with cases of its own. Nothing is in force by it.

    Raises PolicyError with file, key and what is allowed, and WrongState for a version on its way.
    """
    policies.adopt(day)
    law = policies.keep_text(texts)
    if law.digest == policies.eras()[-1].law.digest:
        raise WrongState(
            "This is the version in force, or the one that was enacted last.",
            zh="该版本已经施行或已颁布",
            state="enacted",
            allowed=["draft another text"],
        )
    rules.check("draft", state(law.digest))
    read_cases(cases or {})
    _keep(change, "draft", law.digest, day, fields={"cases": cases or {}, "origin": origin})
    return law


def bring(change: Change, day: date) -> None:
    """Keep the policy that the program brings as a draft, if it is neither on file nor the first.

    Law doesn't change by deployment: officers enact it as any other.
    """
    policies.adopt(day)
    if state(load_policy().digest) is None:
        draft(change, policy_texts(FOLDER), day, origin="program")


def check(
    change: Change, digest: str, day: date, cases: dict[str, str], backtest_summary: dict[str, Any] | None
) -> dict[str, Any]:
    """Try a draft on cases and keep what came of it, with the summary of its back-test.

    Raises InvalidInput where the draft contradicts the cases that came with it, DraftRefused where it
    judges what has happened otherwise than the version that it replaces, WrongState where the
    back-test tried something else or another version was enacted since it began. The result:
    against (the version it is to replace), cases {run, own, changed: [...]} or None, backtest.
    """
    rules.check("check", state(digest))
    files, against = policies.files_of(digest), policies.eras()[-1].law.digest
    _check_past(digest, day)
    _check_same_trial(backtest_summary, digest, against)
    own = read_cases(_last(digest, "drafted").fields["cases"])
    found = policy_case_runs.found(own, files)
    wrong = {
        one.name: one.contradictions(row) if row else ["the policy can't take the values of this case"]
        for one, row in zip(own, found, strict=True)
    }
    if wrong := {name: told for name, told in wrong.items() if told}:
        raise InvalidInput(
            f"The draft contradicts {len(wrong)} of the cases that came with it.",
            zh=f"草案与其自带的 {len(wrong)} 个案例不符",
            errors=wrong,
        )
    every = [*read_cases(cases), *own]
    changed = policy_case_runs.changed(every, policies.files_of(against), files)
    tried = {"run": len(every), "own": len(own), "changed": changed} if every else None
    fields = {"against": against, "cases": tried, "backtest": backtest_summary}
    _keep(change, "check", digest, day, fields=fields)
    return fields


def propose(change: Change, digest: str, officer_id: int, force_on: date, because: str, day: date) -> None:
    """An officer proposes a checked version, to take force on a day that has not passed.

    Raises DraftRefused where it judges what happens before that day otherwise than the law in force then.
    """
    _officer(officer_id)
    rules.check("propose", state(digest))
    rules.check_force_day(force_on, day)
    _check_tried(digest)
    _check_past(digest, force_on)
    fields = {"because": rules.reason(because)}
    _keep(change, "propose", digest, day, force_on=force_on, officer_id=officer_id, fields=fields)


def enact(change: Change, digest: str, officer_id: int, day: date) -> int:
    """Another officer enacts what was proposed. Returns how many public records say something new.

    All events are classified under it and everyone is graded: from now on every record ends, and
    every span of grade turns, on the day on which it takes force, whatever job runs then or not.
    """
    _officer(officer_id)
    rules.check("enact", state(digest))
    proposed = _last(digest, "proposed")
    rules.check_other(officer_id, proposed.officer_id)
    force_on = proposed.force_on or day
    rules.check_force_day(force_on, day)
    _check_tried(digest)
    _check_past(digest, force_on)
    _keep(change, "enact", digest, day, force_on=force_on, officer_id=officer_id, fields={})
    keep_missing(policies.law_by(digest))
    return way.advance(change, all_ids(), day)


def withdraw(change: Change, digest: str, officer_id: int, because: str, day: date) -> None:
    """An officer takes a version back before it is enacted."""
    _officer(officer_id)
    rules.check("withdraw", state(digest))
    _keep(change, "withdraw", digest, day, officer_id=officer_id, fields={"because": rules.reason(because)})


def find(text: str) -> str:
    """The digest that begins with these characters, at least 8. Raises UnknownPolicy or InvalidInput."""
    start = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{8,64}", start):
        told = "Give the digest or its first 8 or more characters, 0 to 9 and a to f."
        raise InvalidInput(told, zh="请给出指纹的前 8 位或更多（0-9、a-f）", errors={"digest": [told]})
    digests = select(PolicyText.digest).where(PolicyText.digest.startswith(start))
    found = db.session.scalars(digests.limit(2)).all()
    if len(found) != 1:
        raise UnknownPolicy(
            f"{'No policy begins' if not found else 'Several policies begin'} with {start}.",
            zh=f"没有唯一以 {start} 开头的评价规则",
        )
    return found[0]


def state(digest: str) -> str | None:
    """What the last act on a version left it as; None where there was no act."""
    acts = select(PolicyAct.act).where(PolicyAct.digest == digest).order_by(PolicyAct.seq.desc())
    return db.session.scalar(acts.limit(1))


def listed() -> list[dict[str, Any]]:
    """Every version with its acts, oldest first: digest, id, state, acts [{act, on, force_on, officer, because}]."""
    officers = {one.id: one.name for one in db.session.scalars(select(Officer))}
    names = {one.digest: one.name for one in db.session.execute(select(PolicyText.digest, PolicyText.name))}
    rows: dict[str, dict[str, Any]] = {}
    for act in _acts():
        row = rows.setdefault(act.digest, {"digest": act.digest, "id": names[act.digest], "acts": []})
        row["state"] = act.act
        told = {"act": act.act, "on": act.acted_on, "force_on": act.force_on}
        because = act.fields.get("because")
        row["acts"].append(told | {"officer": officers.get(act.officer_id or 0), "because": because})
    return list(rows.values())


def _acts(digest: str | None = None) -> Sequence[PolicyAct]:
    acts = select(PolicyAct).order_by(PolicyAct.seq)
    return db.session.scalars(acts.where(PolicyAct.digest == digest) if digest else acts).all()


def _last(digest: str, act: str) -> PolicyAct:
    return next(one for one in reversed(_acts(digest)) if one.act == act)


def _check_tried(digest: str) -> None:
    against, now = policies.eras()[-1].law.digest, state(digest)
    rules.check_tried(_last(digest, "checked").fields, against, str(now))


def _check_past(digest: str, force_on: date) -> None:
    """Raises DraftRefused with file, key and mend where a version bites backwards from the day of its force."""
    new = policies.law_by(digest)
    found = list(backwards(policies.eras()[-1].law, new, force_on))
    if found:
        files = policies.files_of(digest)
        named = [(file_of(one.key, files), one) for one in found]
        file, first = named[0]
        raise DraftRefused(
            "; ".join(f"{where}: {one.key}: {one.en}" for where, one in named) + ".",
            zh="；".join(f"{where}：{one.key}：{one.zh}" for where, one in named),
            file=file,
            key=first.key,
        )


def _check_same_trial(summary: dict[str, Any] | None, digest: str, against: str) -> None:
    """Raises WrongState unless the back-test, if there is one, tried this version against the one it replaces."""
    if summary is not None and (summary.get("digest"), summary.get("against")) != (digest, against):
        raise WrongState(
            "The back-test compared other versions: another one was enacted while it ran. Check again.",
            zh="回测比较的是其他版本：回测期间已颁布了另一版本，请重新检验",
            state=str(state(digest)),
            allowed=rules.allowed(state(digest)),
        )


def replaced() -> Law:
    """The version that the next one to be enacted replaces: the last one, though it be not in force yet."""
    return policies.eras()[-1].law


def _keep(change: Change, act: str, digest: str, day: date, **given: Any) -> None:
    policies.enter(change, digest, rules.ACTS[act].after, day, **given)


def _officer(officer_id: int) -> None:
    """Raises NotAllowed unless the officer's role may make law."""
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.role not in rules.OFFICERS:
        roles, zh = (" or ".join(role.en for role in rules.OFFICERS), "或".join(r.zh for r in rules.OFFICERS))
        raise NotAllowed(f"This needs an officer with the role {roles}.", zh=f"须由具有“{zh}”职责的人员办理")
