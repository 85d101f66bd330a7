"""Where two policies differ: key by key and day by day, with the source of what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from credit.rules.law import Dated, Law, Provision

VALUE, LAW_OF, SOURCE, WORDING = "value", "law_of", "source", "wording"


class Difference(NamedTuple):
    """One key (or part of it) that says something else.

    `kind`: VALUE, LAW_OF (which day's value applies), SOURCE (same value, other source) or WORDING.
    `part`: the names on the way into a value that holds parts. `since`: the day from which the new
    policy says so; None where it has no day. None as `old` or `new`: there is no value.
    """

    key: str
    part: tuple[str, ...]
    kind: str
    since: date | None
    old: Any
    new: Any
    provision: Provision | None = None
    dated: Dated | None = None


def differences(old: Law, new: Law) -> list[Difference]:
    """What the policy `new` says otherwise than `old`: values first, then wording."""
    keys = [*new.provisions, *(key for key in old.provisions if key not in new.provisions)]
    found = [
        one for key in keys for one in _of_key(key, old.provisions.get(key), new.provisions.get(key))
    ]
    heads = (_head(old), _head(new))
    found += _wording("policy", *heads) + _wording("sentences", old.sentences, new.sentences)
    found += _wording("industries", old.industries, new.industries)
    return sorted(found, key=lambda one: one.kind == WORDING)


def _head(law: Law) -> dict[str, Any]:
    return {"title": {"zh": law.zh, "en": law.en}, "first_day": str(law.first_day)}


def _of_key(key: str, old: Provision | None, new: Provision | None) -> Iterator[Difference]:
    shown = new or old
    if old and new:
        if old.law_of != new.law_of:
            yield Difference(key, (), LAW_OF, None, old.law_of, new.law_of, shown, new.values[-1])
        titles = ({"zh": p.zh, "en": p.en} for p in (old, new))
        yield from (one._replace(key=key, provision=shown) for one in _wording("title", *titles))
    before: list[Difference] = []
    for day in sorted({dated.start for p in (old, new) if p for dated in p.values}):
        now = [one._replace(provision=shown) for one in _of_day(key, _on(old, day), _on(new, day))]
        yield from (one._replace(since=day) for one in now if one not in before)
        before = now


def _of_day(key: str, was: Dated | None, now: Dated | None) -> list[Difference]:
    """What differs between the values of a day, without saying of which."""
    parts = list(_parts(was and was.value, now and now.value))
    if not parts and was and now and was.source != now.source:
        one, other = was.source._asdict(), now.source._asdict()
        return [Difference(key, (), SOURCE, None, one, other, dated=now)]
    return [
        Difference(key, part, VALUE, None, one, other, dated=now or was) for part, one, other in parts
    ]


def _on(provision: Provision | None, day: date) -> Dated | None:
    return next((d for d in reversed(provision.values if provision else ()) if d.start <= day), None)


def _wording(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    parts = _parts(dict(old), dict(new))
    return [Difference(key, part, WORDING, None, one, other) for part, one, other in parts]


def _parts(old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The smallest parts that differ: their names and both values. A wording (zh, en) is one part."""
    if not (_branches(old) or _branches(new)):
        if old != new:
            yield (), old, new
        return
    one, other = (value if _branches(value) else {} for value in (old, new))
    for name in [*other, *(name for name in one if name not in other)]:
        for rest, was, now in _parts(one.get(name), other.get(name)):
            yield (name, *rest), was, now


def _branches(value: Any) -> bool:
    return isinstance(value, dict) and not {"zh", "en"} <= set(value)
