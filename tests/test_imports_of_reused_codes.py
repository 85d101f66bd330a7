"""Import of a code that was given out again: the new firm is another one, and each keeps its facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import Enterprise, Event
from credit.services import enterprise_versions
from credit.services.reading import FEW
from seed.codes import fictional_code
from tests.conftest import TODAY, Clock
from tests.makers import ago, code_of, make_enterprise, make_event, violation
from tests.register_files import FIRST, HEADER, Import, importer, last_seq

END = 100
NAME = "铜都示例1有限公司"


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a register file through the command door."""
    return importer(runner, tmp_path)


@pytest.fixture
def code(app: Flask) -> str:
    """The code of a firm that ceased END days ago."""
    make_enterprise(legacy_id="3407017", quality_officer=True, parent_code=FIRST)
    return make_enterprise(status="deregistered", valid_from=ago(END))


def row(
    code: str, registered_on: str, name: str = "铜都新示例有限公司", status: str = "存续"
) -> str:
    """A register file with one row."""
    return f"{HEADER},登记状态\n{code},{name},{registered_on},{status}\n"


def bearers(code: str) -> list[int]:
    """The enterprises that bore a code, one after the other."""
    return list(
        db.session.scalars(
            select(Enterprise.id).where(Enterprise.code == code).order_by(Enterprise.id)
        )
    )


def test_who_was_registered_after_the_end_is_another_enterprise(
    take: Import, client: FlaskClient, code: str
) -> None:
    result, _ = take(row(code, ago(END - 1)))
    assert result.stdout == "new 1, changed 0, unchanged 0, rejected 0\n"
    found = client.get(f"/api/v1/enterprises/{code}").get_json()
    assert (found["name"], found["former_names"]) == ("铜都新示例有限公司", [])
    assert (found["status"], found["registered_on"]) == ("living", ago(END - 1))
    old, new = (enterprise_versions.versions(bearer) for bearer in bearers(code))
    assert [version.status for version in old] == ["living", "deregistered"]
    assert [version.valid_from.isoformat() for version in new] == [ago(END - 1)]


def test_the_new_firm_takes_over_nothing_that_was_known_of_the_old_one(
    take: Import, code: str
) -> None:
    take(row(code, ago(END - 1)))
    new = enterprise_versions.latest(bearers(code)[-1])
    assert (new.legacy_id, new.parent_code, new.quality_officer) == (None, None, None)
    assert (new.kind, new.region) == ("enterprise", None)


def test_the_same_file_again_changes_nothing(take: Import, code: str) -> None:
    take(row(code, ago(END - 1)))
    before = last_seq()
    result, _ = take(row(code, ago(END - 1)))
    assert result.stdout == "new 0, changed 0, unchanged 1, rejected 0\n"
    assert last_seq() == before


def test_a_file_without_status_tells_of_living_firms(take: Import, code: str) -> None:
    result, _ = take(f"{HEADER}\n{code},铜都新示例有限公司,{ago(END - 1)}\n")
    assert result.stdout.startswith("new 1, changed 0")


@pytest.mark.parametrize("registered_on", [ago(END), "2015-05-05", ""])
def test_who_was_registered_until_the_end_or_on_no_known_day_is_the_old_firm_revived(
    take: Import, code: str, registered_on: str
) -> None:
    result, _ = take(row(code, registered_on))
    assert result.stdout.startswith("new 0, changed 1")
    (bearer,) = bearers(code)
    assert enterprise_versions.latest(bearer).status == "living"
    assert db.session.get_one(Enterprise, bearer).living


def test_a_row_of_a_firm_that_ceased_too_is_told_of_the_firm_on_file(
    take: Import, code: str
) -> None:
    result, _ = take(row(code, ago(END - 1), status="注销"))
    assert result.stdout.startswith("new 0, changed 1")


def test_a_code_that_was_only_revoked_isnt_given_out_again(take: Import, app: Flask) -> None:
    make_enterprise()
    code = make_enterprise(status="revoked", valid_from=ago(END))
    result, _ = take(row(code, ago(END - 1)))
    assert result.stdout.startswith("new 0, changed 1")
    assert len(bearers(code)) == 1


