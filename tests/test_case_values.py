"""Cases of a policy: a value that can't be is refused with file, case and field."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from credit.errors import InvalidInput
from credit.services.policy_cases import case_texts, read_cases
from tests.test_enactment import SHARED

CASE: dict[str, Any] = {
    "name": "a", "source": "s", "on": "2026-01-01", "firm": {"registered_on": "2010-01-01"}, "events": [],
    "expect": {"score": None, "grade": "N", "tier": 3, "findings": []},
}  # fmt: skip
EVENT = {"id": "v", "kind": "violation", "category": "metrology", "penalties": ["fine"], "fine": 60000}
BAD: dict[str, dict[str, Any]] = {
    "firm, registered_on": {"firm": {"registered_on": "long ago"}},
    "firm: unknown registerd_on": {"firm": {"registerd_on": "2010-01-01"}},
    "firm, status": {"firm": {"status": "thriving"}},
    "firm, wants_grade": {"firm": {"wants_grade": "perhaps"}},
    "firm, kind": {"firm": {"kind": "giant"}},
    "listings, 1, since": {"listings": [{"since": "soon"}]},
    "listings, 1: since is missing": {"listings": [{"until": "2026-01-01"}]},
    "listings, 1: unknown form": {"listings": [{"since": "2026-01-01", "form": "2026-01-01"}]},
    "listings: ": {"listings": "none"},
    "on: 'soon'": {"on": "soon"},
    "events, 1, cessations, 1, on": {
        "events": [EVENT | {"decided_on": "2025-01-01", "cessations": [{"ground": "repaired", "on": "later"}]}]
    },
    "events, 1, cessations, 1, ground": {
        "events": [EVENT | {"decided_on": "2025-01-01", "cessations": [{"ground": "mercy", "on": "2025-02-01"}]}]
    },
    "expect, score": {"expect": {"score": "high", "grade": "N", "tier": 3, "findings": []}},
    "expect, grade": {"expect": {"score": None, "grade": "Z", "tier": 3, "findings": []}},
    "expect, tier": {"expect": {"score": None, "grade": "N", "tier": 7, "findings": []}},
    "expect: unknown scores": {"expect": {"score": None, "scores": 1, "grade": "N", "tier": 3, "findings": []}},
}


def text(fields: dict[str, Any]) -> str:
    plain = yaml.safe_dump({"cases": [CASE | fields]}, allow_unicode=True)
    return plain.replace("'20", "20").replace("-01'", "-01")


def test_the_case_itself_is_fine() -> None:
    assert len(read_cases({"own.yaml": text({})})) == 1


@pytest.mark.parametrize("field", BAD)
def test_a_bad_value_is_named_with_file_case_and_field(field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_cases({"own.yaml": text(BAD[field])})
    assert "own.yaml, case 1 (a)" in refused.value.detail and field in refused.value.detail


def test_all_cases_of_the_policy_pass() -> None:
    assert len(read_cases(case_texts(SHARED))) >= 70
