"""Items: an item code leads to its enterprise, its inspections and violations, and its open recalls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.items import overlap, prefixes_of, written
from credit.services.items import prefixes
from tests.conftest import TODAY, Clock
from tests.desk import send, sign_in
from tests.makers import (
    ago,
    code_of,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_key,
    violation,
)

GTIN, PREFIX = "9520000000028", "9520000"  # 952: GS1's own range for demonstrations
ITEM = {"gtin": GTIN, "lot": "L-1", "product": "示例插座"}
RECALL = {
    "document_no": "示例召〔2026〕1号", "gtin": GTIN, "lots": ["L-1"], "product": "示例插座",
    "hazard": "防触电保护不符合标准。", "remedy": "免费退换。", "opened_on": ago(10),
}  # fmt: skip


def held(client: FlaskClient, number: int = 1, **fields: Any) -> Any:
    sent = {"prefix": PREFIX, "code": code_of(number), "valid_from": "2020-01-01"} | fields
    return client.post("/api/v1/items/prefixes", json=sent, headers=make_key())


def trace(client: FlaskClient, gtin: str = GTIN, **query: str) -> Any:
    return client.get(f"/api/v1/items/{gtin}", query_string=query).json


def test_a_prefix_leads_from_an_item_to_its_enterprise_inspections_and_violations(client: FlaskClient) -> None:
    code = make_enterprise(1)
    assert held(client).status_code == 201
    make_event(inspection(code, item=ITEM))
    make_event(violation(code, item=ITEM))
    make_event(inspection(code, document_no="抽2", item={"product": "另一产品"}))
    told = trace(client)
    assert (told["holder"]["code"], told["holder"]["prefix"], told["flag"]) == (code, PREFIX, None)
    assert [len(told[kind]) for kind in ("inspections", "violations")] == [1, 1]
    assert told["product"] == "示例插座" and told["violations"][0]["lot"] == "L-1"


def test_a_seller_who_sold_it_is_named_with_its_own_inspection(client: FlaskClient) -> None:
    make_enterprise(1)
    seller = make_enterprise(2)
    held(client)
    make_event(inspection(seller, item=ITEM, role="seller"))
    told = trace(client)
    assert told["holder"]["code"] == code_of(1) and told["inspections"][0]["code"] == seller


def test_an_unknown_prefix_is_kept_flagged_and_listed_for_follow_up(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, item=ITEM))
    told = trace(client)
    assert told["flag"] == "unknown-prefix" and told["holder"] is None and len(told["inspections"]) == 1
    assert [row["gtin"] for row in prefixes.unknown(TODAY)] == [GTIN.zfill(14)]
    held(client)
    assert prefixes.unknown(TODAY) == []


@pytest.mark.parametrize("form", [GTIN, GTIN.zfill(14), "".join(chr(ord(digit) + 0xFEE0) for digit in GTIN)])
def test_an_item_is_the_same_however_it_is_written(client: FlaskClient, form: str) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, item=ITEM | {"gtin": form}))
    assert len(trace(client)["inspections"]) == len(trace(client, form)["inspections"]) == 1


def test_a_lot_narrows_to_itself_and_to_what_names_no_lot(client: FlaskClient) -> None:
    code = make_enterprise(1)
    for number, lot in enumerate(["L-1", "L-2", None]):
        item = {"gtin": GTIN} | ({"lot": lot} if lot else {})
        make_event(inspection(code, document_no=f"抽{number}", item=item))
    assert {event["lot"] for event in trace(client, lot="L-1")["inspections"]} == {"L-1", None}
    assert len(trace(client)["inspections"]) == 3


def test_a_holder_holds_on_its_days_only_and_two_never_share_one(client: FlaskClient) -> None:
    make_enterprise(1)
    make_enterprise(2)
    held(client, 1, valid_until="2026-01-01")
    clash = held(client, 2, valid_from="2025-12-31")
    assert clash.status_code == 409 and code_of(1) in clash.json["detail"]
    assert held(client, 2, valid_from="2026-01-01").status_code == 201
    assert trace(client)["holder"]["code"] == code_of(2)
    assert prefixes.holder(GTIN.zfill(14), date(2025, 12, 31)).enterprise_id != prefixes.holder(
        GTIN.zfill(14), TODAY
    ).enterprise_id


def test_the_end_of_a_span_is_corrected_by_a_new_version(client: FlaskClient) -> None:
    make_enterprise(1)
    held(client)
    assert held(client).status_code == 200
    assert held(client, valid_until="2026-01-01").status_code == 201
    assert trace(client)["holder"] is None


def test_the_longest_prefix_wins(client: FlaskClient) -> None:
    make_enterprise(1)
    make_enterprise(2)
    held(client, 1, prefix="95200")
    held(client, 2, prefix="952000000")
    assert trace(client)["holder"]["code"] == code_of(2)


def test_a_gtin_8_is_held_as_a_whole(client: FlaskClient) -> None:
    make_enterprise(1)
    eight = "95200002"
    assert held(client, prefix="95200003", gtin_8=True).status_code == 422
    assert held(client, prefix=eight, gtin_8=True).status_code == 201
    assert trace(client, eight)["holder"]["code"] == code_of(1)
    assert trace(client, GTIN)["holder"] is None


def test_a_recall_is_shown_while_it_is_open(client: FlaskClient) -> None:
    code, key = make_enterprise(1), make_key()
    for gtin in ("", "9520000000020"):
        wrong = client.post("/api/v1/recalls", json=RECALL | {"code": code, "gtin": gtin}, headers=key)
        assert wrong.status_code == 422 and "gtin" in wrong.json["errors"]
    sent = client.post("/api/v1/recalls", json=RECALL | {"code": code}, headers=key)
    assert sent.status_code == 201
    assert client.post("/api/v1/recalls", json=RECALL | {"code": code}, headers=key).json["state"] == "on_file"
    assert [one["lots"] for one in trace(client)["recalls"]] == [["L-1"]]
    assert len(trace(client, lot="L-1")["recalls"]) == 1 and trace(client, lot="L-2")["recalls"] == []
    closed = client.post(f"/api/v1/recalls/{sent.json['id']}/closure", json={"closed_on": ago(0)}, headers=key)
    assert closed.json["state"] == "closed" and trace(client)["recalls"] == []


def test_only_the_department_that_recalled_may_close(client: FlaskClient) -> None:
    code = make_enterprise(1)
    sent = client.post("/api/v1/recalls", json=RECALL | {"code": code}, headers=make_key())
    path, day = f"/api/v1/recalls/{sent.json['id']}/closure", {"closed_on": ago(0)}
    assert client.post(path, json=day, headers=make_key("别的局")).status_code == 403
    early = client.post(path, json={"closed_on": ago(20)}, headers=make_key())
    assert early.status_code == 422 and "closed_on" in early.json["errors"]
    assert client.post("/api/v1/recalls/99/closure", json=day, headers=make_key()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"gtin": "9520000000029"}, "gtin"), ({"opened_on": "2999-01-01"}, "opened_on"), ({"hazard": ""}, "hazard")],
)
def test_a_wrong_recall_names_the_field(client: FlaskClient, wrong: dict[str, Any], field: str) -> None:
    make_enterprise(1)
    refused = client.post("/api/v1/recalls", json=RECALL | {"code": code_of(1)} | wrong, headers=make_key())
    assert refused.status_code == 422 and field in refused.json["errors"]


@pytest.mark.parametrize("text", ["9520000000029", "123", "abc", "00000000000000000"])
def test_what_is_no_gtin_is_refused_with_the_reason(client: FlaskClient, text: str) -> None:
    assert client.get(f"/api/v1/items/{text}").status_code == 400


def test_a_repaired_violation_leaves_the_trace_as_if_it_never_was(client: FlaskClient, clock: Clock) -> None:
    repaired, twin = make_enterprise(1), make_enterprise(2)
    held(client, 1)
    held(client, 2, prefix="952111")
    make_event(violation(repaired, item=ITEM))
    make_cessation(repaired, "示例罚〔2026〕1号", TODAY)
    told = trace(client)
    assert told["violations"] == [] and told["holder"]["grade"] == trace(client, "9521110000007")["holder"]["grade"]
    assert twin not in str(told)


def test_what_is_over_by_the_calendar_alone_leaves_the_trace_without_any_job(client: FlaskClient, clock: Clock) -> None:
    code = make_enterprise(1)
    make_event(violation(code, item=ITEM))
    assert len(trace(client)["violations"]) == 1
    clock.day = TODAY + timedelta(days=365 * 4)
    assert trace(client)["violations"] == []


def test_a_digital_link_resolves_to_the_page_and_for_programs_to_the_api(client: FlaskClient) -> None:
    make_enterprise(1)
    page = client.get(f"/01/{GTIN}/10/L%2F1")
    assert page.status_code == 307 and page.location.endswith(f"/items/{GTIN}?lot=L/1")
    api = client.get(f"/01/{GTIN}", headers={"Accept": "application/json"})
    assert api.location.endswith(f"/api/v1/items/{GTIN}")
    assert "示例" not in client.get(f"/01/{GTIN}", follow_redirects=True).text


def test_the_page_tells_what_the_api_tells(client: FlaskClient) -> None:
    code = make_enterprise(1)
    held(client)
    make_event(violation(code, item=ITEM))
    client.post("/api/v1/recalls", json=RECALL | {"code": code}, headers=make_key())
    for lang, words in (("zh", "正在召回"), ("en", "Recall under way")):
        page = client.get(f"/items/{GTIN}?lang={lang}").text
        assert words in page and "防触电保护不符合标准。" in page and code in page


def test_an_officer_says_whose_a_prefix_is_and_the_item_leaves_the_list(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, item=ITEM))
    sign_in(client)
    assert GTIN in client.get("/desk/items").text
    wrong = send(client, "/desk/items", prefix="12", code=code, valid_from="2020-01-01")
    assert wrong.status_code == 422 and 'value="12"' in wrong.text
    done = send(client, "/desk/items", prefix=PREFIX, code=code, valid_from="2020-01-01")
    assert done.status_code == 200 and "没有待核实的商品条码" in done.text


@settings(deadline=None)
@given(digits=st.text("0123456789", min_size=13, max_size=13), packing=st.sampled_from("0123456789"))
def test_every_way_to_write_an_item_begins_with_the_same_prefixes(digits: str, packing: str) -> None:
    whole = packing + digits
    assert all(whole.endswith(form) and form.zfill(14) == whole for form in written(whole))
    found = prefixes_of(whole)
    assert found == [whole] if whole.startswith("000000") else all(digits.startswith(prefix) for prefix in found)


@settings(deadline=None)
@given(days=st.lists(st.dates(), min_size=4, max_size=4))
def test_spans_overlap_when_they_share_a_day(days: list[date]) -> None:
    first, second = sorted(days[:2]), sorted(days[2:])
    shared = max(first[0], second[0]) < min(first[1], second[1])
    if first[0] < first[1] and second[0] < second[1]:
        assert overlap((first[0], first[1]), (second[0], second[1])) is shared
