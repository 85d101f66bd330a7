"""The blacklist as Atom, and the page of the open data with the files of the last export."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from tests.conftest import TODAY, Clock
from tests.makers import make_enterprise, make_listing, make_officers

NS = {"a": "http://www.w3.org/2005/Atom"}


def feed(client: FlaskClient, query: str = "") -> ET.Element:
    answer = client.get(f"/blacklist.atom{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.data)


def words(element: ET.Element, name: str) -> str:
    found = element.find(f"a:{name}", NS)
    assert found is not None and found.text, name
    return found.text


class TestAtom:
    def test_entries_are_listings_in_force_the_newest_first(self, client: FlaskClient) -> None:
        officers, codes = make_officers(), [make_enterprise(number) for number in (1, 2, 3)]
        make_listing(codes[0], TODAY - timedelta(days=9), officers=officers)
        make_listing(codes[1], officers=officers, facts="引自\ufffe文书")
        make_listing(codes[2], until="confirm", officers=officers)
        root = feed(client)
        entries = root.findall("a:entry", NS)
        assert [codes[1] in words(entries[0], "title"), codes[0] in words(entries[1], "title")] == [True, True]
        assert len(entries) == 2
        assert words(root, "updated") == words(entries[0], "updated")

    def test_it_has_all_that_the_standard_asks_for(self, client: FlaskClient) -> None:
        make_listing(make_enterprise())
        root = feed(client)
        (entry,) = root.findall("a:entry", NS)
        for element in (root, entry):
            assert words(element, "id").startswith("urn:uuid:")
            assert datetime.fromisoformat(words(element, "updated")).tzinfo
            assert element.find("a:author/a:name", NS) is not None
        links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
        assert links == {"self": "http://localhost/blacklist.atom", "alternate": "http://localhost/blacklist"}
        assert "2026-11-22" in words(entry, "summary")

    def test_an_entry_goes_with_its_term_and_ids_stay(self, client: FlaskClient, clock: Clock) -> None:
        make_listing(make_enterprise())
        before = words(feed(client).findall("a:entry", NS)[0], "id")
        assert words(feed(client, "?lang=en").findall("a:entry", NS)[0], "id") == before
        clock.day = TODAY.replace(year=2030)
        assert feed(client).findall("a:entry", NS) == []

    def test_who_has_it_is_sent_nothing_and_the_page_names_it(self, client: FlaskClient) -> None:
        answer = client.get("/blacklist.atom")
        again = client.get("/blacklist.atom", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert 'type="application/atom+xml"' in client.get("/blacklist").text


class TestOpenData:
    @pytest.fixture
    def offered(self, app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Path:
        make_listing(make_enterprise())
        folder = tmp_path / "open"
        assert runner.invoke(args=["credit", "export", str(folder), "--format", "csv,jsonl"]).exit_code == 0
        app.config["CREDIT_OPEN_DATA"] = str(folder)
        return folder

    def test_the_page_tells_of_every_data_set_without_any_export(self, client: FlaskClient) -> None:
        for lang in ("zh", "en"):
            page = client.get(f"/open-data?lang={lang}").text
            for name in ("enterprises", "grades", "violations", "inspections", "awards", "blacklist", "feed_id"):
                assert name in page
        assert client.get("/open-data/manifest.json").status_code == 404

    def test_files_of_the_last_export_are_offered_by_name(self, client: FlaskClient, offered: Path) -> None:
        page = client.get("/open-data").text
        for path in offered.iterdir():
            assert f"/open-data/{path.name}" in page
            with client.get(f"/open-data/{path.name}") as answer:
                assert answer.data == path.read_bytes()
                assert answer.headers["Content-Disposition"].startswith("attachment")
        assert client.get("/open-data/enterprises.parquet").status_code == 404

    @pytest.mark.parametrize("name", ["../credit.db", "..%2Fcredit.db", "diary.txt", "."])
    def test_nothing_else_is(self, client: FlaskClient, offered: Path, name: str) -> None:
        (offered / "diary.txt").write_text("mine")
        assert client.get(f"/open-data/{name}").status_code in (308, 404)
