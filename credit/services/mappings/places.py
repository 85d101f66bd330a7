"""Reads how one place of a mapping gets its value, and checks that the value can stand there."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from credit.services.event_columns import Path, field_at
from credit.services.mappings.checks import known_keys, one_of, refuse, table, text, texts, truth
from credit.services.mappings.dates import FORMATS
from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import TOLD, Place, columns_in

ORIGINS = ("columns", "template", "constant", "crosswalk")
KEYS = (
    *ORIGINS, "values", "contains", "unless", "unclear", "otherwise", "split", "dates", "scale", "or_place",
    "only_with",
)  # fmt: skip
OF_WORDS = ("values", "contains", "unless", "unclear", "otherwise", "split")
SCALES = (1, 100, 1_000, 10_000, 1_000_000, 100_000_000)
TEMPLATE = re.compile(r"(?:[^{}]|\{[^{}]+\})+")
MOST_LINES = 10


def read_place(kind: str, key: str, path: Path, given: Any) -> Place:
    """One place. A text alone is the column. Raises MappingRefused."""
    field: Any = field_at(kind, path)
    found = {"columns": given} if isinstance(given, (str, list)) else known_keys(key, given, KEYS)
    _check_origin(key, found, field)
    values = table(f"{key}.values", found["values"], nullable=True) if "values" in found else {}
    contains = table(f"{key}.contains", found["contains"]) if "contains" in found else {}
    otherwise = text(f"{key}.otherwise", found["otherwise"]) if "otherwise" in found else None
    for inner, told in [*values.items(), *contains.items(), ("otherwise", otherwise)]:
        if told is not None:
            _check_word(f"{key}.{inner}", field, told)
    constant = found.get("constant")
    if constant is not None:
        constant = constant.isoformat() if isinstance(constant, date) else constant
        _check_fits(f"{key}.constant", field, constant)
    scale, unit_told = _scale(key, found)
    return Place(
        path=path,
        columns=texts(f"{key}.columns", found["columns"]) if "columns" in found else (),
        template=_template(key, found),
        constant=constant,
        crosswalk=truth(f"{key}.crosswalk", found.get("crosswalk", False)),
        values={plain(name): value for name, value in values.items()},
        contains=tuple((plain(word), value) for word, value in contains.items()),
        unless=tuple(map(plain, texts(f"{key}.unless", found["unless"]))) if "unless" in found else (),
        unclear=frozenset(map(plain, texts(f"{key}.unclear", found["unclear"]))) if "unclear" in found else frozenset(),
        otherwise=otherwise,
        split=text(f"{key}.split", found["split"], 20) if "split" in found else "",
        dates=_dates(key, found),
        scale=scale,
        unit_told=unit_told,
        or_place=_path(f"{key}.or_place", kind, found["or_place"]) if "or_place" in found else None,
        only_with=_only_with(key, kind, found.get("only_with")),
    )


def _check_origin(key: str, found: dict[str, Any], field: Any) -> None:
    if sum(origin in found for origin in ORIGINS) != 1:
        refuse(key, f"应恰有一个来源：{'、'.join(ORIGINS)}", f"needs exactly one origin of: {', '.join(ORIGINS)}.")
    if "columns" not in found and (extra := [name for name in (*OF_WORDS, "dates", "scale") if name in found]):
        refuse(f"{key}.{extra[0]}", "只能与 columns 同用", "goes with columns only.")
    if "dates" in found and not isinstance(field, fields.Date):
        refuse(f"{key}.dates", "这一项不是日期", "this place is no date.")
    if "scale" in found and not isinstance(field, fields.Decimal):
        refuse(f"{key}.scale", "这一项不是金额", "this place is no amount.")
    if "split" in found and not isinstance(field, fields.List):
        refuse(f"{key}.split", "这一项只有一个值", "this place has one value only.")
    if "unless" in found and "contains" not in found:
        refuse(f"{key}.unless", "只能与 contains 同用", "goes with contains only.")


def _check_word(key: str, field: Any, value: str) -> None:
    _check_fits(key, field.inner if isinstance(field, fields.List) else field, value)


def _check_fits(key: str, field: Any, value: Any) -> None:
    try:
        field.deserialize(value)
    except ValidationError as problem:
        told = problem.messages if isinstance(problem.messages, list) else [str(problem.messages)]
        refuse(key, f"这个值不能放在这里：{' '.join(map(str, told))}", " ".join(map(str, told)))


def _scale(key: str, found: dict[str, Any]) -> tuple[Decimal | None, bool]:
    given = found.get("scale")
    if given is None:
        return None, False
    if given == TOLD:
        return None, True
    if type(given) is not int or given not in SCALES:
        refuse(f"{key}.scale", f"应为 {TOLD}（单元格自带单位）或 {'、'.join(map(str, SCALES))}",
               f"must be {TOLD} (each cell says its unit) or one of {', '.join(map(str, SCALES))}.")  # fmt: skip
    return Decimal(given), False


def _template(key: str, found: dict[str, Any]) -> tuple[str, ...]:
    if "template" not in found:
        return ()
    lines = texts(f"{key}.template", found["template"], MOST_LINES)
    for line in lines:
        if not TEMPLATE.fullmatch(line) or not columns_in(line):
            refuse(f"{key}.template", "应含 {列名}，花括号成对", "must name columns in {braces}, each closed.")
    return lines


def _dates(key: str, found: dict[str, Any]) -> tuple[str, ...]:
    if "dates" not in found:
        return ()
    return tuple(one_of(f"{key}.dates", one, FORMATS) for one in texts(f"{key}.dates", found["dates"]))


def _path(key: str, kind: str, given: Any) -> Path:
    path = tuple(text(key, given).split("."))
    if len(path) > 2 or field_at(kind, path) is None:
        refuse(key, "事件没有这一项", "an event has no such place.")
    return path


def _only_with(key: str, kind: str, given: Any) -> tuple[Path, frozenset[str]] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) != 1:
        refuse(f"{key}.only_with", "应为“项: [值]”一对", "must be one place with its values.")
    ((name, values),) = given.items()
    return _path(f"{key}.only_with", kind, name), frozenset(texts(f"{key}.only_with.{name}", values))
