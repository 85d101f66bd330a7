"""What is wrong in files of events: each bad row named by line and field, the good ones in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.models import Event
from tests.event_files import FINE, TEST, event_importer, events, table
from tests.register_files import FIRST, SECOND, THIRD, Import, last_seq, rejects, workbook


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import events through the command door."""
    return event_importer(runner, tmp_path)


WRONG: list[tuple[dict[str, str], str, str, str]] = [
    ({"fnie": "5"}, "fnie", "invalid", "Is it fine?"),
    ({"occurred_on": "2026-11-23"}, "occurred_on", "invalid", "future"),
    ({"decided_on": "2026-04-01"}, "decided_on", "invalid", "before occurred_on"),
    ({"published_on": "2026-05-31"}, "published_on", "invalid", "before decided_on"),
    ({"occurred_on": "2026-02-30"}, "occurred_on", "invalid", "Not a valid date"),
    ({"fine": "-1"}, "fine", "invalid", "0"),
    ({"fine": "viel"}, "fine", "invalid", "number"),
    ({"fine": "NaN"}, "fine", "invalid", ""),
    ({"fine": ""}, "fine", "invalid", "amount"),
    ({"category": "bad_mood"}, "category", "invalid", "food_safety"),
    ({"penalties": "fine; flogging"}, "penalties.1", "invalid", "detention"),
    ({"penalties": ""}, "penalties", "invalid", "Missing"),
    ({"document_no": ""}, "document_no", "invalid", "Missing"),
    ({"document_no": "罚\x00"}, "document_no", "invalid", "U+0000"),
    ({"facts": "罚\x1b"}, "facts", "invalid", "U+001B"),
    ({"document_no": "长" * 300}, "document_no", "invalid", "256"),
    ({"gtin": "6901234567890"}, "item.gtin", "invalid", "check digit"),
    ({"item": "{broken"}, "item", "invalid", ""),
    ({"heavier": "perhaps"}, "heavier", "invalid", "boolean"),
    ({"code": ""}, "code", "invalid", "Missing"),
    ({"code": FIRST[:17]}, "code", "bad-code", FIRST),
    ({"code": FIRST[:10] + "7" + FIRST[11:]}, "code", "bad-code", FIRST),
    ({"code": "91340799MA00000004"}, "code", "bad-code", ""),
    ({"kind": "award"}, "kind", "invalid", "violation"),
]  # fmt: skip


def test_every_bad_row_is_named_by_line_field_and_reason_and_the_good_ones_are_in(
    take: Import,
) -> None:
    rows = [
        FINE | {"document_no": f"罚{number}"} | wrong for number, (wrong, *_) in enumerate(WRONG)
    ]
    answer = take("violation", table(FINE, *rows, FINE | {"code": SECOND}))
    result, rejected = answer
    assert result.exit_code == 1
    assert result.stdout == f"new 2, changed 0, unchanged 0, rejected {len(WRONG)}\n"
    told = list(rejected.iter_rows(named=True))
    for line, (wrong, column, reason, words) in enumerate(WRONG, start=3):
        fields = {row["column"]: row for row in told if int(row["line"]) == line}
        assert column in fields, (wrong, fields)
        assert fields[column]["reason"] == reason, (wrong, fields)
        assert words in fields[column]["suggestion"], (wrong, fields)
    assert [event.code for event in events()] == [FIRST, SECOND]


def test_an_end_before_the_start_and_a_negative_term_are_refused_in_awards(take: Import) -> None:
    award = {
        "code": FIRST,
        "document_no": "证1",
        "category": "certification",
        "valid_from": "2026-01-01",
        "valid_until": "2025-01-01",
    }
    rejects(take("award", table(award, award | {"document_no": "证2", "valid_until": "2026-01-01"})),
            (2, "valid_until", "invalid"), (3, "valid_until", "invalid"))  # fmt: skip
    assert events() == []


def test_the_same_document_with_other_content_is_refused_and_both_are_shown(take: Import) -> None:
    take("violation", table(FINE))
    answer = take("violation", table(FINE | {"fine": "70000"}, FINE | {"code": SECOND}))
    rejects(answer, (2, "document_no", "different-document"))
    suggestion = answer[1]["suggestion"].item()
    assert "60000" in suggestion and "70000" in suggestion
    assert [str(event.fine) for event in events()] == ["60000.00", "60000.00"]


def test_a_document_that_stands_twice_in_a_file_with_other_content_is_refused_once(
    take: Import,
) -> None:
    rejects(
        take("violation", table(FINE, FINE | {"fine": "70000"}, FINE)),
        (3, "document_no", "different-document"),
    )
    assert len(events()) == 1


def test_an_unknown_enterprise_is_named_by_its_code(take: Import) -> None:
    rejects(take("violation", table(FINE | {"code": THIRD})), (2, "code", "unknown-enterprise"))


def test_a_second_look_at_nothing_is_refused_and_takes_no_number(take: Import) -> None:
    again = TEST | {"stage": "recheck", "related_to": "无此报告"}
    before = last_seq()
    rejects(
        take("inspection", table(again, TEST | {"stage": "recheck", "document_no": "复2"})),
        (2, "of", "invalid-input"),
        (3, "of", "invalid"),
    )
    assert last_seq() == before


def test_a_code_typed_as_a_number_is_refused_whatever_the_header_calls_it(
    take: Import, tmp_path: Path
) -> None:
    row: dict[str, object] = FINE | {"code": 913407990000000123}
    rows = [["信用代码" if name == "code" else name for name in row], list(row.values())]
    answer = take("violation", workbook(tmp_path / "events.xlsx", rows))
    rejects(answer, (2, "code", "invalid"))
    assert "15位" in answer[1]["suggestion"].item()


def test_numbers_and_days_of_a_workbook_are_read_as_meant(take: Import, tmp_path: Path) -> None:
    row: dict[str, object] = FINE | {"fine": 60000.5, "document_no": 20260001}
    rejects(take("violation", workbook(tmp_path / "events.xlsx", [list(row), list(row.values())])))
    (event,) = events()
    assert (str(event.fine), event.document_no) == ("60000.50", "20260001")


def test_strict_keeps_nothing_and_names_the_bad_rows_all_the_same(take: Import) -> None:
    before = last_seq()
    answer = take("violation", table(FINE, FINE | {"document_no": "罚2", "fine": "-1"}), "--strict")
    rejects(answer, (3, "fine", "invalid"))
    assert "nothing was kept" in answer[0].stderr
    assert (events(), last_seq()) == ([], before)


def test_ragged_rows_of_events_are_named(take: Import) -> None:
    text = table(FINE) + table(FINE | {"code": SECOND}).split("\n")[1].rsplit(",", 1)[0] + "\n"
    rejects(take("violation", text), (3, "line", "invalid"))


def test_a_file_of_events_that_cant_be_read_is_refused_as_a_whole(
    take: Import, runner: FlaskCliRunner
) -> None:
    for content, name in (
        ("", "events.csv"),
        ("code,fine", "events.csv"),
        ("[]\n", "events.jsonl"),
        ('{"a":', "events.jsonl"),
    ):
        result, _ = take("violation", content, name=name)
        assert (result.exit_code, result.stdout) == (2, ""), content
        assert result.stderr.startswith("file-refused: ")
    assert take("verdict", table(FINE))[0].exit_code == 2
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


def test_a_department_that_isnt_there_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(table(FINE))
    result = runner.invoke(
        args=[
            "credit",
            "import-events",
            "violation",
            str(tmp_path / "events.csv"),
            "--department",
            "无此局",
        ]
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("unknown-department: ")
