"""The public record as PDF: what the page says, in an embedded Chinese font, with the way to check it."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from flask.testing import FlaskClient

from tests.conftest import TODAY
from tests.makers import ago, inspection, make_enterprise, make_event, make_listing, violation
from tests.pdf import text_of


@pytest.fixture
def code() -> str:
    code = make_enterprise()
    make_event(violation(code, document_no="示例罚〔2026〕1号", fine=60000))
    make_event(inspection(code))
    make_listing(code, TODAY - timedelta(days=9))
    return code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_tells_who_the_grade_and_why_the_listing_and_every_record(client: FlaskClient, code: str, lang: str) -> None:
    answer = client.get(f"/enterprises/{code}.pdf?lang={lang}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    told, record = text_of(answer.data), client.get(f"/api/v1/enterprises/{code}").get_json()
    words = [record["name"], code, "示例罚〔2026〕1号", "示例列〔2026〕1号", f"/enterprises/{code}", record["policy"]["id"]]
    words += [finding["sentence"][lang] for finding in record["findings"] if finding["points"]]
    words += [record["listings"][0]["removal_conditions"][lang], str(record["score"]), str(record["seq"])]
    assert [word for word in words if word.replace(" ", "") not in told] == []
    fonts = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert {font.get_object()["/BaseFont"].split("+")[1][:11] for font in fonts.values()} == {"NotoSansCJK"}


def test_a_past_day_tells_what_may_be_shown_today(client: FlaskClient, code: str) -> None:
    told = text_of(client.get(f"/enterprises/{code}.pdf?as_of={ago(30)}").data)
    assert "示例列〔2026〕1号" not in told and code in told


def test_it_is_fresh_no_longer_than_the_day_and_an_unknown_code_is_no_pdf(client: FlaskClient, code: str) -> None:
    first = client.get(f"/enterprises/{code}.pdf")
    again = client.get(f"/enterprises/{code}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and first.cache_control.public and (first.cache_control.max_age or 999) <= 300
    assert client.get("/enterprises/91340799MAFK99999X.pdf").mimetype == "text/html"
    assert client.get("/enterprises/91340799MAFK99999X.pdf").status_code in (400, 404)
