"""Every call of the API: which of them are for staff, and which need no key though they write."""

from __future__ import annotations

from tests import inspection_cases, warning_cases

CALLS = {
    "GET /api/v1/enterprises", "GET /api/v1/enterprises/{code}", "PUT /api/v1/enterprises/{code}",
    "GET /api/v1/enterprises/{code}/grades", "GET /api/v1/blacklist", "GET /api/v1/policy", "POST /api/v1/events",
    "GET /api/v1/events/{event_id}", "POST /api/v1/events/{event_id}/corrections",
    "POST /api/v1/events/{event_id}/withdrawal", "POST /api/v1/events/{event_id}/restoration",
    "POST /api/v1/events/{event_id}/demands", "POST /api/v1/events/{event_id}/demands/{number}/refusal",
    "GET /api/v1/events/{event_id}/redaction", "POST /api/v1/events/{event_id}/redaction",
    "POST /api/v1/policy/backtest", "GET /api/v1/policy/model-card",
    "GET /api/v1/listings", "POST /api/v1/listings", "POST /api/v1/listings/cases", "GET /api/v1/listings/{number}",
    "POST /api/v1/listings/{number}/acts",
    "GET /api/v1/listings/{number}/documents", "GET /api/v1/listings/{number}/documents/{kind}",
    "GET /api/v1/listings/{number}/documents/{kind}.pdf", "GET /api/v1/listings/former",
    "GET /api/v1/audit", "GET /api/v1/alerts", "GET /api/v1/changes", "GET /api/v1/items/{gtin}",
    "POST /api/v1/items/prefixes", "POST /api/v1/recalls", "POST /api/v1/recalls/{number}/closure",
    "GET /api/v1/statistics/departments", "GET /api/v1/statistics/departments/scorecards",
    "POST /api/v1/events/batch", "GET /api/v1/events/batch/{number}", "GET /api/v1/events/batch/{number}/results",
    "POST /api/v1/events/batch/{number}/resume", "GET /api/v1/webhooks", "POST /api/v1/webhooks",
    "DELETE /api/v1/webhooks/{number}", "GET /api/v1/webhooks/{number}/dead", "POST /api/v1/webhooks/{number}/replay",
    "GET /api/v1/policy/versions", "GET /api/v1/enterprises/{code}/forecast", "POST /api/v1/policy/what-if",
    "GET /api/v1/complaints", "POST /api/v1/complaints", "GET /api/v1/complaints/{number}",
    "POST /api/v1/complaints/{number}/withdrawal", "POST /api/v1/complaints/{number}/opening",
    "POST /api/v1/complaints/{number}/acts",
    "GET /api/v1/objections", "POST /api/v1/objections", "GET /api/v1/objections/{number}",
    "POST /api/v1/objections/{number}/ask", "POST /api/v1/objections/{number}/answer",
    "POST /api/v1/objections/{number}/decide", "POST /api/v1/objections/{number}/resume",
    "GET /api/v1/falls", "GET /api/v1/watches", "POST /api/v1/watches", "POST /api/v1/watches/{number}/end", "GET /api/v1/repairs", "POST /api/v1/repairs", "GET /api/v1/repairs/{number}",
    *(f"POST /api/v1/repairs/{{number}}/{act}" for act in ("accept", "reject", "decide", "revoke")),
    "GET /api/v1/repairs/archive", "GET /api/v1/repairs/deletions", "GET /api/v1/repairs/masks",
    "POST /api/v1/repairs/masks", "POST /api/v1/repairs/masks/{number}/end",
    "GET /api/v1/draws", "POST /api/v1/draws", "GET /api/v1/draws/{number}", "POST /api/v1/draws/{number}/acts",
    "GET /api/v1/draws/commitments", "GET /api/v1/draws/{number}/proof", "GET /api/v1/draws/{number}/inputs",
    "GET /api/v1/draws/inspectors", "POST /api/v1/draws/inspectors", "POST /api/v1/draws/inspectors/{number}/recusals",
    "POST /api/v1/draws/inspectors/{number}/leave",
    "GET /api/v1/statistics/quality", "GET /api/v1/statistics/targets",
    *warning_cases.CALLS, *inspection_cases.CALLS, "GET /api/v1/tiers", "GET /api/v1/tiers/summary", "GET /api/v1/tiers/list.csv",
    "GET /api/v1/tiers/list.xlsx",
    "POST /api/v1/screenings", "POST /api/v1/screenings/file", "POST /api/v1/receipts/verify",
    "GET /api/v1/receipts/{number}", "GET /.well-known/jwks.json",
    "POST /api/v1/supplier-lists", *(f"{how} /api/v1/supplier-lists/{{number}}" for how in ("GET", "PUT", "DELETE")),
    "GET /api/v1/blacklist/beginning/{prefix}", "GET /api/v1/blacklist/filter",
    "POST /api/v1/tenders", "POST /api/v1/receipts/{number}/clearances",
    "DELETE /api/v1/receipts/{number}/clearances/{clearance}",
    "GET /api/v1/log", *(f"GET /api/v1/log/{part}" for part in ("heads", "leaves", "inclusion", "consistency", "listings/{code}")),
}  # fmt: skip

STAFF = {
    "GET /api/v1/events/{event_id}", "GET /api/v1/events/{event_id}/redaction", "GET /api/v1/audit", "GET /api/v1/alerts",
    "GET /api/v1/listings", "GET /api/v1/listings/{number}", "GET /api/v1/listings/former",
    "GET /api/v1/listings/{number}/documents", "GET /api/v1/listings/{number}/documents/{kind}",
    "GET /api/v1/listings/{number}/documents/{kind}.pdf",
    "GET /api/v1/statistics/departments/scorecards", "GET /api/v1/events/batch/{number}",
    "GET /api/v1/events/batch/{number}/results", "GET /api/v1/webhooks", "GET /api/v1/webhooks/{number}/dead",
    "GET /api/v1/complaints", "GET /api/v1/objections", "GET /api/v1/falls", "GET /api/v1/watches", "GET /api/v1/repairs", "GET /api/v1/repairs/archive", "GET /api/v1/repairs/deletions",
    "GET /api/v1/repairs/masks", "GET /api/v1/draws", "GET /api/v1/draws/{number}", "GET /api/v1/draws/inspectors",
    *(call for call in warning_cases.CALLS if call.startswith("GET")),
    *(call for call in inspection_cases.CALLS if call.startswith("GET")), "GET /api/v1/tiers", "GET /api/v1/tiers/summary",
    "GET /api/v1/tiers/list.csv", "GET /api/v1/tiers/list.xlsx",
}  # fmt: skip
# Enterprises have no key: the document number and the limit of the address guard it.
WITHOUT_KEY = {"POST /api/v1/complaints", "POST /api/v1/complaints/{number}/withdrawal", "POST /api/v1/objections", "POST /api/v1/repairs", "POST /api/v1/screenings", "POST /api/v1/screenings/file",
               "POST /api/v1/receipts/verify", "POST /api/v1/tenders", "POST /api/v1/receipts/{number}/clearances",
               "POST /api/v1/supplier-lists", *(f"{how} /api/v1/supplier-lists/{{number}}" for how in ("PUT", "DELETE")),
               "DELETE /api/v1/receipts/{number}/clearances/{clearance}"}
