"""The command door: what each command says, its exit status, and where its errors go."""

from __future__ import annotations

import hashlib
from datetime import date

from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import ApiKey, Department, Enterprise, EnterpriseVersion, Record
from seed.codes import fictional_code
from tests.conftest import Clock
from tests.makers import make_enterprise, make_event, violation
from tests.register_files import last_seq

NAME = "铜陵真实有限公司"
CODE = fictional_code(1)
FAILING = CODE[:17] + ("0" if CODE[17] != "0" else "1")


def run(runner: FlaskCliRunner, *args: str, status: int = 0) -> Result:
    """A command with the exit status that it must have; errors on stderr, without traceback."""
    result = runner.invoke(args=["credit", *args], catch_exceptions=False)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    if status == 2:
        assert result.stdout == ""
        assert result.stderr
    return result


def test_a_genuine_failing_code_is_accepted_with_its_reason_and_looked_up(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    assert client.get(f"/api/v1/enterprises/{FAILING}").status_code == 400
    result = run(
        runner, "accept-code", FAILING.lower(), "--name", NAME, "--because", "见营业执照原件"
    )
    assert result.stdout.startswith(f"accepted {FAILING}")
    found = client.get(f"/api/v1/enterprises/{FAILING}")
    assert (found.status_code, found.get_json()["name"]) == (200, NAME)
    assert "见营业执照原件" not in found.text
    assert db.session.scalars(select(EnterpriseVersion.accepted_because)).one() == "见营业执照原件"
    before = last_seq()
    run(runner, "accept-code", FAILING, "--name", NAME, "--because", "见营业执照原件")
    assert last_seq() == before


NOT_ACCEPTED = {
    "valid": (CODE, "--name", NAME, "--because", "x"),
    "short": (FAILING[:17], "--name", NAME, "--because", "x"),
    "no letters": ("无" * 18, "--name", NAME, "--because", "x"),
    "blank reason": (FAILING, "--name", NAME, "--because", " "),
    "long name": (FAILING, "--name", "长" * 300, "--because", "x"),
    "control character": (FAILING, "--name", "铜\x00陵", "--because", "x"),
    "without reason": (FAILING, "--name", NAME),
    "without name": (FAILING, "--because", "x"),
}


def test_a_code_that_must_not_be_accepted_is_refused(runner: FlaskCliRunner) -> None:
    for args in NOT_ACCEPTED.values():
        run(runner, "accept-code", *args, status=2)
    assert db.session.scalars(select(Enterprise.id)).all() == []


def test_show_as_json_is_the_answer_of_the_api_byte_for_byte(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    code = make_enterprise(registered_on="2010-05-01")
    make_event(violation(code))
    for typed in (code, code.lower(), code[8:17]):
        assert (
            run(runner, "show", typed, "--json").stdout_bytes
            == client.get(f"/api/v1/enterprises/{typed}").data
        )
    past = run(runner, "show", code, "--json", "--as-of", "2026-11-01").stdout_bytes
    assert past == client.get(f"/api/v1/enterprises/{code}?as_of=2026-11-01").data


def test_show_says_grade_score_and_why(runner: FlaskCliRunner, client: FlaskClient) -> None:
    code = make_enterprise(registered_on="2010-05-01")
    make_event(violation(code))
    record = client.get(f"/api/v1/enterprises/{code}").get_json()
    lines = run(runner, "show", code).stdout.splitlines()
    assert lines[0] == f"{record['name']}  {code}  living"
    assert f"grade {record['grade']} " in lines[1] and f"score {record['score']}" in lines[1]
    assert len(lines) == 2 + len(record["findings"])
    assert sum(int(line.split()[0]) for line in lines[2:]) == record["score"]


WRONG_USE: list[tuple[tuple[str, ...], str]] = [
    (("show", CODE), "unknown-enterprise"),
    (("show", FAILING), "bad-code"),
    (("show", ""), "bad-code"),
    (("grade", CODE), "unknown-enterprise"),
    (("grade", "无"), "bad-code"),
    (("key", "new", "无此局"), "unknown-department"),
    (("key", "new", "99999"), "unknown-department"),
    (("grade",), "Usage"),
    (("show", CODE, "--as-of", "yesterday"), "Usage"),
    (("daily", "--on", "2026-02-30"), "Usage"),
    (("department", "add", " "), "Usage"),
    (("department", "add", "局", "--region", "铜陵"), "Usage"),
    (("key", "new", "局", "--scope", "everything"), "Usage"),
    (("no-such-command",), "Usage"),
]


def test_wrong_use_is_a_sentence_on_stderr_and_status_2(runner: FlaskCliRunner) -> None:
    for args, begins in WRONG_USE:
        assert run(runner, *args, status=2).stderr.startswith(begins), args


def test_a_day_before_the_law_is_refused(runner: FlaskCliRunner) -> None:
    code = make_enterprise(registered_on="2010-05-01")
    assert run(runner, "show", code, "--as-of", "1990-01-01", status=2).stderr.startswith(
        "before-register"
    )


def test_grade_grades_whom_it_is_told_and_writes_only_what_changed(
    runner: FlaskCliRunner, clock: Clock
) -> None:
    first, second = (
        make_enterprise(1, registered_on="2010-05-01"),
        make_enterprise(2, registered_on="2010-05-01"),
    )
    before = last_seq()
    assert run(runner, "grade", "--all").stdout == "graded 2, changed 0\n"
    assert run(runner, "grade", first, second.lower(), first).stdout.endswith("changed 0\n")
    assert last_seq() == before
    make_event(violation(first))
    clock.day = date(2028, 12, 1)
    assert run(runner, "grade", "--all").stdout == "graded 2, changed 1\n"


def test_daily_regrades_what_is_due_and_says_how_many(
    runner: FlaskCliRunner, client: FlaskClient, clock: Clock
) -> None:
    code = make_enterprise(1, registered_on="2010-05-01")
    make_enterprise(2, registered_on="2010-05-01")
    make_event(violation(code))
    assert run(runner, "daily").stdout == "due 0, changed 0\n"
    expires = db.session.scalars(select(Record.expires_on).where(Record.code == code)).one()
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]
    ahead = run(runner, "daily", "--on", expires.isoformat(), status=2)
    assert "lies in the future" in ahead.stderr
    clock.day = expires
    assert run(runner, "daily", "--on", expires.isoformat()).stdout == "due 1, changed 1\n"
    assert run(runner, "daily").stdout == "due 0, changed 0\n"


def test_a_department_is_added_once(runner: FlaskCliRunner) -> None:
    first = run(runner, "department", "add", "铜陵示范局", "--region", "340799").stdout
    assert run(runner, "department", "add", "铜陵示范局").stdout == first
    assert db.session.execute(select(Department.name, Department.region)).all() == [
        ("铜陵示范局", "340799")
    ]


def test_a_key_is_shown_once_and_kept_as_its_digest(
    runner: FlaskCliRunner, client: FlaskClient
) -> None:
    run(runner, "department", "add", "铜陵示范局")
    result = run(runner, "key", "new", "铜陵示范局", "--label", "接口")
    key = result.stdout.strip()
    assert len(key) > 40 and key not in result.stderr
    (kept,) = db.session.execute(select(ApiKey.__table__)).mappings().all()
    assert kept["digest"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(dict(kept))
    assert run(runner, "key", "new", "铜陵示范局").stdout.strip() != key
    put = {"json": {"name": NAME}, "headers": {"Authorization": f"Bearer {key}"}}
    assert client.put(f"/api/v1/enterprises/{CODE}", **put).status_code == 200  # type: ignore[arg-type]


def test_a_key_with_one_scope_may_do_no_more(runner: FlaskCliRunner, client: FlaskClient) -> None:
    run(runner, "department", "add", "铜陵示范局")
    key = run(runner, "key", "new", "铜陵示范局", "--scope", "events:write").stdout.strip()
    put = {"json": {"name": NAME}, "headers": {"Authorization": f"Bearer {key}"}}
    assert client.put(f"/api/v1/enterprises/{CODE}", **put).status_code == 403  # type: ignore[arg-type]
