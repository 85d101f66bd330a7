"""What the register enters in its log: receipts, acts on cases, corrections, commitments, and the audit's head."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import exists, select

from credit.db import AuditRow, Register, db
from credit.models import Amendment, DrawAct, Event, Listing, ListingAct, LogLeaf, Receipt
from credit.rules import leaves
from credit.services.reading import among, among_words
from credit.terms import Leaf

AT_ONCE = 20_000
AMENDED = ("seq", "event_id", "act", "ground", "reason", "document_no", "document_on", "made_on")
ACTED = ("seq", "listing_id", "act", "state", "acted_on", "document_no", "fields")


class Entry(NamedTuple):
    """What a leaf is about: its kind, the record it came from, and what it says."""

    kind: Leaf
    ref: str
    content: dict[str, Any]


def pending(since: int) -> Iterator[list[Entry]]:
    """What is not in the log yet, in parts: acts and corrections after change `since`, receipts, the audit's head."""
    changed = [
        *_acts(select(ListingAct, Listing).where(ListingAct.seq > since)),
        *_corrections(select(Amendment, Event.content_digest).where(Amendment.seq > since)),
        *_commitments(DrawAct.seq > since),
    ]
    changed.sort(key=lambda entry: int(entry.ref))
    for start in range(0, len(changed), AT_ONCE):
        yield changed[start : start + AT_ONCE]
    last = ""
    while part := _receipts(_unlogged(last)):
        last = part[-1].ref
        yield part
    number, head = db.session.execute(select(Register.audit_number, Register.audit_head)).one()
    if number:
        yield [Entry(Leaf.AUDIT, str(number), leaves.of_audit(number, head))]


def _unlogged(after: str) -> Any:
    """Receipts without a leaf, in the order of their random numbers: their place tells no hour."""
    entered = exists().where(LogLeaf.kind == str(Leaf.RECEIPT), LogLeaf.ref == Receipt.id)
    found = select(Receipt.id, Receipt.digest, Receipt.signature).where(~entered, Receipt.id > after)
    return found.order_by(Receipt.id).limit(AT_ONCE)


def on_file(kind: Leaf, refs: Collection[str]) -> dict[str, Entry]:
    """What the records behind these leaves say now, by ref; one that is gone is left out."""
    if kind is Leaf.RECEIPT:
        found = select(Receipt.id, Receipt.digest, Receipt.signature).where(among_words(Receipt.id, list(refs)))
        return {entry.ref: entry for entry in _receipts(found)}
    numbers = [int(ref) for ref in refs]
    if kind is Leaf.CORRECTION:
        rows = select(Amendment, Event.content_digest).where(among(Amendment.seq, numbers))
        return {entry.ref: entry for entry in _corrections(rows)}
    if kind is Leaf.DRAW:
        return {entry.ref: entry for entry in _commitments(among(DrawAct.seq, numbers))}
    if kind is Leaf.AUDIT:
        heads = select(AuditRow.number, AuditRow.digest).where(among(AuditRow.number, numbers))
        return {
            str(number): Entry(kind, str(number), leaves.of_audit(number, digest))
            for number, digest in db.session.execute(heads)
        }
    acts = select(ListingAct, Listing).where(among(ListingAct.seq, numbers))
    return {entry.ref: entry for entry in _acts(acts) if entry.kind is kind}


def _receipts(rows: Any) -> list[Entry]:
    return [Entry(Leaf.RECEIPT, row.id, leaves.of_receipt(*row)) for row in db.session.execute(rows)]


def _corrections(rows: Any) -> Iterator[Entry]:
    """A correction has the number of the version that it made, a withdrawal none: it has no digest of a document."""
    for amendment, digest in db.session.execute(rows.outerjoin(Event, Event.seq == Amendment.seq)):
        told = {name: getattr(amendment, name) for name in AMENDED} | {"content_digest": digest}
        yield Entry(Leaf.CORRECTION, str(amendment.seq), leaves.of_correction(told))


def _commitments(condition: Any) -> Iterator[Entry]:
    for act in db.session.scalars(select(DrawAct).where(DrawAct.act == "commit", condition)):
        yield Entry(Leaf.DRAW, str(act.seq), leaves.of_draw(act.seq, act.draw_id, act.fields["commitment"]))


def _acts(rows: Any) -> Iterator[Entry]:
    for act, listing in db.session.execute(rows.join(Listing, Listing.id == ListingAct.listing_id)):
        if act.act == "publish":
            yield Entry(Leaf.LISTING, str(act.seq), leaves.of_listing(act.seq, shown(act, listing)))
        else:
            told = {name: getattr(act, name) for name in ACTED}
            yield Entry(Leaf.DECISION, str(act.seq), leaves.of_decision(told))


def shown(act: ListingAct, listing: Listing) -> dict[str, Any]:
    """What the public reads of a publication and no later name or word of the policy changes."""
    said = act.fields
    return {
        "code": listing.code, "list": listing.list, "ground": listing.ground, "basis": said["basis"],
        "document_no": said["document_no"], "facts": said.get("facts", listing.facts),
        "listed_on": act.acted_on.isoformat(), "ends_on": said["ends_on"],
        "earliest_removal": said["earliest_removal"],
    }  # fmt: skip
