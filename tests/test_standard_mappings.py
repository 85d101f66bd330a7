"""The built-in mappings: 双公示 penalties and licences, a regulator's own names; and what is personal in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from credit.services.chunks import read_chunks
from credit.services.mappings import STANDARDS, Reader, is_private, recognise, standard
from credit.services.mappings.privacy import is_identity_card
from credit.terms import Penalty
from schemas.event import load_event
from tests.conftest import TODAY
from tests.event_files import table
from tests.foreign_files import IN_CHINESE, LICENCE, PENALTY, PERSON, chunk, document, faults, made
from tests.register_files import FIRST

PENALTIES, LICENCES, REGULATOR = map(standard, STANDARDS)
DECISION = {
    "uni_social_crd_cd": FIRST, "taxer_nm": "铜陵甲酿造有限公司", "admin_punish_doc": "示罚〔2026〕1号", "extend_1": "计量违法",
    "punish_type": "罚款", "punish_money": "6万元", "illegality_money": "500元", "punish_decide_tm": "2026-06-01 09:30:00",
    "law_basis": "计量法", "casedeptname": "示例市场监督管理局", "case_process_type": "一般程序", "cd_id": "1",
}  # fmt: skip
EVENT = {
    "kind": "violation", "code": FIRST, "name": "铜陵甲酿造有限公司", "document_no": "示罚〔2026〕1号",
    "decided_on": "2026-06-01", "occurred_on": "2026-06-01", "category": "product_quality",
    "penalties": ["fine", "confiscated_gains"], "fine": "60000.00", "confiscated": "1234.56",
    "facts": "抽检不合格\n处罚内容：罚款6万元", "basis": "《产品质量法》第四十九条", "authority": "示例市场监督管理局",
}  # fmt: skip


def in_chinese(row: dict[str, str]) -> dict[str, str]:
    return {IN_CHINESE[name]: value for name, value in row.items()}


def test_a_penalty_of_the_standard_fields_becomes_a_violation() -> None:
    assert document(PENALTIES, **PENALTY) == EVENT
    assert load_event(document(PENALTIES, **PENALTY), TODAY)["fine"] == 60_000


def test_headers_in_chinese_in_capitals_and_in_half_width_mean_the_same() -> None:
    assert document(PENALTIES, **in_chinese(PENALTY)) == EVENT
    assert document(PENALTIES, **{name.upper(): value for name, value in PENALTY.items()}) == EVENT
    half = {name.replace("（", " (").replace("）", ")"): value for name, value in in_chinese(PENALTY).items()}
    assert half.keys() != in_chinese(PENALTY).keys() and document(PENALTIES, **half) == EVENT


def test_files_are_recognised_by_their_headers() -> None:
    told = {"cf": PENALTY, "中文": in_chinese(PENALTY), "xk": LICENCE, "regulator": DECISION}
    found = {name: recognise(row) for name, row in told.items()}
    assert found == {"cf": PENALTIES, "中文": PENALTIES, "xk": LICENCES, "regulator": REGULATOR}
    for name, row in told.items():
        mapping = found[name]
        assert mapping is not None and Reader(mapping).check(row) == []


@pytest.mark.parametrize("kind", Penalty)
def test_every_kind_of_penalty_is_understood_by_its_word(kind: Penalty) -> None:
    assert document(PENALTIES, **PENALTY | {"cf_cflb": kind.zh})["penalties"] == [str(kind)]


@pytest.mark.parametrize("sign", ["、", ";", "；", ",", "，", "/", "\n"])
def test_several_penalties_are_divided_by_any_sign(sign: str) -> None:
    assert document(PENALTIES, **PENALTY | {"cf_cflb": sign.join(kind.zh for kind in Penalty)})["penalties"] == list(Penalty)


KINDS = {
    "没收违法所得并处罚款": ["fine", "confiscated_gains"], "罚款;责令改正": ["fine"], "罚款、罚款": ["fine"],
    "警告、通报批评": ["warning", "criticism"], "没收违法所得、没收非法财物": ["confiscated_gains", "confiscated_goods"],
    "责令停产停业整顿": ["suspended_business"], "处以罚款": ["fine"], "不予罚款": ["不予罚款"], "鞭打": ["鞭打"], "其他": ["其他"],
    "暂扣或吊销许可证、罚款": ["暂扣或吊销许可证", "fine"],
}  # fmt: skip


@pytest.mark.parametrize("words", KINDS)
def test_penalties_in_other_words_are_understood_or_left_for_the_shape_to_refuse(words: str) -> None:
    assert document(PENALTIES, **PENALTY | {"cf_cflb": words})["penalties"] == KINDS[words]


@pytest.mark.parametrize(
    "words",
    ["暂扣许可证件、降低资质等级、吊销许可证件", "限制开展生产经营活动、责令停产停业、责令关闭、限制从业", "暂扣或者吊销许可证、暂扣或者吊销执照"],
)
def test_a_class_of_the_law_that_holds_graver_and_lighter_kinds_is_no_answer(words: str) -> None:
    assert faults(PENALTIES, **PENALTY | {"cf_cflb": words}) == [("penalties", "unclear")]


CATEGORIES = {
    "生产不合格产品": "product_quality", "经营超过保质期的食品": "food_safety", "使用未经检定的计量器具": "metrology",
    "未经许可从事生产": "unlicensed", "使用未经检验的特种设备": "special_equipment", "伪造记录": "false_records",
    "产品标识不符合要求": "labelling", "虚假宣传": "advertising", "出具虚假检验报告": "false_records", "闯红灯": "闯红灯",
}  # fmt: skip


@pytest.mark.parametrize("told", CATEGORIES)
def test_what_a_violation_was_about_is_understood_by_its_words_and_never_guessed(told: str) -> None:
    assert document(PENALTIES, **PENALTY | {"cf_wfxw": told})["category"] == CATEGORIES[told]


def test_the_end_of_a_decisions_validity_is_a_restriction_only_where_business_is_restricted() -> None:
    assert "restricted_until" not in document(PENALTIES, **PENALTY)
    banned = PENALTY | {"cf_cflb": "罚款、限制从业", "cf_yxq": "2029/06/01"}
    assert document(PENALTIES, **banned)["restricted_until"] == "2029-06-01"


def test_placeholders_for_codes_are_no_codes_and_the_organization_code_stands_in() -> None:
    row = PENALTY | {"cf_xdr_shxym": "00000000000000000X", "cf_xdr_zzjg": FIRST[8:17]}
    assert document(PENALTIES, **row)["code"] == FIRST[8:17]
    assert "code" not in document(PENALTIES, **row | {"cf_xdr_zzjg": "无"})


def test_a_revoked_decision_is_no_event() -> None:
    (one,) = made(PENALTIES, PENALTY | {"cf_zt": "撤销"})
    assert one.document is None and one.skipped is not None and "撤回" in one.skipped.zh


def test_only_recognition_of_quality_among_licences_is_an_award() -> None:
    assert document(LICENCES, **LICENCE) == {
        "kind": "award", "code": FIRST, "name": "铜陵甲酿造有限公司", "document_no": "示许〔2026〕1号",
        "category": "certification", "authority": "示例市场监督管理局", "valid_from": "2026-02-01", "valid_until": "2032-01-31",
    }  # fmt: skip
    food = LICENCE | {"xk_xklb": "普通", "xk_xkzs": "食品经营许可证", "xk_nr": "预包装食品销售"}
    other, gone = made(LICENCES, food, LICENCE | {"xk_zt": "注销"})
    assert other.skipped is not None and "经营条件" in other.skipped.zh and "condition" in other.skipped.en
    assert gone.skipped is not None and "有效" in gone.skipped.zh


def test_a_licence_without_end_has_none() -> None:
    for end in ("2099/12/31", "2099-12-31", "20991231", "长期", ""):
        assert "valid_until" not in document(LICENCES, **LICENCE | {"xk_yxqzi": end})


def test_a_regulators_own_names_make_the_same_event_where_the_unit_is_told() -> None:
    found = document(REGULATOR, **DECISION)
    assert (found["fine"], found["confiscated"], found["procedure"]) == ("60000.00", "500", "ordinary")
    assert (found["decided_on"], found["category"], found["penalties"]) == ("2026-06-01", "metrology", ["fine"])
    assert load_event(found, TODAY)["authority"] == "示例市场监督管理局"
    assert faults(REGULATOR, **DECISION | {"punish_money": "6"}) == [("fine", "unit")]
    assert document(REGULATOR, **DECISION | {"punish_money": "0", "punish_type": "警告"})["fine"] == "0"
    (revoked,) = made(REGULATOR, DECISION | {"cancel_reason": "事实不清"})
    assert revoked.skipped is not None


@pytest.mark.parametrize(
    ("mapping", "row"),
    [
        (PENALTIES, PENALTY | {"cf_xdr_lb": "自然人", "cf_xdr_shxym": PERSON}),
        (LICENCES, LICENCE | {"xk_xdr_lb": "自然人", "xk_xdr_shxym": PERSON}),
        (REGULATOR, DECISION | {"administrative_cp_type": "自然人", "uni_social_crd_cd": ""}),
    ],
    ids=["penalty", "licence", "regulator"],
)
def test_of_a_natural_persons_row_nothing_is_kept(mapping: Any, row: dict[str, str]) -> None:
    given = chunk(row | {"administrative_cp_cert_code": PERSON})
    (one,) = Reader(mapping).read(given)
    assert one.document is None and one.skipped is not None and "自然人" in one.skipped.zh
    assert given.rows == [{}] and PERSON not in str(one)


def test_an_identity_number_in_the_column_of_codes_is_refused_and_not_kept() -> None:
    for number in (PERSON, PERSON.replace("1", "１")):
        given = chunk(PENALTY | {"cf_xdr_shxym": number}, PENALTY)
        one, other = Reader(PENALTIES).read(given)
        assert [(fault.column, fault.reason) for fault in one.faults] == [("code", "personal_id")]
        assert given.rows[0] == {} and number not in str(one) and other.document is not None
    assert is_identity_card(PERSON) and not is_identity_card(FIRST) and not is_identity_card(PERSON[:17] + "1")


def test_columns_of_persons_are_dropped_as_they_are_read(tmp_path: Path) -> None:
    secret = {"cf_frdb": "某某某", "cf_fr_sfzh": PERSON, "cf_xdr_zjhm": PERSON, "法定代表人证件号码": PERSON, "联系电话": "1"}
    (tmp_path / "penalties.csv").write_text(table(PENALTY | secret, secret))
    (first,) = read_chunks(tmp_path / "penalties.csv", private=PENALTIES.is_private)
    assert not set(secret) & set(first.headers) and PERSON not in str(first) and "某某某" not in str(first)
    assert next(one.document for one in Reader(PENALTIES).read(first)) == EVENT


@pytest.mark.parametrize(
    "header", ["身份证号", "法定代表人", "证件号码", "cf_xdr_sfz", "CF_FR_SFZH", "cf_frdb", "legal_per_ident", "联系电话", "phone"]
)
def test_a_column_is_known_as_personal_by_its_name(header: str) -> None:
    assert is_private(header)


@pytest.mark.parametrize("header", ["cf_xdr_mc", "cf_wsh", "name", "code", "处罚机关", "hotel", "cf_xdr_shxym", "企业名称"])
def test_other_columns_are_not(header: str) -> None:
    assert not is_private(header)


REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "codes" / "field_dictionary.csv"


@pytest.mark.real
def test_a_regulators_tables_of_penalties_have_no_column_that_the_mapping_doesnt_know() -> None:
    if not REAL.exists():
        pytest.skip(f"shared data not here: {REAL.name}")
    names: dict[str, list[str]] = {}
    for part in read_chunks(REAL):
        for row in part.rows:
            if "标准化字段名" in row:
                names.setdefault(row["table"].split(" ")[0], []).append(row["标准化字段名"])
    for name in ("dw_zj_fzgg_xzcfjdxx", "dw_nb_scjdgl_xzcfgsxx", "dw_nb_sw_csjrxzcfxx"):
        assert recognise(names[name]) == REGULATOR
    known = [name for table in ("dw_zj_fzgg_xzcfjdxx", "dw_nb_scjdgl_xzcfgsxx", "dw_nb_sw_csjrxzcfxx") for name in names[table]]
    joined = dict.fromkeys([*known, *names["dw_zj_fzgg_cfjbxx"]])
    assert Reader(REGULATOR).check(joined) == ["org_code"]
