"""Foreign files through the command door: every row accounted for, by a mapping and a crosswalk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.models import Event
from seed.codes import fictional_code
from tests.event_files import event_importer, events, table
from tests.foreign_files import CONVICTIONS, HEADER, IN_CHINESE, LICENCE, PENALTY, PERSON
from tests.register_files import FIRST, SECOND, Import, rejects

Fates = Callable[..., dict[int, tuple[str, str, str]]]
MONTREAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "events" / "montreal_food_violations_300.csv"
COURT = f"""\
{HEADER}
1,219,20150514,"Le produit doit être refroidi
sans retard,
et maintenu ""à 4C"".",x,20160329,BOULANGERIE FICTIVE,1000,Montréal,Ouvert,19930310,Boulangerie
2,219,20150305,Le lieu doit être propre.,x,20160329,BOULANGERIE FICTIVE,400,Montréal,Fermé,20160101,Boulangerie
3,813,20150305,"Le lieu
doit être propre.",x,20160329,PIZZA FICTIVE,1250,Montréal,Annulé,20160101,Restaurant
4,813,20150306,Le lieu doit être propre.,x,20160329,PIZZA FICTIVE,250,Montréal,Fermé,20160101,Restaurant
5,999,20150306,Le lieu doit être propre.,x,20160329,CAFÉ FICTIF,250,Montréal,Ouvert,20160101,Restaurant
6,219,2015-03-06,Le lieu doit être propre.,x,20160329,BOULANGERIE FICTIVE,250,Montréal,Ouvert,20160101,Boulangerie
7,219,20150306,Le lieu doit être propre.,x,20160329,BOULANGERIE FICTIVE,mille,Montréal,Ouvert,20160101,Boulangerie
"""


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import events through the command door."""
    return event_importer(runner, tmp_path)


@pytest.fixture
def fates(take: Import, tmp_path: Path) -> Callable[..., dict[int, tuple[str, str, str]]]:
    """Import a file: what became of each line, as (status, columns, suggestion)."""

    def run(*given: Any) -> dict[int, tuple[str, str, str]]:
        take(*given, "--results", str(tmp_path / "results.csv"))
        rows = pl.read_csv(tmp_path / "results.csv", infer_schema=False).iter_rows(named=True)
        return {int(row["line"]): (row["status"], row["column"] or "", row["suggestion"] or "") for row in rows}

    return run


def mapping_file(folder: Path, codes: dict[str, str]) -> str:
    (folder / "crosswalk.csv").write_text("business,code\n" + "".join(f"{k},{v}\n" for k, v in codes.items()))
    (folder / "mapping.yaml").write_text(CONVICTIONS)
    return str(folder / "mapping.yaml")


def test_of_a_foreign_file_every_row_is_an_event_or_named_with_its_reason(fates: Fates, tmp_path: Path) -> None:
    told = fates("violation", COURT, "--mapping", mapping_file(tmp_path, {"219": FIRST, "813": SECOND}))
    assert {line: one[:2] for line, one in told.items()} == {
        2: ("recorded", ""), 5: ("recorded", ""), 6: ("skipped", "line"), 8: ("recorded", ""),
        9: ("rejected", "business_id"), 10: ("rejected", "occurred_on"), 11: ("rejected", "fine"),
    }  # fmt: skip
    assert "判决已撤销" in told[6][2] and "999" in told[9][2] and "YYYYMMDD" in told[10][2]
    kept = events()
    assert [(event.code, event.document_no, event.source_ref, str(event.fine)) for event in kept] == [
        (FIRST, "MTL-1", "219/1", "1000.00"), (FIRST, "MTL-2", "219/2", "400.00"), (SECOND, "MTL-4", "813/4", "250.00"),
    ]  # fmt: skip
    assert kept[0].facts == 'Le produit doit être refroidi\nsans retard,\net maintenu "à 4C".\nÉtablissement: BOULANGERIE FICTIVE'
    assert (str(kept[0].occurred_on), str(kept[0].decided_on)) == ("2015-05-14", "2016-03-29")