def test_what_is_learnt_of_a_firm_after_its_end_doesnt_move_its_end(
    take: Import, code: str
) -> None:
    result, _ = take(f"code,name,legacy_id\n{code},{NAME},3407099\n")
    assert result.stdout.startswith("new 0, changed 1")
    (bearer,) = bearers(code)
    last = enterprise_versions.latest(bearer)
    assert (last.valid_from, last.status) == (TODAY, "deregistered")
    result, _ = take(row(code, ago(END - 1)))
    assert result.stdout.startswith("new 1, changed 0")


def test_a_firm_that_ceased_twice_ended_on_the_later_day(take: Import, code: str) -> None:
    make_enterprise(status="living", valid_from=ago(50))
    make_enterprise(status="deregistered", valid_from=ago(20))
    assert take(row(code, ago(END - 1)))[0].stdout.startswith("new 0, changed 1")


def test_a_code_may_be_given_out_a_third_time(take: Import, client: FlaskClient, code: str) -> None:
    take(row(code, ago(END - 1)))
    make_enterprise(
        name="铜都新示例有限公司",
        registered_on=ago(END - 1),
        status="deregistered",
        valid_from=ago(9),
    )
    result, _ = take(row(code, ago(8), name="铜都再示例有限公司"))
    assert result.stdout.startswith("new 1, changed 0")
    assert len(bearers(code)) == 3
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["name"] == "铜都再示例有限公司"


def test_one_file_holds_new_known_changed_and_reused_codes(take: Import, code: str) -> None:
    same, renamed, fresh = make_enterprise(2), make_enterprise(3), code_of(4)
    rows = [
        f"{fresh},铜都示例4有限公司,2015-05-05", f"{code},铜都新示例有限公司,{ago(END - 1)}",
        f"{renamed},铜都改名有限公司,2015-05-05", f"{same},铜都示例2有限公司,2015-05-05",
    ]  # fmt: skip
    result, _ = take("\n".join([HEADER, *rows]))
    assert result.stdout == "new 2, changed 1, unchanged 1, rejected 0\n"
    assert [len(bearers(one)) for one in (fresh, code, renamed, same)] == [1, 2, 1, 1]
    assert enterprise_versions.latest(bearers(renamed)[0]).name == "铜都改名有限公司"


def test_every_event_stays_with_the_firm_that_bore_the_code_on_its_day(
    take: Import, client: FlaskClient, code: str
) -> None:
    before = {"occurred_on": ago(320), "decided_on": ago(300)}
    make_event(violation(code, document_no="罚1", **before))
    take(row(code, ago(5)))
    make_event(violation(code, document_no="罚2", **before))
    make_event(violation(code, document_no="罚3", occurred_on=ago(3), decided_on=ago(2)))
    old, new = bearers(code)
    kept = db.session.execute(select(Event.document_no, Event.enterprise_id))
    assert dict(map(tuple, kept)) == {"罚1": old, "罚2": old, "罚3": new}
    shown = client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]
    assert [event["document_no"] for event in shown] == ["罚3"]


def test_more_codes_than_a_query_can_name_are_closed_and_given_out_again_at_once(
    take: Import, clock: Clock
) -> None:
    codes = sorted(fictional_code(number) for number in range(2 * (FEW + 1)))
    every = [f"{code},铜都示例有限公司,2015-05-05" for code in codes]
    ended = [f"{line},注销" for line in every[::2]]
    again = [f"{code},铜都新示例有限公司,2026-11-24,存续" for code in codes[::2]]
    take("\n".join([HEADER, *every]))
    for lines, told, living in (
        (ended, "new 0, changed 501, unchanged 0", codes[1::2]),
        (again, "new 501, changed 0, unchanged 0", codes),
    ):
        result, _ = take("\n".join([f"{HEADER},登记状态", *lines]))
        assert result.stdout == f"{told}, rejected 0\n"
        found = db.session.scalars(select(Enterprise.code).where(Enterprise.living))
        assert sorted(found) == living
        clock.day = date(2026, 11, 25)
    assert [len(bearers(code)) for code in codes[:2]] == [2, 1]
