"""Columns of event files: Chinese and English headers, and cells as the API's document has them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from marshmallow import fields

from credit.services.registry_words import HEADERS as REGISTRY_HEADERS
from schemas.event import SHAPES

HEADERS = {
    "code": [*REGISTRY_HEADERS["code"], "组织机构代码"],
    "name": REGISTRY_HEADERS["name"],
    "occurred_on": ["发生日期", "行为日期", "抽样日期", "检查日期"],
    "document_no": ["文书号", "文号", "行政处罚决定书文号", "处罚决定书文号", "行政处罚文号", "报告编号", "证书编号"],
    "source_ref": ["来源标识", "抽样单编号", "抽样单号"],
    "authority": ["作出机关", "处罚机关", "检查机关", "授予机关", "机关"],
    "role": ["主体角色", "角色"],
    "producer_confirmed": ["生产者确认"],
    "related_to": ["关联文书", "关联文书号"],
    "item.gtin": ["商品条码", "条码"],
    "item.lot": ["批号", "生产批号"],
    "item.product": ["产品名称", "产品", "样品名称"],
    "item.model": ["规格型号", "型号"],
    "category": ["类别", "违法行为类型", "荣誉类别"],
    "penalties": ["处罚种类", "处罚类别"],
    "procedure": ["程序", "处罚程序"],
    "severity": ["严重程度"],
    "publication_basis": ["公示依据"],
    "fine": ["罚款金额", "罚款"],
    "confiscated": ["没收金额", "没收违法所得"],
    "facts": ["违法事实", "事实"],
    "basis": ["处罚依据", "依据"],
    "decided_on": ["处罚决定日期", "决定日期"],
    "published_on": ["公示日期"],
    "notices.served_on": ["送达日期"],
    "notices.publication_notice_on": ["公示告知日期"],
    "notices.repair_notice_on": ["修复告知日期"],
    "proceedings": ["复议诉讼中"],
    "heavier": ["从重处罚", "从重"],
    "restricted_until": ["限制至", "限制期限至"],
    "performed_on": ["履行日期"],
    "criminal": ["犯罪"],
    "type": ["检查类型"],
    "campaign": ["抽查批次", "专项名称"],
    "level": ["级别", "层级"],
    "result": ["检查结果", "检验结果", "结果"],
    "stage": ["阶段", "检验阶段"],
    "of": ["原检查编号"],
    "safety_item": ["安全项目"],
    "failed_items": ["不合格项目"],
    "laboratory": ["检验机构"],
    "final_on": ["终结日期"],
    "report_no": ["检验报告编号"],
    "objected_on": ["异议日期", "提出异议日期"],
    "ordered_on": ["责令整改日期", "责令改正日期"],
    "announced_on": ["公告日期"],
    "valid_from": ["有效期起", "授予日期"],
    "valid_until": ["有效期止", "有效期至"],
}  # fmt: skip
TRUTH = {"是": True, "否": False}
MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
WRITTEN_DAY = re.compile(
    rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{MIDNIGHT}|(\d{{4}})(\d\d)(\d\d)"
)
AMOUNT = re.compile(r"[¥￥]?(\d[\d,，]*(?:\.\d+)?)(万?)元?", re.ASCII)
LONGEST_AMOUNT = 24
WHOLE = re.compile(r"[0-9]{1,18}")
TEN_THOUSAND, FEN = Decimal(10_000), Decimal("0.01")
Path = tuple[str, ...]


@cache
def places(kind: str) -> dict[str, Path]:
    """Where each header of a kind of events stands in the document: ("item", "gtin")."""
    found: dict[str, Path] = {}
    for name, field in _fields(kind).items():
        found[name] = (name,)
        for inner in field.schema.fields if isinstance(field, fields.Nested) else ():
            found |= {f"{name}.{inner}": (name, inner), inner: found.get(inner, (name, inner))}
    chinese = {
        header: found[name]
        for name, headers in HEADERS.items()
        if name in found
        for header in headers
    }
    return chinese | found


@cache
def _fields(kind: str) -> dict[str, fields.Field[Any]]:
    return dict(SHAPES[kind]().fields)


def place_of(kind: str, header: str) -> Path:
    """The place that a header names; one that we don't know names itself, for the shape to refuse."""
    known = places(kind)
    return known.get(header) or known.get(header.strip().lower().replace(" ", "_"), (header,))


def put(document: dict[str, Any], place: Path, value: Any) -> None:
    """Set a value at its place in a document."""
    if len(place) == 1:
        document[place[0]] = value
    elif isinstance(outer := document.setdefault(place[0], {}), dict):
        outer[place[1]] = value


def document(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row as the API's document: item and notices nested, lists split at `;`, empty cells left out.

    A header that we don't know stays as it is, for the shape to refuse.
    """
    made: dict[str, Any] = {"kind": kind}
    for header, value in row.items():
        if value is not None:
            place = place_of(kind, header)
            put(made, place, typed(kind, place, value) if isinstance(value, str) else value)
    return made


def field_at(kind: str, place: Path) -> Any:
    """The field of the shape at a place; null where it has none."""
    field: Any = _fields(kind).get(place[0])
    if len(place) == 1 or field is None:
        return field
    return field.schema.fields.get(place[1]) if isinstance(field, fields.Nested) else None


def typed(kind: str, place: Path, text: str) -> Any:
    """A cell's text as the field of its place takes it; what doesn't fit stays, to be refused.

    Digits and signs of full width are what they look like in days, amounts and numbers.
    """
    field = field_at(kind, place)
    if isinstance(field, (fields.Nested, fields.List)):
        return _structured(field, place[0], text)
    if isinstance(field, fields.Boolean):
        return TRUTH.get(text, text)
    if isinstance(field, fields.Date):
        return written_day(text) or text
    if isinstance(field, fields.Decimal):
        return amount(text) or text
    if isinstance(field, fields.Integer):
        plain = half_width(text)
        return int(plain) if WHOLE.fullmatch(plain) else text
    return text


def half_width(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def written_day(text: str) -> str | None:
    """A day as people write it, as JSON has it; null where it isn't one of their ways."""
    day = WRITTEN_DAY.fullmatch(half_width(text))
    if day is None:
        return None
    year, month, date = (part for part in day.groups() if part)
    return f"{year}-{month:0>2}-{date:0>2}"


def amount(text: str, scale: Decimal = Decimal(1)) -> str | None:
    """An amount in yuan as JSON has it; a unit in the cell (元, 万元) goes before `scale`. Null: no amount."""
    found = AMOUNT.fullmatch(half_width(text))
    if found is None or len(found[1]) > LONGEST_AMOUNT:
        return None
    digits = found[1].replace(",", "").replace("，", "")
    unit = TEN_THOUSAND if found[2] else Decimal(1) if found[0].endswith("元") else scale
    if unit == 1:
        return digits
    yuan = Decimal(digits) * unit
    return format(yuan.quantize(FEN) if yuan == round(yuan, 2) else yuan, "f")


def _structured(field: Any, name: str, text: str) -> Any:
    """A list or an object in one cell: JSON, or parts divided by `;`."""
    if text[0] in "[{":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    if isinstance(field, fields.Nested):
        return text
    parts = [part.strip() for part in re.split("[;；]", text) if part.strip()]
    inner = {"related_to": "document_no", "failed_items": "item"}.get(name)
    return [{inner: part} for part in parts] if inner else parts
