"""One cell of a foreign file as a value of its place: words, days and amounts turned into the register's."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from marshmallow import fields

from credit.services.event_columns import amount, field_at, typed
from credit.services.mappings.dates import day_in, excel_day
from credit.services.mappings.privacy import is_identity_card, plain
from credit.services.mappings.shapes import Fault, Place, Words

SHOWN = 60
Convert = Callable[[Any], Any]


def converter(kind: str, place: Place) -> Convert:
    """What turns a cell into the value of a place: a value, null for none, or a Fault."""
    field: Any = field_at(kind, place.path)
    if isinstance(field, (fields.Date, fields.Decimal)):
        reading = _day if isinstance(field, fields.Date) else _yuan
        return lambda cell: _listed(place, cell) if _is_listed(place, cell) else reading(place, cell)
    if place.values or place.contains or place.split or place.unclear or place.otherwise:
        return lambda cell: _worded(kind, place, field, cell)
    if place.path == ("code",):
        return _code
    if isinstance(field, fields.String):
        return _text
    return lambda cell: typed(kind, place.path, cell) if isinstance(cell, str) else cell


def _is_listed(place: Place, cell: Any) -> bool:
    return bool(place.values) and plain(str(cell)) in place.values


def _listed(place: Place, cell: Any) -> str | None:
    return place.values[plain(str(cell))]


def _text(cell: Any) -> Any:
    """JSON and Parquet may type a number where text is meant."""
    return str(cell) if type(cell) is int else cell


def _code(cell: Any) -> Any:
    if isinstance(cell, str) and is_identity_card(cell):
        return Fault("code", "personal_id", Words(
            "这是自然人的身份证号码，不是企业代码；本登记不收自然人信息，该值未被保存",
            "this is a person's identity number, no enterprise's code; it was not kept",
        ))  # fmt: skip
    return cell


def _day(place: Place, cell: Any) -> Any:
    text = str(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else cell
    if not isinstance(text, str):
        return cell
    day = day_in(text, place.dates)
    if day is not None:
        return day
    if (meant := excel_day(text)) is not None:
        return Fault(place.name, "excel_date", Words(
            f"“{text}”是 Excel 日期序列号（可能是 {meant}）：请将该列设为日期格式，或在映射的 dates 中加 excel",
            f"{text} is a serial number of Excel (perhaps {meant}): format the column as a date, or add excel to dates",
        ))  # fmt: skip
    if place.dates:
        return Fault(place.name, "date", Words(
            f"“{text[:SHOWN]}”不是 {'、'.join(place.dates)} 格式的日期",
            f"{text[:SHOWN]} is no day written as {', '.join(place.dates)}",
        ))  # fmt: skip
    return text


def _yuan(place: Place, cell: Any) -> Any:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float, Decimal)):
        return cell
    text = cell if isinstance(cell, str) else _written(cell)
    if place.unit_told:
        if not text.endswith("元") and text.strip("0."):
            return Fault(place.name, "unit", Words(
                "该表未说明金额单位：请在单元格写明“元”或“万元”，或用自己的映射给出 scale（1 为元，10000 为万元）",
                "this table doesn't say the unit: write 元 or 万元 in the cell, or extend the mapping with a scale",
            ))  # fmt: skip
        return amount(text) or text
    told = amount(text, place.scale or Decimal(1))
    if told is None and place.scale not in (None, 1):
        return Fault(place.name, "amount", Words(
            f"“{text[:SHOWN]}”不是金额，应为数字，如 1.5", f"{text[:SHOWN]} is no amount: write a number, such as 1.5"
        ))  # fmt: skip
    return told if told is not None else text


def _written(number: float | Decimal) -> str:
    """A number as a person writes it, without an exponent; what is no number stays a word."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    return format(exact, "f") if exact.is_finite() and abs(exact.adjusted()) < 30 else str(number)


def _worded(kind: str, place: Place, field: Any, cell: Any) -> Any:
    if isinstance(cell, list):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return cell
    whole = str(cell)
    listed = isinstance(field, fields.List)
    if plain(whole) in place.unclear:
        return Fault(place.name, "unclear", Words(
            f"“{whole[:SHOWN]}”包含几种不同情形，请写明实际是哪一种",
            f"{whole[:SHOWN]} names several at once: write which of them it is",
        ))  # fmt: skip
    if plain(whole) in place.values:
        found = place.values[plain(whole)]
        return [found] if listed and found is not None else found
    if not listed:
        return _word(place, whole, typed(kind, place.path, whole))
    made: list[Any] = []
    for part in _parts(whole, place.split):
        made += _words(place, part)
    return list(dict.fromkeys(made)) or None


def _parts(text: str, signs: str) -> list[str]:
    for sign in signs:
        text = text.replace(sign, "\n")
    return [part for line in text.split("\n") if (part := line.strip())]


def _word(place: Place, text: str, otherwise: Any) -> Any:
    """The first word that the text contains; what the mapping says otherwise; else what the cell says."""
    told = plain(text)
    if not any(word in told for word in place.unless):
        for word, value in place.contains:
            if word in told:
                return value
    return place.otherwise or otherwise


def _words(place: Place, part: str) -> list[Any]:
    """What one part of a list means: by the table, else every word that it contains."""
    told = plain(part)
    if told in place.values:
        value = place.values[told]
        return [] if value is None else [value]
    if any(word in told for word in place.unless):
        return [part]
    return [value for word, value in place.contains if word in told] or [place.otherwise or part]
