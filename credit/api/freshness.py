"""Each answer says how fresh each department is: `Data-Freshness: d3=2026-11-20, d5=2026-10-01`.

It is a header, not a part of the document: what a record says, and its ETag, doesn't change because
another department reported. The numbers are those of /api/v1/statistics/departments.
"""

from __future__ import annotations

from time import monotonic

from flask import Flask, Response, current_app, request

from credit.clock import today
from credit.services.scorecards import freshness

HEADER, SECONDS = "Data-Freshness", 60.0


def init_app(app: Flask) -> None:
    """Tell it with every answer of the API to a reader."""
    app.extensions["freshness"] = (0.0, "")
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if request.method == "GET" and response.status_code in (200, 304) and request.path.startswith("/api/v1/"):
        response.headers.add(HEADER, _told())
    return response


def _told() -> str:
    """Asked anew once a minute: a look-up must not pay for it."""
    until, text = current_app.extensions["freshness"]
    if monotonic() >= until:
        found = freshness(today())
        text = ", ".join(f"d{one['id']}={one['last_report_on'] or 'none'}" for one in found) or "none"
        current_app.extensions["freshness"] = (monotonic() + SECONDS, text)
    return str(text)