@pytest.mark.parametrize("chinese", [False, True], ids=["cf", "中文"])
def test_a_file_of_standard_penalties_is_recognised_and_taken(fates: Fates, tmp_path: Path, chinese: bool) -> None:
    names = IN_CHINESE if chinese else {name: name for name in PENALTY}
    person = {"cf_xdr_lb": "自然人", "cf_xdr_shxym": PERSON, "cf_xdr_mc": "某某某"}
    rows = [PENALTY, PENALTY | {"cf_wsh": "罚2"} | person, PENALTY | {"cf_wsh": "罚3", "cf_wfxw": "闯红灯"},
            PENALTY | {"cf_wsh": "罚4", "cf_nr_fk": "", "cf_cflb": "警告"}]  # fmt: skip
    told = fates("violation", table(*({names[name]: value for name, value in row.items()} for row in rows)))
    assert [one[:2] for one in told.values()] == [
        ("recorded", ""), ("skipped", "line"), ("rejected", "category"), ("recorded", ""),
    ]  # fmt: skip
    kept = (tmp_path / "results.csv").read_text()
    assert PERSON not in kept and "某某某" not in kept and "铜陵甲酿造有限公司" in kept
    assert [(event.document_no, event.fine) for event in events()] == [("示罚〔2026〕1号", Decimal(60_000)), ("罚4", None)]


def test_a_file_of_licences_gives_its_recognitions(fates: Fates) -> None:
    food = LICENCE | {"xk_wsh": "许2", "xk_xklb": "普通", "xk_xkzs": "食品经营许可证", "xk_nr": "销售"}
    told = fates("award", table(LICENCE, food))
    assert [one[:2] for one in told.values()] == [("recorded", ""), ("skipped", "line")]
    (event,) = events()
    assert (event.kind, event.category, str(event.valid_until)) == ("award", "certification", "2032-01-31")


def test_a_file_of_penalties_is_no_file_of_awards(take: Import) -> None:
    result, _ = take("award", table(PENALTY))
    assert (result.exit_code, events()) == (2, []) and "shuanggongshi-penalties" in result.stderr


