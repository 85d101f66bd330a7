"""Departments: found by name or number, and what each may report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from credit.db import db
from credit.errors import InvalidInput, UnknownDepartment
from credit.models import Department
from credit.rules.jurisdiction import prefix
from credit.terms import Award, Category, Kind

CATEGORIES = tuple(dict.fromkeys([*map(str, Category), *map(str, Award)]))
Words = Sequence[str] | None


class Bearer(NamedTuple):
    """Who acts: a department by a key that holds, or one of its officers; and what they may do."""

    key_id: int | None
    department_id: int
    department: str
    label: str
    scopes: tuple[str, ...]
    officer_id: int | None = None

    @property
    def actor(self) -> str:
        """How the changes and the audit name the one who acts."""
        return f"officer:{self.officer_id}" if self.officer_id else f"key:{self.key_id}"

    @property
    def behalf(self) -> str:
        """How they name the department for which it is done."""
        return f"department:{self.department_id}"


def add(name: str, region: str | None = None, **limits: Words) -> int:
    """A department by name; the same name again gives the same department, unchanged.

    `limits`: regions, kinds, categories, as `change` takes them.
    """
    name = line("name", name)
    department = Department(name=name)
    _set(department, region=region, **limits)
    found = db.session.scalar(select(Department.id).where(Department.name == name))
    if found is not None:
        return found
    db.session.add(department)
    db.session.flush()
    return department.id


def change(number: int, **given: Any) -> None:
    """Set region, regions, kinds or categories of a department; an empty one is no limit.

    Raises InvalidInput, UnknownDepartment.
    """
    department = db.session.get(Department, number)
    if department is None:
        raise unknown(str(number))
    _set(department, **given)


def _set(department: Department, **given: Any) -> None:
    for name, value in given.items():
        setattr(department, name, CHECKED[name](value) if value else None)


def _region(text: str) -> str:
    if not re.fullmatch("[0-9]{6}", text):
        raise wrong("region", f"{text!r} is no division: six digits of GB/T 2260.", f"“{text}”不是六位区划代码")
    return text


def _regions(given: Sequence[str]) -> list[str]:
    try:
        return sorted({prefix(region) for region in given})
    except ValueError as error:
        told = f"{error} is no division: two, four or six digits of GB/T 2260."
        raise wrong("regions", told, f"“{error}”不是二、四或六位区划代码") from None


def _kinds(given: Sequence[str]) -> list[str]:
    return _known("kinds", given, tuple(map(str, Kind)))


def _categories(given: Sequence[str]) -> list[str]:
    return _known("categories", given, CATEGORIES)


CHECKED = {"region": _region, "regions": _regions, "kinds": _kinds, "categories": _categories}


def _known(field: str, given: Sequence[str], words: tuple[str, ...]) -> list[str]:
    for word in given:
        if word not in words:
            raise wrong(field, f"{word!r} is unknown: {', '.join(words)}.", f"未知的“{word}”，可选：{'、'.join(words)}")
    return sorted(set(given))


def wrong(field: str, en: str, zh: str) -> InvalidInput:
    """A field that can't be taken, and the mend."""
    return InvalidInput(en, zh=zh, errors={field: [en]}, errors_zh={field: [zh]})


def line(field: str, text: str) -> str:
    """Text that a column holds: trimmed, neither empty nor longer than 256, without control characters."""
    text = text.strip()
    if not text or len(text) > 256 or not text.isprintable():
        raise wrong(field, f"{field} needs 1 to 256 readable characters.", "请填写 1 到 256 个可见字符")
    return text


def find(name: str) -> int:
    """The id of a department by its name or number."""
    number = int(name) if re.fullmatch("[0-9]{1,18}", name) else None
    found = db.session.scalar(select(Department.id).where(Department.name == line("department", name)))
    if found is None and number is not None:
        found = db.session.scalar(select(Department.id).where(Department.id == number))
    if found is None:
        raise unknown(name)
    return found


def unknown(name: str) -> UnknownDepartment:
    """Nobody knows this department."""
    return UnknownDepartment(
        f"No department {name!r}: `credit department add` makes one.", zh=f"没有“{name}”这个部门"
    )


def every() -> list[dict[str, Any]]:
    """Every department: id, name, region, regions, kinds, categories (null: no limit stated)."""
    named = ("id", "name", "region", "regions", "kinds", "categories")
    found = db.session.scalars(select(Department).order_by(Department.id))
    return [{name: getattr(one, name) for name in named} for one in found]
