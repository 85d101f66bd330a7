"""Published test values and real codes: each agrees with its source, or the table says why not.

Real codes are named by their line in the shared table, never written here.
"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from credit import identifiers
from credit.identifiers import check_code
from credit.rules.codes import code_problems

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

PILOT = "really issued in the Fujian pilots; enters only by an administrator's override"
DISPUTED_CODES = {
    209: ("check_digit", PILOT),
    223: ("check_digit", PILOT),
    224: ("check_digit", PILOT),
    225: ("check_digit", PILOT),
    230: ("length", "the source's example has 19 places, a zero too many"),
    233: ("check_digit", "the source lists it as input and expects nothing; department 3"),
    577: ("letter", "a letter among the division digits: tagged as check digit, refused earlier"),
}
DISPUTED_ORGANIZATION_CODES = {
    11: (None, "lower case: we normalise first, the strict reading is not ours"),
    16: (None, "no expectation; fits"),
    17: ("check_digit", "no expectation; doesn't fit GB 11714"),
    18: (None, "all zeros: reserved by that validator, not by the standard; it fits"),
}
IN_REGISTER_FAILING = "in the register; fails the check digit"
IN_REGISTER_LOWER = "in the register; lower-case letter"


def rows(path: str) -> list[tuple[int, dict[str, str]]]:
    """Read a shared table with its line numbers; the header is line 1."""
    if not (DATA / path).exists():
        pytest.skip(f"shared data not here: {path}")
    with (DATA / path).open(encoding="utf-8-sig", newline="") as file:
        return list(enumerate(csv.DictReader(file), 2))


def reason(text: str) -> str | None:
    problem = check_code(text)
    return problem.reason if problem else None


@pytest.mark.real
def test_the_published_unified_codes():
    for line, row in rows("vectors/uscc_vectors.csv"):
        found, expected = reason(row["input"]), row["expected_by_source"]
        assert (found is None) == (row["computed_after_nfkc_strip_upper"] == "valid"), line
        if line in DISPUTED_CODES:
            assert found == DISPUTED_CODES[line][0], line
        elif expected == IN_REGISTER_FAILING:
            # Genuine firms: refused at the door, accepted by an override that states the reason.
            assert found == "check_digit", line
        elif expected.startswith(("valid", IN_REGISTER_LOWER, "lower case as found")):
            assert found is None, line
        else:
            words = {"length": "length", "format": "letter", "alphabet": "letter"}
            named = expected.removeprefix("invalid: ").split(" ")[0]
            assert found == words.get(named, "check_digit"), line


@pytest.mark.real
def test_the_published_unified_codes_as_a_column():
    texts = [row["input"] for _, row in rows("vectors/uscc_vectors.csv")]
    assert code_problems(pl.Series(texts)).to_list() == [reason(text) for text in texts]


@pytest.mark.real
def test_the_published_organization_codes():
    for line, row in rows("vectors/org_code_gb11714_vectors.csv"):
        problem = identifiers.check_organization_code(row["input"])
        if line in DISPUTED_ORGANIZATION_CODES:
            assert (problem and problem.reason) == DISPUTED_ORGANIZATION_CODES[line][0], line
        else:
            assert (problem is None) == (row["expected_by_source"] == "valid"), line


@pytest.mark.real
def test_the_published_registration_numbers():
    for line, row in rows("vectors/regno15_gs15_2006_vectors.csv"):
        problem = identifiers.check_registration_number(row["input"])
        assert (problem is None) == (row["expected_by_source"] == "valid"), line


@pytest.mark.real
def test_the_published_gtins():
    for line, row in rows("vectors/gtin13_cn.csv"):
        problem = identifiers.check_gtin(row["gtin"])
        assert (problem is None) == (row["check_digit"] == "valid"), line
        if problem is None:
            chinese = row["gs1_cn_690_699"] == "True"
            assert identifiers.registered_in_china(row["gtin"]) == chinese, line


@pytest.mark.real
def test_the_codes_of_real_firms_are_valid():
    texts = [row["统一社会信用代码"] for _, row in rows("registry/tongling_dev_500.csv")]
    assert code_problems(pl.Series(texts)).null_count() == len(texts)


@pytest.mark.real
def test_the_anomalies_of_the_register_get_their_reason():
    words = {
        "lowercase_but_valid_when_upper": None,
        "check_digit": "check_digit",
        # 18 places as written, but hyphens don't count.
        "illegal_alphabet": "length",
    }
    for line, row in rows("registry/anomalies_dev.csv"):
        if row["anomaly"].startswith("columns="):
            continue  # The row is broken, not the code.
        assert reason(row["统一社会信用代码"]) == words.get(row["anomaly"], "length"), line
