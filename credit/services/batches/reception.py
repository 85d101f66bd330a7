"""Reception of a batch: the same one is found again, a new one is read through and opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from credit.errors import InvalidInput
from credit.models import Batch
from credit.services.batches import store
from credit.services.batches.checking import Whole, read_through
from credit.services.batches.store import Sender, Sent
from credit.services.batches.work import Begin
from credit.services.chunks import JSON_LINES, PARQUET
from credit.services.mappings import Reader, is_private, recognise


def receive(who: Sender, sent: Sent, key: str | None, day: date, begin: Begin, most: int | None = None) -> Batch:
    """The batch of this department with this key, the file's digest where none is given; a new one is opened.

    Nothing is kept of a file that can't be read to its end. Raises FileRefused, TooManyRows, InvalidInput,
    and OtherBody where the key was another batch's.
    """
    digest = sent.digest()
    named = key or f"sha256:{digest}"
    found = store.known(who.department_id, named, digest)
    if found is not None:
        return found
    whole = read_through(sent.path, sent.suffix, sent.mapping.is_private if sent.mapping else is_private, most)
    understood = _understood(sent, whole)
    asked = {"sent": sent.options, "sent_mapping": sent.mapping.digest if sent.mapping else None}
    with begin() as change:
        return store.opened(who, named, digest, understood, asked, whole, change.recorded_at, day)


def _understood(sent: Sent, whole: Whole) -> Sent:
    """What was sent with the mapping that its headers ask for. Raises InvalidInput, FileRefused."""
    mapping = sent.mapping or recognise(whole.headers)
    kind = sent.options.get("kind")
    if mapping is not None:
        if kind not in (None, mapping.kind):
            told = f"The mapping {mapping.name} makes events of the kind {mapping.kind}, not {kind}."
            zh = f"映射 {mapping.name} 的类型是 {mapping.kind}，不是 {kind}"
            raise InvalidInput(told, zh=zh, errors={"kind": [told]})
        if whole.headers:
            Reader(mapping).check(whole.headers)
        return replace(sent, mapping=mapping, options=sent.options | {"kind": mapping.kind})
    if kind is None and sent.suffix not in JSON_LINES + PARQUET:
        told = "Say of which kind the rows of this table are: violation, inspection or award."
        raise InvalidInput(told, zh="请说明表中各行的类型：violation、inspection 或 award", errors={"kind": [told]})
    return sent
