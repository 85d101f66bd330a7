"""Nothing is silently missed: search agrees with a look at every name, on random fictional registers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

import polars as pl
import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text

from credit import identifiers
from credit.db import db, is_sqlite, transaction
from credit.errors import InvalidInput
from credit.models import Enterprise, Name, Record, Span
from credit.rules.names import fold, initials, letters_of_characters
from credit.services import names, search_names
from credit.services.search import search
from tests.conftest import TODAY

# Few characters, so that names and queries meet: polyphones, traditional, full-width, digits, signs.
SIGNS = "铜都长行重乐機机科技有限公司Aa1１39（） ·\U00020000"
QUERY_SIGNS = SIGNS + 'czhxktdjyq9A2"*%_\\'
GRADES = ["AAA", "A", "B", "N", None]
DAYS = [TODAY + timedelta(days=offset) for offset in (-1, 0, 1)]


@dataclass(frozen=True)
class Firm:
    """What search reads of one enterprise; its grade turns on TODAY."""

    code: str
    names: tuple[str, ...]
    region: str | None
    industry: str | None
    grades: tuple[str | None, str | None]


codes = st.text("9134A", min_size=4, max_size=4).map(lambda places: f"91{places}9999999{places}9")
firms = st.builds(
    Firm,
    code=codes,
    names=st.lists(st.text(SIGNS, min_size=1, max_size=9), min_size=1, max_size=3).map(tuple),
    region=st.sampled_from(["340799", "340700", "110000", None]),
    industry=st.sampled_from(["C39", "C3911", "A01", None]),
    grades=st.tuples(st.sampled_from(GRADES), st.sampled_from(GRADES)),
)
# A code may have had several bearers, one after the other.
registers = st.lists(firms, max_size=25)
filters = st.fixed_dictionaries(
    {},
    optional={
        "grade": st.sampled_from(["AAA", "B", "N"]),
        "region": st.sampled_from(["34", "3407", "340799"]),
        "industry": st.sampled_from(["C", "C39", "C3911", "c", "c39", "39", "3911", "Ｃ３９"]),
    },
)


def fill(register: list[Firm]) -> None:
    """Put this register in the place of what was there."""
    with transaction("test"):
        for model in (Span, Record, Name, Enterprise):
            db.session.execute(delete(model))
        for index in ("name_index", "initials_index") if is_sqlite() else ("name_index",):
            emptied = (
                f"INSERT INTO {index} ({index}) VALUES ('delete-all')" if is_sqlite() else f"DELETE FROM {index}"
            )
            db.session.execute(text(emptied))
        last = {firm.code: number for number, firm in enumerate(register, 1)}
        for number, firm in enumerate(register, 1):
            _put(number, firm, living=number == last[firm.code])
        every = [(number, name) for number, firm in enumerate(register, 1) for name in firm.names]
        names.remember(pl.DataFrame(every[::-1], schema={"enterprise_id": pl.Int64, "text": pl.String}, orient="row"))


def _put(number: int, firm: Firm, living: bool) -> None:
    known: dict[str, Any] = {
        "code": firm.code,
        "region": firm.region,
        "industry": firm.industry,
        "name": firm.names[0],
    }
    organization = identifiers.org_code_of(firm.code)
    db.session.execute(insert(Enterprise).values(id=number, code=firm.code, org_code=organization, living=living))
    stored = {"enterprise_id": number, "seq": number, "graded_on": TODAY, "expires_on": date(9999, 12, 31)}
    db.session.execute(insert(Record).values(**known, **stored, etag="x", status="living", body=b"{}"))
    for since, until, grade in ((date(2020, 1, 1), TODAY, firm.grades[0]), (TODAY, None, firm.grades[1])):
        db.session.execute(
            insert(Span).values(code=firm.code, enterprise_id=number, since=since, until=until, grade=grade)
        )


def looked_at(register: list[Firm], q: str, day: date, asked: dict[str, str]) -> list[str]:
    """The codes that search must find, by a look at each name; codes that fit come first, in order."""
    by_code, by_name = [], []
    wanted = asked | ({"industry": _spelled(asked["industry"])} if "industry" in asked else {})
    for firm in register:
        grade = firm.grades[day >= TODAY]
        has = {"grade": grade or "", "region": firm.region or "", "industry": firm.industry or ""}
        if any(
            not has[name].startswith(value) if name != "grade" else has[name] != value
            for name, value in wanted.items()
        ):
            continue
        if _fits_code(q, firm.code):
            by_code.append(firm.code)
        elif any(_fits_name(fold(q), fold(name)) for name in firm.names):
            by_name.append(firm.code)
    return sorted(by_code) + sorted(by_name)


def _spelled(industry: str) -> str:
    """An industry of those that are asked for here, all of section C, as the register writes it."""
    plain = normalize("NFKC", industry).upper()
    return plain if plain.startswith("C") else f"C{plain}"


def _fits_code(q: str, code: str) -> bool:
    wanted = identifiers.normalise(q)
    return len(wanted) >= 2 and (code.startswith(wanted) or code[8:17] == wanted)


def _fits_name(q: str, name: str) -> bool:
    if not (q.isascii() and len(q) >= 3):
        return q in name
    letters = initials(name)
    windows = [letters[start : start + len(q)] for start in range(len(name) - len(q) + 1)]
    return any(all(wanted in some for wanted, some in zip(q, window, strict=True)) for window in windows)


def searched(q: str, day: date, asked: dict[str, str], limit: int) -> list[str]:
    """The codes of all pages."""
    pages, cursor = [], None
    while True:
        page = search(q, day, cursor=cursor, limit=limit, **asked)
        pages.append([item["code"] for item in page.items])
        cursor = page.next
        if cursor is None:
            return [code for page_codes in pages for code in page_codes]
        assert len(pages[-1]) == limit


@pytest.fixture(params=[2, 200])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """How many hits are few: with 2, most lists come in the order of the register."""
    letters_of_characters()
    monkeypatch.setattr(search_names, "FEW", request.param)
    return request.param


TWINS = [
    Firm(f"91340799MA0000{n}91{n}", ("铜都科技有限公司", "A1铜都科技"), "340799", "C39", ("A", "B")) for n in range(9)
]
# Three bearers of each of three codes, so that a page ends between two of them.
REBORN = [Firm(f"91340799MA0000{n // 3}91{n // 3}", (f"铜都科技{n}",), "340799", "C39", ("B", "B")) for n in range(9)]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    register=registers,
    queries=st.lists(st.text(QUERY_SIGNS, min_size=2, max_size=5), min_size=1, max_size=6),
    asked=filters,
    day=st.sampled_from(DAYS),
    limit=st.sampled_from([1, 2, 3, 7, 200]),
)
@example(register=REBORN, queries=["91", "91340799M", "MA0000191"], asked={"grade": "B"}, day=TODAY, limit=1)
@example(register=REBORN, queries=["91", "91340799M", "MA0000191"], asked={"industry": "39"}, day=TODAY, limit=2)
@example(
    register=TWINS, queries=["科技", "铜都科技", "A1", "a1t", "91", "MA0000391", "yx"], asked={}, day=TODAY, limit=2
)
def test_search_finds_exactly_what_a_look_at_every_name_finds(
    app: Flask, few: int, register: list[Firm], queries: list[str], asked: dict[str, str], day: date, limit: int
) -> None:
    fill(register)
    of_names = [name[start : start + 2 + start % 3] for firm in register[:6] for start, name in enumerate(firm.names)]
    of_codes = [firm.code[: 2 + place] for place, firm in enumerate(register[:4])] + [
        f.code[8:17] for f in register[:2]
    ]
    for q in [*queries, *of_names, *of_codes]:
        if len(fold(q)) < 2:
            with pytest.raises(InvalidInput):
                search(q, day) if q.strip() else search("x", day)
            continue
        found, wanted = searched(q, day, asked, limit), looked_at(register, q, day, asked)
        first = len([code for code in wanted if _fits_code(q, code)])
        assert (found[:first], sorted(found[first:])) == (wanted[:first], wanted[first:]), q
