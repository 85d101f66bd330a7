"""Search by code prefix, part of a name (short and former ones too) or pinyin initials. It never silently misses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from credit import identifiers
from credit.errors import InvalidInput
from credit.reader import reader
from credit.rules.names import MIN_NAME_QUERY, fold
from credit.services.paging import Page, bad_cursor, checked_limit
from credit.services.search_names import FROM_THE_FIRST_NAME, Words, by_name
from credit.services.search_rows import FIELDS, GRADED, Asked, asked_of, item

CODE = re.compile("[0-9A-Z]{2,18}")


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
    asked, limit = asked_of(day, grade=grade, region=region, industry=industry), checked_limit(limit)
    if not (q or "").strip():
        return _by_code("", asked, _after(cursor), limit)
    text = identifiers.normalise(q or "")
    words = Words(fold(q or ""), text if CODE.fullmatch(text) else "")
    if len(words.folded) < MIN_NAME_QUERY:
        told = {"q": [f"at least {MIN_NAME_QUERY} characters"]}
        raise InvalidInput("Give at least 2 characters of the name.", zh="请至少输入名称中的两个字", errors=told)
    if not words.code or (cursor and cursor[0] in "nr"):
        return by_name(words, asked, cursor, limit)
    page = _by_code(words.code, asked, _after(cursor), limit)
    return page if page.next else _names_after(page, words, asked, limit)


def _names_after(page: Page, words: Words, asked: Asked, limit: int) -> Page:
    """The last page of codes filled up with names; if it is full, a cursor to their beginning."""
    left = limit - len(page.items)
    names = by_name(words, asked, None, left or 1)
    if left:
        return Page(page.items + names.items, names.next)
    return Page(page.items, FROM_THE_FIRST_NAME if names.items else None)


def _after(cursor: str | None) -> str:
    if cursor and not (cursor[0] == "c" and CODE.fullmatch(cursor[1:])):
        raise bad_cursor()
    return cursor[1:] if cursor else ""


def _by_code(code: str, asked: Asked, after: str, limit: int) -> Page:
    """In the order of the codes: those that begin with it, or hold it as organization code."""
    rows = _with_prefix(code, asked, after, limit + 1)
    if len(code) == 9:
        rows += _with_organization_code(code, asked, after, limit + 1)
        rows = sorted({row[1]: row for row in rows}.values(), key=lambda row: str(row[1]))
    items = [item(row) for row in rows[:limit]]
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
