"""Search by code prefix, part of a name (short and former ones too) or pinyin initials. It never silently misses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from credit import identifiers
from credit.db import is_sqlite
from credit.errors import InvalidInput
from credit.reader import reader
from credit.rules.names import (
    MIN_INITIALS_QUERY,
    MIN_NAME_QUERY,
    bigrams,
    fold,
    matches_initials,
    matches_name,
    query_trigrams,
)
from credit.rules.regions import region_name
from credit.services.paging import Page, bad_cursor, checked_limit
from credit.terms import Grade

FEW = 200
# Tokens only find candidates, each of which is verified: a long query needs no more of them.
MOST_TOKENS = 32
ASCII = re.compile("[0-9a-z]+")
CODE = re.compile("[0-9A-Z]{2,18}")
FIELDS = "r.enterprise_id, r.code, r.name, r.region, r.industry, r.status, s.grade"
GRADED = """LEFT JOIN span s ON s.enterprise_id = r.enterprise_id
  AND s.since <= :day AND (s.until IS NULL OR s.until > :day)"""
FILTERS = {"grade": "s.grade = :grade", "region": "r.region LIKE :region", "industry": "r.industry LIKE :industry"}
SHAPES = {"grade": "|".join(Grade), "region": "[0-9]{1,6}", "industry": "[A-T]?[0-9]{0,4}"}


@dataclass(frozen=True)
class Asked:
    """What is asked of the list besides words: the reader's day and the filters."""

    day: date
    filters: dict[str, str]

    def where(self) -> str:
        return "".join(f" AND {FILTERS[name]}" for name in self.filters)

    def values(self) -> dict[str, Any]:
        prefixes = {name: value if name == "grade" else f"{value}%" for name, value in self.filters.items()}
        return {"day": self.day.isoformat() if is_sqlite() else self.day} | prefixes


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
        return (matches_initials if self.letters else matches_name)(self.folded, fold(name))

    def fit_code(self, code: str) -> bool:
        """Whether the enterprise is found by its code, or by the organization code in it."""
        return bool(self.code) and (code.startswith(self.code) or identifiers.org_code_of(code) == self.code)


def search(
    q: str | None,
    day: date,
    grade: str | None = None,
    region: str | None = None,
    industry: str | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page:
    """Enterprises in a page; without `q` all of them in the order of their codes.

    Those whose code fits come first, then those with a name that fits. Region and industry
    filter by prefix. Grades are those of the reader's day.
    """
    asked, limit = _asked(day, grade=grade, region=region, industry=industry), checked_limit(limit)
    if not (q or "").strip():
        return _by_code("", asked, _after(cursor), limit)
    text = identifiers.normalise(q or "")
    words = Words(fold(q or ""), text if CODE.fullmatch(text) else "")
    if len(words.folded) < MIN_NAME_QUERY:
        told = {"q": [f"at least {MIN_NAME_QUERY} characters"]}
        raise InvalidInput("Give at least 2 characters of the name.", zh="请至少输入名称中的两个字", errors=told)
    if not words.code or (cursor and cursor[0] in "nr"):
        return _by_name(words, asked, cursor, limit)
    page = _by_code(words.code, asked, _after(cursor), limit)
    left = limit - len(page.items)
    if page.next:
        return page
    names = _by_name(words, asked, None, left or 1)
    return Page(page.items + names.items, names.next) if left else Page(page.items, "r0" if names.items else None)


def _asked(day: date, **given: str | None) -> Asked:
    """The filters that are given. Raises InvalidInput for one that no enterprise can meet."""
    filters = {name: value for name, value in given.items() if value}
    for name, value in filters.items():
        if not re.fullmatch(SHAPES[name], value, re.ASCII):
            raise InvalidInput(f"{value!r} is no {name}.", errors={name: [f"Must be like {SHAPES[name]}."]})
    return Asked(day, filters)


def _after(cursor: str | None) -> str:
    if cursor and not (cursor[0] == "c" and CODE.fullmatch(cursor[1:])):
        raise bad_cursor()
    return cursor[1:] if cursor else ""


def _item(row: Any, matched: str | None = None) -> dict[str, Any]:
    names = ("code", "name", "region", "industry", "status", "grade")
    item = dict(zip(names, row[1:7], strict=True))
    return item | {"region_name": region_name(item["region"]), "matched_name": matched}


def _by_code(code: str, asked: Asked, after: str, limit: int) -> Page:
    """In the order of the codes: those that begin with it, or hold it as organization code."""
    rows = _with_prefix(code, asked, after, limit + 1)
    if len(code) == 9:
        rows += _with_organization_code(code, asked, after, limit + 1)
        rows = sorted({row[1]: row for row in rows}.values(), key=lambda row: str(row[1]))
    items = [_item(row) for row in rows[:limit]]
    return Page(items, f"c{items[-1]['code']}" if len(rows) > limit else None)


def _with_prefix(code: str, asked: Asked, after: str, count: int) -> list[Any]:
    """Rows of FIELDS. The upper bound is a code itself: no collation sorts that wrongly."""
    graded = "grade" in asked.filters
    source = "span s JOIN record r ON r.enterprise_id = s.enterprise_id" if graded else f"record r {GRADED}"
    day = "AND s.since <= :day AND (s.until IS NULL OR s.until > :day)" if graded else ""
    key = "s.code" if graded else "r.code"
    begins = f"AND {key} >= :code AND {key} <= :last" if code else ""
    sql = f"""
    SELECT {FIELDS} FROM {source}
    WHERE {key} > :after {begins} {day} {asked.where()} ORDER BY {key} LIMIT :count
    """
    bounds = {"code": code, "last": code.ljust(18, "Z")} if code else {}
    return reader().all(sql, after=after, count=count, **bounds, **asked.values())


def _with_organization_code(code: str, asked: Asked, after: str, count: int) -> list[Any]:
    sql = f"""
    SELECT {FIELDS} FROM enterprise e JOIN record r ON r.enterprise_id = e.id {GRADED}
    WHERE e.org_code = :code AND r.code > :after {asked.where()} ORDER BY r.code LIMIT :count
    """
    return reader().all(sql, code=code, after=after, count=count, **asked.values())


def _by_name(words: Words, asked: Asked, cursor: str | None, limit: int) -> Page:
    """Few hits come best first; many come in the order of the register, page by page."""
    place = _number(cursor) if cursor else 0
    if cursor and cursor[0] == "n":
        return _in_order(words, asked, place, limit)
    # Who has begun to page through few goes on so, though meanwhile there may be some more.
    most = 2 * FEW if cursor else FEW
    rows = _candidates(words, asked, 0, most + 1)
    if len(rows) > most:
        return _in_order(words, asked, 0, limit)
    hits = _distinct([row for row in rows if words.fit(row[8]) and not words.fit_code(row[1])], words)
    items = [_named(row, words) for row in hits[place : place + limit]]
    return Page(items, f"r{place + limit}" if len(hits) > place + limit else None)


def _number(cursor: str) -> int:
    if not re.fullmatch("[nr][0-9]{1,18}", cursor):
        raise bad_cursor()
    return int(cursor[1:])


def _named(row: Any, words: Words) -> dict[str, Any]:
    """An item that tells the former or short name if only that one fits."""
    return _item(row, None if words.fit(row[2]) else row[8])


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
    items = [item for _, item in found[:limit]]
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
