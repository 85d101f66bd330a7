"""Search in names: candidates from the index of bigrams or initials, each one verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from credit import identifiers
from credit.db import is_sqlite
from credit.reader import reader
from credit.rules.names import (
    MIN_INITIALS_QUERY,
    bigrams,
    fold,
    matches_initials,
    matches_name,
    query_trigrams,
)
from credit.services.paging import Page, bad_cursor
from credit.services.search_rows import FIELDS, GRADED, Asked, item

FEW = 200
# Tokens only find candidates, each of which is verified: a long query needs no more of them.
MOST_TOKENS = 32
FROM_THE_FIRST_NAME = "n"
ASCII = re.compile("[0-9a-z]+")


@dataclass(frozen=True)
class Words:
    """What is looked for in names: folded; and as a code prefix, "" if it can be none."""

    folded: str
    code: str

    @property
    def letters(self) -> bool:
        """Whether they may be pinyin initials: those match letters and digits of a name too."""
        return bool(ASCII.fullmatch(self.folded)) and len(self.folded) >= MIN_INITIALS_QUERY

    def tokens(self) -> list[str]:
        """What every matching name has in the index."""
        return (query_trigrams if self.letters else bigrams)(self.folded)[:MOST_TOKENS]

    def fit(self, name: str) -> bool:
        return self.fit_folded(fold(name))

    def fit_folded(self, name: str) -> bool:
        return (matches_initials if self.letters else matches_name)(self.folded, name)

    def fit_code(self, code: str) -> bool:
        """Whether the enterprise is found by its code, or by the organization code in it."""
        return bool(self.code) and (code.startswith(self.code) or identifiers.org_code_of(code) == self.code)


def by_name(words: Words, asked: Asked, cursor: str | None, limit: int) -> Page:
    """Few hits come best first, many in the order of the register, page by page.

    A cursor into few hits names the newest of them, so that a newer one doesn't move the others.
    """
    kind, after, place = _place(cursor or FROM_THE_FIRST_NAME)
    if kind == "r":
        return _best_first([row for row in _candidates(words, asked, 0, FEW) if row[7] <= after], words, place, limit)
    rows = [] if after else _candidates(words, asked, 0, FEW + 1)
    if after or len(rows) > FEW:
        return _in_order(words, asked, after, limit)
    return _best_first(rows, words, 0, limit)


def _place(cursor: str) -> tuple[str, int, int]:
    """A cursor into names: its kind, the last name id, and for best first how many were shown."""
    found = re.fullmatch("(n)([0-9]{0,18})|(r)([0-9]{1,18})-([0-9]{1,3})", cursor)
    if found is None:
        raise bad_cursor()
    return (found[1], int(found[2] or 0), 0) if found[1] else (found[3], int(found[4]), int(found[5]))


def _best_first(rows: list[Any], words: Words, place: int, limit: int) -> Page:
    hits = _distinct([row for row in rows if words.fit(row[8]) and not words.fit_code(row[1])], words)
    end = place + limit
    items = [_named(row, words) for row in hits[place:end]]
    return Page(items, f"r{max(row[7] for row in rows)}-{end}" if len(hits) > end else None)


def _named(row: Any, words: Words) -> dict[str, Any]:
    """An item that tells the former or short name if only that one fits."""
    return item(row, None if words.fit(row[2]) else row[8])


def _distinct(rows: list[Any], words: Words) -> list[Any]:
    """Best first, each enterprise once: whole name, present name, start of the name, shorter name."""

    def worth(row: Any) -> tuple[bool, bool, bool, int, int]:
        name = fold(row[8])
        return (name != words.folded, row[8] != row[2], not name.startswith(words.folded), len(name), row[7])

    best: dict[int, Any] = {}
    for row in sorted(rows, key=worth):
        best.setdefault(row[0], row)
    return list(best.values())


def _in_order(words: Words, asked: Asked, after: int, limit: int) -> Page:
    """Page through the candidates by name id, verified, each enterprise at its first matching name."""
    found: list[tuple[int, dict[str, Any]]] = []
    while len(found) <= limit:
        rows = _candidates(words, asked, after, FEW)
        hits = [row for row in rows if words.fit(row[8]) and not words.fit_code(row[1])]
        first = _first_matching([row[0] for row in hits], words)
        found += [(row[7], _named(row, words)) for row in hits if first[row[0]] == row[7]]
        if len(rows) < FEW:
            break
        after = rows[-1][7]
    items = [each for _, each in found[:limit]]
    return Page(items, f"n{found[limit - 1][0]}" if len(found) > limit else None)


def _first_matching(enterprises: list[int], words: Words) -> dict[int, int]:
    """The id of each enterprise's first name that matches."""
    among = "IN (SELECT value FROM json_each(:ids))" if is_sqlite() else "= ANY(:ids)"
    ids: Any = orjson.dumps(enterprises).decode() if is_sqlite() else enterprises
    first: dict[int, int] = {}
    for enterprise, name_id, name in reader().all(
        f"SELECT enterprise_id, id, text FROM name WHERE enterprise_id {among} ORDER BY id", ids=ids
    ):
        if enterprise not in first and words.fit(name):
            first[enterprise] = name_id
    return first


def _candidates(words: Words, asked: Asked, after: int, count: int) -> list[Any]:
    """Rows whose name has every token, by name id: FIELDS, name id, name."""
    joins = f"JOIN record r ON r.enterprise_id = n.enterprise_id {GRADED}"
    wanted: Any = words.tokens()
    if is_sqlite():
        index = "initials_index" if words.letters else "name_index"
        sql = f"""
        SELECT {FIELDS}, n.id, n.text FROM {index} i CROSS JOIN name n ON n.id = i.rowid {joins}
        WHERE {index} MATCH :tokens AND i.rowid > :after {asked.where()}
        ORDER BY i.rowid LIMIT :count
        """
        wanted = " AND ".join(f'"{token}"' for token in wanted)
    else:
        column = "initials" if words.letters else "bigrams"
        sql = f"""
        WITH i AS MATERIALIZED (SELECT name_id FROM name_index WHERE {column} @> :tokens)
        SELECT {FIELDS}, n.id, n.text FROM i JOIN name n ON n.id = i.name_id {joins}
        WHERE n.id > :after {asked.where()} ORDER BY n.id LIMIT :count
        """
    return reader().all(sql, tokens=wanted, after=after, count=count, **asked.values())
