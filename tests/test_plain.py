"""The fast reader of events: it never takes what the shape refuses, and what it takes loads to the same."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from credit.services.event_rows import row_of
from schemas.event import SHAPES, load_plain
from schemas.plain import Plain
from tests.conftest import TODAY
from tests.makers import ago, award, inspection, violation

SHAPED = {kind: shape(day=TODAY) for kind, shape in SHAPES.items()}
GOOD = {
    "violation": violation("91340799MAFK50018B", item={"product": "粳米", "lot": "7"}, facts="一行\n二行", related_to=[]),
    "inspection": inspection("91340799MAFK50018B", stage="recheck", related_to=[{"document_no": "抽1"}]),
    "award": award("91340799MAFK50018B", valid_until="2027-01-01"),
}
DAYS = [ago(-1), ago(0), ago(61), "1949-09-30", "1949-10-01", "2026-02-30", "2026-2-3", "20260203", "2026-W01-1", "２０２６-01-01"]
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 60000, 60000.5, 1e999, "", " ", "a", " a ", "长" * 256, "长" * 257, "a\x00", "a\x7f", "a\x85b",
    "\ud800", "\u2028", "　全角　", "a\tb", "fine", "罚款", "FINE", "pending", "true", "yes", "60000", "60000.001", "-1", "1e3",
    "NaN", "９", "0060000.10", "1_000", "12345678901234", "9999999999999.99", [], ["fine"], ["fine", "fine"], ["whip"],
    [None], [["fine"]], {}, {"product": "x"}, {"gtin": "6901234567892"}, {"gtin": "6901234567890"}, {"served_on": ago(1)},
    {"served_on": None}, {"colour": "red"}, [{"document_no": "x"}], [{"document_no": ""}], [{}], *DAYS,
]  # fmt: skip
values = st.one_of(st.sampled_from(ODD), st.text(max_size=5), st.dates().map(str), st.integers(), st.booleans())


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """Some documents of one kind: good ones with some fields that are anything."""
    kind = draw(st.sampled_from(sorted(SHAPES)))
    names = [*SHAPED[kind].fields, "colour"]
    changed = st.dictionaries(st.sampled_from(names), values, max_size=3)
    left_out = st.sets(st.sampled_from(names), max_size=1)
    made = [
        {name: value for name, value in (GOOD[kind] | draw(changed)).items() if name not in gone}
        for gone in draw(st.lists(left_out, min_size=1, max_size=4))
    ]
    return kind, made


def loaded(kind: str, document: dict[str, Any]) -> dict[str, Any] | None:
    """What the shape itself loads; None where it refuses."""
    try:
        found: dict[str, Any] = SHAPED[kind].load(document)
    except ValidationError:
        return None
    return found


@given(documents())
@settings(max_examples=400, deadline=None)
def test_what_is_plainly_good_is_what_the_shape_loads(drawn: tuple[str, list[dict[str, Any]]]) -> None:
    kind, rows = drawn
    alone = [Plain(SHAPED[kind]).load(row) for row in rows]
    together = load_plain(kind, rows, TODAY)
    for row, one, other in zip(rows, alone, together, strict=True):
        truth = loaded(kind, row)
        for found in (one, other):
            if found is not None:
                assert truth is not None, row
                assert (found, _digest(found)) == (truth, _digest(truth)), row


def _digest(event: dict[str, Any]) -> str:
    row, related = row_of(event, 1, "91340799MAFK50018B", 1, "示例局")
    assert related == sorted(related)
    return str(row["content_digest"])


def test_good_documents_are_plain_alone_and_in_a_block() -> None:
    for kind, document in GOOD.items():
        assert load_plain(kind, [document] * 3, TODAY) == [loaded(kind, document)] * 3
        assert Plain(SHAPED[kind]).load(orjson.loads(orjson.dumps(document))) == loaded(kind, document)


def test_one_doubtful_row_spoils_no_other() -> None:
    rows = [violation("x", document_no=str(number)) for number in range(5)]
    rows[3]["fine"] = "-1"
    assert [row is None for row in load_plain("violation", rows, TODAY)] == [False, False, False, True, False]
