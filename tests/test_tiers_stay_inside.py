"""No public door tells a tier: two registers that differ in tiers alone answer the public byte for byte alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from credit.db import db, transaction
from credit.models import Standing
from credit.services import tallies
from tests.conftest import TODAY, Once
from tests.draws.registers import make_tiers
from tests.test_expiry_everywhere import PROBES

# It counts requests: no two answers of it are alike.
COUNTS = ("health.metrics",)


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def test_the_public_answers_alike_whatever_the_tiers_are(
    app: Flask, client: FlaskClient, codes: Any, tmp_path: Path
) -> None:
    app.config["CREDIT_OPEN_DATA"] = str(tmp_path / "open")
    firms = [codes[tier][0] for tier in codes]
    asked = {path for door, of in PROBES.items() if door not in COUNTS for code in firms for path in of(code, TODAY)}
    before = {path: client.get(path).data for path in sorted(asked)}
    for tier in ("4", "1", None):
        with transaction("test"):
            db.session.execute(update(Standing).values(tier=tier))
        tallies.forget()
        for path in sorted(asked):
            assert client.get(path).data == before[path], (tier, path)


def test_no_public_answer_says_tier_beside_a_value(client: FlaskClient, codes: Any) -> None:
    for tier, some in codes.items():
        told = client.get(f"/api/v1/enterprises/{some[0]}").json
        assert not any("tier" in name for name in told), tier
        page = client.get(f"/enterprises/{some[0]}").text
        assert not any(word in page for word in ("信用监管", "责任监管", "常态监管", "加严监管")), tier
