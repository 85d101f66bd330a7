"""Search by part of a name, short or former name, pinyin initials or code prefix. It never silently misses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit import identifiers
from credit.db import is_sqlite
from credit.errors import InvalidInput
from credit.reader import reader
from credit.rules.names import bigrams, fold, matches_initials, matches_name, query_trigrams
from credit.rules.regions import region_name
from credit.services.paging import Page, bad_cursor, checked_limit

FEW = 200
ASCII = re.compile("[0-9a-z]+")
CODE = re.compile("[0-9A-Z]{2,18}")
FIELDS = "r.enterprise_id, r.code, r.name, r.region, r.industry, r.status, s.grade"
JOINS = """
JOIN record r ON r.enterprise_id = {id}
LEFT JOIN span s ON s.enterprise_id = r.enterprise_id
  AND s.since <= :day AND (s.until IS NULL OR s.until > :day)
"""
FILTERS = {
    "grade": "s.grade = :grade",
    "region": "r.region >= :region AND r.region < :region_end",
    "industry": "r.industry >= :industry AND r.industry < :industry_end",
}


@dataclass(frozen=True)
class Asked:
    """What is asked of the list besides words: the reader's day and the filters."""

    day: date
    filters: dict[str, str]

    def where(self) -> str:
        return "".join(f" AND {FILTERS[name]}" for name in self.filters)

    def values(self) -> dict[str, Any]:
        ends = {f"{name}_end": value + "\uffff" for name, value in self.filters.items() if name != "grade"}
        return {"day": self.day.isoformat() if is_sqlite() else self.day} | self.filters | ends


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

    Region and industry filter by prefix. Grades are those of the reader's day.
    """
    given = {"grade": grade, "region": region, "industry": industry}
    asked = Asked(day, {name: value for name, value in given.items() if value})
    limit = checked_limit(limit)
    if not (q or "").strip():
        return _by_code("", asked, _after(cursor, "c"), limit)
    text, folded = identifiers.normalise(q or ""), fold(q or "")
    if CODE.fullmatch(text) and text[0] in "0123456789Y" and not (cursor or "").startswith(("n", "r")):
        page = _by_code(text, asked, _after(cursor, "c"), limit)
        if page.items or cursor:
            return page
        if len(text) == 9:
            page = _by_organization_code(text, asked)
            if page.items:
                return page
    if len(folded) < 2:
        raise InvalidInput("Give at least 2 characters of the name.", zh="请至少输入名称中的两个字", errors={"q": ["at least 2 characters"]})
    return _by_name(folded, asked, cursor, limit)


def _after(cursor: str | None, mode: str) -> str:
    if not cursor:
        return ""
    if not cursor.startswith(mode):
        raise bad_cursor()
    return cursor[1:]


def _item(row: Any, matched: str | None = None) -> dict[str, Any]:
    names = ("code", "name", "region", "industry", "status", "grade")
    item = dict(zip(names, row[1:7], strict=True))
    return item | {
        "region_name": region_name(item["region"]),
        "matched_name": matched if matched != item["name"] else None,
    }


def _by_code(prefix: str, asked: Asked, after: str, limit: int) -> Page:
    sql = f"""
    SELECT {FIELDS} FROM record r LEFT JOIN span s ON s.enterprise_id = r.enterprise_id
      AND s.since <= :day AND (s.until IS NULL OR s.until > :day)
    WHERE r.code > :after AND r.code >= :prefix AND r.code < :prefix_end {asked.where()}
    ORDER BY r.code LIMIT :count
    """
    if asked.filters.get("grade"):
        sql = f"""
        SELECT {FIELDS} FROM span s JOIN record r ON r.enterprise_id = s.enterprise_id
        WHERE s.grade = :grade AND s.since <= :day AND (s.until IS NULL OR s.until > :day)
          AND s.code > :after AND s.code >= :prefix AND s.code < :prefix_end {asked.where()}
        ORDER BY s.code LIMIT :count
        """
    rows = reader().all(sql, after=after, prefix=prefix, prefix_end=prefix + "\uffff", count=limit + 1, **asked.values())
    items = [_item(row) for row in rows[:limit]]
    return Page(items, f"c{items[-1]['code']}" if len(rows) > limit else None)


def _by_organization_code(org_code: str, asked: Asked) -> Page:
    sql = f"SELECT {FIELDS} FROM enterprise e {JOINS.format(id='e.id')} WHERE e.org_code = :org {asked.where()}"
    return Page([_item(row) for row in reader().all(sql, org=org_code, **asked.values())], None)


def _by_name(folded: str, asked: Asked, cursor: str | None, limit: int) -> Page:
    """Few hits come best first; many come in the order of the register, page by page."""
    letters = bool(ASCII.fullmatch(folded)) and len(folded) >= 3
    fits = matches_initials if letters else matches_name
    tokens = query_trigrams(folded) if letters else bigrams(folded)
    table = "initials" if letters else "bigrams"
    if cursor and cursor[0] == "n":
        return _in_order(folded, tokens, table, fits, asked, _number(cursor), limit)
    rows = _candidates(tokens, table, asked, 0, FEW + 1)
    if len(rows) > FEW:
        return _in_order(folded, tokens, table, fits, asked, 0, limit)
    offset = _number(cursor) if cursor else 0
    hits = _distinct([row for row in rows if fits(folded, fold(row[8]))], folded)
    items = [_item(row, row[8]) for row in hits[offset : offset + limit]]
    return Page(items, f"r{offset + limit}" if len(hits) > offset + limit else None)


def _number(cursor: str) -> int:
    if not (cursor[0] in "nr" and cursor[1:].isdecimal() and len(cursor) < 20):
        raise bad_cursor()
    return int(cursor[1:])


def _distinct(rows: list[Any], folded: str) -> list[Any]:
    """Best first, each enterprise once: whole name, present name, start of the name, shorter name."""

    def worth(row: Any) -> tuple[bool, bool, bool, int, int]:
        name = fold(row[8])
        return (name != folded, row[8] != row[2], not name.startswith(folded), len(name), row[7])

    best: dict[int, Any] = {}
    for row in sorted(rows, key=worth):
        best.setdefault(row[0], row)
    return list(best.values())


def _in_order(
    folded: str,
    tokens: list[str],
    table: str,
    fits: Callable[[str, str], bool],
    asked: Asked,
    after: int,
    limit: int,
) -> Page:
    """Page through the candidates by name id, verified, each enterprise at its first matching name."""
    found: list[tuple[int, dict[str, Any]]] = []
    while len(found) <= limit:
        rows = _candidates(tokens, table, asked, after, FEW)
        hits = [row for row in rows if fits(folded, fold(row[8]))]
        seen = _matched_before(hits, folded, fits)
        for row in hits:
            if row[0] not in seen or seen[row[0]] == row[7]:
                found.append((row[7], _item(row, row[8])))
        if len(rows) < FEW:
            break
        after = rows[-1][7]
    items = [item for _, item in found[:limit]]
    return Page(items, f"n{found[limit - 1][0]}" if len(found) > limit else None)


def _matched_before(hits: list[Any], folded: str, fits: Callable[[str, str], bool]) -> dict[int, int]:
    """For enterprises with several names: the id of the first name that matches."""
    if not hits:
        return {}
    ids = ", ".join(str(int(row[0])) for row in hits)
    sql = f"SELECT enterprise_id, id, text FROM name WHERE enterprise_id IN ({ids}) ORDER BY id"
    first: dict[int, int] = {}
    for enterprise, name_id, text in reader().all(sql):
        if fits(folded, fold(text)):
            first.setdefault(enterprise, name_id)
    return first


def _candidates(tokens: list[str], table: str, asked: Asked, after: int, count: int) -> list[Any]:
    """Rows whose name has every token, by name id: FIELDS, name id, name."""
    joins = JOINS.format(id="n.enterprise_id")
    if is_sqlite():
        index = "initials_index" if table == "initials" else "name_index"
        sql = f"""
        SELECT {FIELDS}, n.id, n.text FROM {index} i CROSS JOIN name n ON n.id = i.rowid {joins}
        WHERE {index} MATCH :tokens AND i.rowid > :after {asked.where()}
        ORDER BY i.rowid LIMIT :count
        """
        wanted: Any = " AND ".join(f'"{token}"' for token in tokens)
    else:
        sql = f"""
        WITH i AS MATERIALIZED (SELECT name_id FROM name_index WHERE {table} @> :tokens)
        SELECT {FIELDS}, n.id, n.text FROM i JOIN name n ON n.id = i.name_id {joins}
        WHERE n.id > :after {asked.where()} ORDER BY n.id LIMIT :count
        """
        wanted = tokens
    return reader().all(sql, tokens=wanted, after=after, count=count, **asked.values())
