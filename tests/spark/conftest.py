"""A register's facts as an export."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.makers import (
    award,
    inspection,
    make_enterprise,
    make_events,
    make_listing,
    violation,
)
from tests.spark.runs import (
    FEW_BUCKETS,
    FIRMS,
    command,
)


@pytest.fixture
def export(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """A few enterprises and their facts as an export."""
    codes = [make_enterprise(number) for number in range(FIRMS)]
    make_events(*(kind(code) for code in codes[::2] for kind in (violation, inspection, award)))
    make_listing(codes[1])
    command(runner, "export", tmp_path / "facts", "--buckets", FEW_BUCKETS)
    return tmp_path / "facts"