@pytest.mark.real
@pytest.mark.parametrize("database", ["sqlite"])
def test_all_300_real_convictions_are_accounted_for(
    fates: Fates, runner: FlaskCliRunner, tmp_path: Path, database: str
) -> None:
    if not MONTREAL.exists():
        pytest.skip(f"shared data not here: {MONTREAL.name}")
    rows = pl.read_csv(MONTREAL, infer_schema=False)
    businesses = rows["business_id"].unique(maintain_order=True).to_list()
    codes = {business: fictional_code(1_000 + place) for place, business in enumerate(businesses[:-5])}
    firms = "code,name,注册日期\n" + "".join(f"{code},铜都示例{name}有限公司,2000-01-01\n" for name, code in codes.items())
    (tmp_path / "firms.csv").write_text(firms)
    assert runner.invoke(args=["credit", "import-enterprises", str(tmp_path / "firms.csv")]).exit_code == 0
    told = CONVICTIONS.replace("is: [Annulé]", 'is: ["Fermé changement d\'exploitant"]')
    mapping = mapping_file(tmp_path, codes)
    Path(mapping).write_text(told)
    found = Counter(one[:2] for one in fates("violation", MONTREAL, "--mapping", mapping).values())
    missed = set(businesses[-5:])
    wanted = Counter(
        ("skipped", "line") if row["statut"].startswith("Fermé c")
        else ("rejected", "business_id") if row["business_id"] in missed else ("recorded", "")
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
    assert found == wanted and sum(found.values()) == 300 and len(found) == 3
    assert db.session.scalar(select(func.count()).select_from(Event)) == wanted["recorded", ""]
    living = rows.filter(~pl.col("statut").str.starts_with("Fermé c"), ~pl.col("business_id").is_in(list(missed)))
    assert db.session.scalar(select(func.sum(Event.fine))) == living["montant"].cast(pl.Int64).sum()
    assert max(Counter(event.code for event in events()).values()) > 3


def test_the_command_shows_what_a_mapping_makes_of_a_file(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "court.csv").write_text(COURT)
    mapping = mapping_file(tmp_path, {"219": FIRST, "813": SECOND})
    result = runner.invoke(args=["credit", "mapping", "check", mapping, "--sample", str(tmp_path / "court.csv"), "--rows", "1"])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("foreign-convictions  violation  外地食品违法定罪 / food convictions")
    assert lines[1].startswith('line 2: event: {"kind":"violation","code":"' + FIRST)
    assert lines[2] == "line 6: no event: 判决已撤销 / the conviction was annulled"
    assert lines[3].startswith("line 9: wrong: business_id: 对照表中没有“999”")
    assert lines[-1] == "7 rows: event 3, no event 1, wrong 3"


def test_the_command_shows_a_built_in_mapping_which_is_a_mapping_to_begin_with(runner: FlaskCliRunner, tmp_path: Path) -> None:
    text = runner.invoke(args=["credit", "mapping", "show", "regulator-penalties"]).stdout
    (tmp_path / "mine.yaml").write_text(text)
    result = runner.invoke(args=["credit", "mapping", "check", str(tmp_path / "mine.yaml")])
    assert result.exit_code == 0 and result.stdout.startswith("regulator-penalties  violation")
    (tmp_path / "mine.yaml").write_text(text + "colour: red\n")
    result = runner.invoke(args=["credit", "mapping", "check", str(tmp_path / "mine.yaml")])
    assert (result.exit_code, result.stdout) == (2, "") and "mapping-refused: colour: unknown key" in result.stderr


def test_a_known_code_of_another_name_is_told_with_both(take: Import) -> None:
    answer = take("violation", table(PENALTY | {"cf_xdr_mc": "铜陵完全无关贸易有限公司"}))
    (row,) = answer[1].iter_rows(named=True)
    assert row["reason"] == "other-enterprise" and events() == []


def test_a_sample_of_penalties_shows_nothing_of_persons(runner: FlaskCliRunner, tmp_path: Path) -> None:
    person = PENALTY | {"cf_xdr_lb": "自然人", "cf_xdr_shxym": PERSON, "cf_xdr_mc": "某某某"}
    (tmp_path / "penalties.csv").write_text(table(PENALTY, person, PENALTY | {"cf_xdr_shxym": PERSON, "cf_frdb": "某某某"}))
    args = ["credit", "mapping", "check", "shuanggongshi-penalties", "--sample", str(tmp_path / "penalties.csv")]
    result = runner.invoke(args=args)
    assert PERSON not in result.output and "某某某" not in result.output
    assert result.stdout.splitlines()[-1] == "3 rows: event 1, no event 1, wrong 1"


def test_the_same_foreign_file_again_is_a_no_op(take: Import, tmp_path: Path) -> None:
    mapping = mapping_file(tmp_path, {"219": FIRST, "813": SECOND})
    take("violation", COURT, "--mapping", mapping)
    before = [event.seq for event in events()]
    take("violation", COURT, "--mapping", mapping)
    assert [event.seq for event in events()] == before and len(before) == 3


def test_good_rows_of_a_foreign_file_need_no_mapping_of_what_is_declared(take: Import, tmp_path: Path) -> None:
    mapping = mapping_file(tmp_path, {"219": FIRST})
    good = "\n".join([HEADER, COURT.splitlines()[4], ""])
    rejects(take("violation", good, "--mapping", mapping, "--served-on", "2016-04-01"))
    assert [str(event.served_on) for event in events()] == ["2016-04-01"]
