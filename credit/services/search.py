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
from credit.services.search_rows import FIELDS, GRADED, OF_THE_DAY, Asked, asked_of, item

CODE = re.compile("[0-9A-Z]{2,18}")
CURSOR = re.compile("c([0-9A-Z]{2,18})-([0-9]{1,18})")
# Where a list by code stands: a code and an enterprise. A code is given out again after its bearer's
# end, so that the code alone could not tell which of its bearers were shown.
Place = tuple[str, int]
BEGINNING: Place = ("", 0)


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
    filter by prefix, an industry in any spelling. Grades are those of the reader's day.
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


def _after(cursor: str | None) -> Place:
    if not cursor:
        return BEGINNING
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise bad_cursor()
    return found[1], int(found[2])


def _by_code(code: str, asked: Asked, after: Place, limit: int) -> Page:
    """In the order of the codes: those that begin with it, or hold it as organization code."""
    rows = _with_prefix(code, asked, after, limit + 1)
    if len(code) == 9:
        rows += _with_organization_code(code, asked, after, limit + 1)
        rows = sorted({row[0]: row for row in rows}.values(), key=lambda row: (str(row[1]), int(row[0])))
    shown = rows[:limit]
    return Page([item(row) for row in shown], f"c{shown[-1][1]}-{shown[-1][0]}" if len(rows) > limit else None)


def _with_prefix(code: str, asked: Asked, after: Place, count: int) -> list[Any]:
    """Rows of FIELDS. The upper bound is a code itself: no collation sorts that wrongly.

    There is one lower bound, the later of prefix and cursor: of two, SQLite may begin at the lesser.
    """
    graded = "grade" in asked.filters
    source = "span s JOIN record r ON r.enterprise_id = s.enterprise_id" if graded else f"record r {GRADED}"
    day = f"AND {OF_THE_DAY}" if graded else ""
    of = "s" if graded else "r"
    sql = f"""
    SELECT {FIELDS} FROM {source}
    WHERE ({of}.code, {of}.enterprise_id) > (:after, :enterprise) {f"AND {of}.code <= :last" if code else ""}
    {day} {asked.where()} ORDER BY {of}.code, {of}.enterprise_id LIMIT :count
    """
    begin = max(after, (code, 0))
    last = {"last": code.ljust(18, "Z")} if code else {}
    return reader().all(sql, after=begin[0], enterprise=begin[1], count=count, **last, **asked.values())


def _with_organization_code(code: str, asked: Asked, after: Place, count: int) -> list[Any]:
    """Rows of FIELDS. With CROSS JOIN, SQLite begins with the few holders, not with all spans of a grade."""
    graded = "grade" in asked.filters
    span = "CROSS JOIN span s" if graded else GRADED
    day = f"AND s.enterprise_id = r.enterprise_id AND {OF_THE_DAY}" if graded else ""
    sql = f"""
    SELECT {FIELDS} FROM enterprise e CROSS JOIN record r {span}
    WHERE e.org_code = :code AND r.enterprise_id = e.id {day} {asked.where()}
    AND (r.code, r.enterprise_id) > (:after, :enterprise) ORDER BY r.code, r.enterprise_id LIMIT :count
    """
    return reader().all(sql, code=code, after=after[0], enterprise=after[1], count=count, **asked.values())
