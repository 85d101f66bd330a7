"""Filing (提出): an objection, a statement or an application for repair is kept; the record is marked.

The mark must appear at once, before anybody has looked at the case. So that many or automatic filings
can't deface a record:

- from outside only what is shown can be contested, by its number, its enterprise *and* the number of its
  document, with a name and a way to answer: nothing can be filed by guessing;
- the mark says only that the entry is contested and since when. No word of the filer is shown, and a
  statement not before an officer has read it: there is nothing to gain for whoever wants to be read;
- one open objection and one unread statement for each fact: a thousand filings make one mark;
- each address may send few of them (CREDIT_LIMIT_OBJECTIONS), wrong ones included;
- what was decided is not reopened by sending it again: another objection on the same fact needs other
  grounds or an attachment that was not there; and after two that were not upheld the third is taken in at
  the department's desk, where somebody shows who he is. The way stays open, the automaton's doesn't.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, select

from credit.db import Change, db
from credit.errors import UnknownObjection, WrongState
from credit.models import Filing, FilingAct, FilingFile, FilingWords
from credit.services.objections.attachments import Attachment
from credit.services.objections.subjects import Subject
from credit.terms import FilingKind, FilingOutcome
from schemas.fields import BEYOND

PUBLIC = "public"
MOST_FROM_OUTSIDE = 2
# The acts that end a case.
CLOSING = ("decide", "reject")
CONTESTING = (FilingKind.OBJECTION, FilingKind.STATEMENT)
# 32 signs that nobody mistakes for another; 20 of them are 100 random bits.
SIGNS, LENGTH, GROUP = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20, 4


class Filed(NamedTuple):
    """A new case: its number, and the secret that is told this once."""

    number: int
    secret: str


def file(
    change: Change,
    subject: Subject,
    given: dict[str, Any],
    files: Sequence[Attachment],
    stored: Sequence[str],
    day: date,
    entered_by: str = PUBLIC,
) -> Filed:
    """Keep an objection or a statement about a fact; `files` lie on disk under the names `stored`.

    `given` as schemas.objection.FilingIn or schemas.repair.ApplicationIn loads it; `received_on`, told at the desk,
    begins the clocks.
    Raises WrongState: one is open already, or the same was decided before.
    """
    content = _digest(given["words"])
    _refuse_second(subject, given["kind"])
    if given["kind"] == FilingKind.OBJECTION:
        _refuse_again(subject, content, files, entered_by)
    secret = new_secret()
    (seq,) = change.take()
    change.about |= {"objection": seq, "kind": str(given["kind"]), "about": subject.event_id or subject.listing_id}
    db.session.add(
        Filing(
            seq=seq, kind=str(given["kind"]), enterprise_id=subject.enterprise_id, code=subject.code,
            event_id=subject.event_id, listing_id=subject.listing_id, document_no=subject.document_no,
            department_id=subject.department_id, filed_on=given.get("received_on") or day,
            performed_on=given.get("performed_on"), entered_by=entered_by,
            secret=digest_of(secret), content=content,
        )
    )  # fmt: skip
    db.session.flush()
    contact = given["contact"]
    db.session.add(
        FilingWords(
            filing=seq, words=given["words"], contact=contact["name"], phone=contact["phone"], email=contact["email"]
        )
    )
    for number, file, name in zip(change.take(len(files)), files, stored, strict=True):
        told = {"name": file.name, "type": file.type, "size": len(file.content), "digest": file.digest}
        db.session.add(FilingFile(seq=number, filing=seq, stored=name, **told))
    db.session.flush()
    return Filed(seq, grouped(secret))


def new_secret() -> str:
    """What whoever filed a case is told once: signs that nobody mistakes for each other."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def grouped(secret: str) -> str:
    """A secret as it is told: in groups that are easily typed off the paper."""
    return "-".join(secret[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(secret: str) -> str:
    """How a secret is kept, however it was typed off the paper."""
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", secret).upper() if sign.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()


def _digest(words: str) -> str:
    """Of the grounds, without spaces and punctuation: another comma is no new ground."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return hashlib.sha256("".join(letter for letter in folded if letter.isalnum()).encode()).hexdigest()


def _about(subject: Subject) -> ColumnElement[bool]:
    return (
        Filing.event_id == subject.event_id
        if subject.event_id is not None
        else Filing.listing_id == subject.listing_id
    )


def undecided() -> ColumnElement[bool]:
    """Filings without a decision."""
    return ~exists().where(FilingAct.filing == Filing.seq, FilingAct.act.in_(CLOSING))


def _refuse_second(subject: Subject, kind: FilingKind) -> None:
    same = select(Filing.seq).where(
        Filing.enterprise_id == subject.enterprise_id, _about(subject), Filing.kind == str(kind), undecided()
    )
    if db.session.scalar(same.limit(1)) is None:
        return
    told, zh = SECOND[kind]
    raise WrongState(told, zh=zh, state="open")


SECOND = {
    FilingKind.OBJECTION: ("This entry is under objection already.", "这条记录已在异议处理中，不必重复提出"),
    FilingKind.STATEMENT: ("A statement about this entry is being read already.", "这条记录已有企业声明在核对中"),
    FilingKind.REPAIR: ("Repair of this entry is applied for already.", "这条记录已有信用修复申请在办理中"),
}


def _refuse_again(subject: Subject, content: str, files: Sequence[Attachment], entered_by: str) -> None:
    """What was decided and not upheld comes back only with something new, and not for ever from outside."""
    former = (
        select(Filing.seq, Filing.content)
        .join(FilingAct, (FilingAct.filing == Filing.seq) & (FilingAct.act == "decide"))
        .where(
            Filing.enterprise_id == subject.enterprise_id, _about(subject),
            Filing.kind == str(FilingKind.OBJECTION), FilingAct.outcome != str(FilingOutcome.UPHELD),
        )
    )  # fmt: skip
    decided = db.session.execute(former).all()
    if entered_by == PUBLIC and len(decided) >= MOST_FROM_OUTSIDE:
        raise WrongState(
            "Objections to this entry were decided twice: bring another one to the department's desk.",
            zh="这条记录的异议已两次作出处理决定，如有新的证据，请到报送部门窗口提出",
            state="decided",
        )
    seen = db.session.scalars(select(FilingFile.digest).where(FilingFile.filing.in_([row.seq for row in decided])))
    if content in {row.content for row in decided} and {file.digest for file in files} <= set(seen):
        raise WrongState(
            "The same objection was decided: give other grounds or new evidence.",
            zh="相同的异议已作出处理决定，请补充新的理由或证据后再提出",
            state="decided",
        )


def of(number: int, kinds: Collection[FilingKind] = CONTESTING) -> Filing:
    """A filing of these kinds, for staff. Raises UnknownObjection."""
    found = db.session.get(Filing, number) if number < BEYOND else None
    if found is None or found.kind not in {str(kind) for kind in kinds}:
        what = "、".join(kind.zh for kind in kinds)
        raise UnknownObjection(f"No case {number} is on file.", zh=f"没有编号为 {number} 的{what}")
    return found


def of_holder(number: int, secret: str) -> Filing:
    """The filing of whoever has its secret. Raises UnknownObjection, alike for a wrong number and a wrong secret."""
    found = db.session.get(Filing, number) if 0 < number < BEYOND else None
    held = found.secret if found is not None else "0" * 64
    if not secrets.compare_digest(held, digest_of(secret)) or found is None:
        raise UnknownObjection
    return found
