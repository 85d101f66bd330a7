"""Rows of foreign files made in tests: 双公示 penalties and licences, and convictions of a foreign city. Fictional."""

from __future__ import annotations

from typing import Any

from credit.services.chunks import Chunk
from credit.services.mappings import Made, Mapping, Reader
from tests.register_files import FIRST

PENALTY = {
    "cf_xdr_mc": "铜陵甲酿造有限公司", "cf_xdr_lb": "法人及非法人组织", "cf_xdr_shxym": FIRST, "cf_frdb": "某某某",
    "cf_wsh": "示罚〔2026〕1号", "cf_wfxw": "生产不合格产品", "cf_sy": "抽检不合格", "cf_yj": "《产品质量法》第四十九条",
    "cf_cflb": "罚款、没收违法所得", "cf_nr": "罚款6万元", "cf_nr_fk": "6.000000", "cf_nr_wfff": "0.123456",
    "cf_jdrq": "2026/06/01", "cf_yxq": "2099/12/31", "cf_gsjzq": "2027/06/01", "cf_cfjg": "示例市场监督管理局",
    "cf_cfjgdm": "x", "cf_sjly": "示例局", "cf_sjlydm": "x", "bz": "",
}  # fmt: skip
IN_CHINESE = {
    "cf_xdr_mc": "行政相对人名称", "cf_xdr_lb": "行政相对人类别", "cf_xdr_shxym": "行政相对人代码_1（统一社会信用代码）",
    "cf_frdb": "法定代表人", "cf_wsh": "行政处罚决定书文号", "cf_wfxw": "违法行为类型", "cf_sy": "违法事实", "cf_yj": "处罚依据",
    "cf_cflb": "处罚类别", "cf_nr": "处罚内容", "cf_nr_fk": "罚款金额（万元）",
    "cf_nr_wfff": "没收违法所得、没收非法财物的金额（万元）", "cf_jdrq": "处罚决定日期", "cf_yxq": "处罚有效期",
    "cf_gsjzq": "公示截止期", "cf_cfjg": "处罚机关", "cf_cfjgdm": "处罚机关统一社会信用代码", "cf_sjly": "数据来源单位",
    "cf_sjlydm": "数据来源单位统一社会信用代码", "bz": "备注",
}  # fmt: skip
LICENCE = {
    "xk_xdr_mc": "铜陵甲酿造有限公司", "xk_xdr_lb": "法人及非法人组织", "xk_xdr_shxym": FIRST, "xk_wsh": "示许〔2026〕1号",
    "xk_xklb": "认可", "xk_xkzs": "检验检测机构资质认定证书", "xk_xkbh": "260001", "xk_nr": "检验检测",
    "xk_jdrq": "2026-02-01", "xk_yxqz": "2026-02-01", "xk_yxqzi": "2032-01-31", "xk_xkjg": "示例市场监督管理局",
    "xk_zt": "1",
}  # fmt: skip
# The check digit is right, the person is nobody: the first sequence numbers of an unassigned division.
PERSON = "340799199001010016"

CONVICTIONS = """\
name: foreign-convictions
title: {zh: 外地食品违法定罪, en: food convictions of a foreign city}
kind: violation
ignored: [adresse, ville, date_statut, categorie]
skip:
  - columns: statut
    is: [Annulé]
    because: {zh: 判决已撤销, en: the conviction was annulled}
places:
  code: {crosswalk: true}
  document_no: {template: "MTL-{id_poursuite}"}
  source_ref: {template: "{business_id}/{id_poursuite}"}
  authority: {constant: Cour municipale}
  occurred_on: {columns: date, dates: [YYYYMMDD]}
  decided_on: {columns: date_jugement, dates: [YYYYMMDD]}
  category: {constant: food_safety}
  penalties: {constant: [fine]}
  fine: montant
  facts: {template: ["{description}", "Établissement: {etablissement}"]}
crosswalk: {column: business_id, file: crosswalk.csv, from: business, to: code}
"""
HEADER = "id_poursuite,business_id,date,description,adresse,date_jugement,etablissement,montant,ville,statut,date_statut,categorie"


def chunk(*rows: dict[str, Any], marks: dict[str, Any] | None = None) -> Chunk:
    """Rows as they are read from a file, empty cells left out."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    kept = [{name: value for name, value in row.items() if value not in (None, "")} for row in rows]
    return Chunk(headers, kept, [number + 2 for number in range(len(rows))], [marks or {} for _ in rows])


def made(mapping: Mapping, *rows: dict[str, Any]) -> list[Made]:
    """What a mapping makes of rows."""
    return Reader(mapping).read(chunk(*rows))


def document(mapping: Mapping, **row: Any) -> dict[str, Any]:
    """The document of one row that has no fault."""
    (one,) = made(mapping, row)
    assert one.document is not None, one
    return one.document


def faults(mapping: Mapping, **row: Any) -> list[tuple[str, str]]:
    """Column and reason of each fault of one row; every one is told in both languages."""
    (one,) = made(mapping, row)
    assert all(fault.told.zh and fault.told.en for fault in one.faults)
    return [(fault.column, fault.reason) for fault in one.faults]
