"""The change feed: whoever follows it holds what is public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.due import up_to_date
from credit.services import feed
from credit.services.feed_ids import origin
from schemas.feed import ChangePage, ChangesQuery

blueprint = Blueprint("changes", __name__, url_prefix="/api/v1/changes", description="The change feed.")
BEGIN, PIECE = b'{"items":[', 200


@blueprint.route("")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.response(200, ChangePage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown, or a number that the register hasn't reached")
def changes(asked: dict[str, Any]) -> Response:
    """The latest public state of each enterprise and listing, in the order of seq; removals by opaque id.

    Complete from 0. With `wait`, an answer without news comes only once something changes or the time is
    over; no worker thread is held for it (credit/polling_worker.py).
    """
    day = today()
    page = feed.page(asked["after"], asked["limit"], day, up_to_date(day))
    if asked["wait"] and not page.items and not page.more and (wait := request.environ.get("credit.wait")):
        wait(asked["after"], asked["wait"])
    return _answer(page, f"{origin()}-{asked['after']}-{asked['limit']}", day.isoformat())


def _answer(page: feed.Page, asked: str, day: str) -> Response:
    """The page as JSON. New numbers are higher than all before, so these few words tell its whole content."""
    etag = f"{asked}-{day}-{page.seq}-{len(page.items)}-{int(page.more)}"
    headers = [("ETag", f'"{etag}"'), ("Cache-Control", "public, no-cache")]
    if request.if_none_match.contains_weak(etag):
        return Response(None, 304, headers)
    following = page.seq if page.more else "null"
    tail = f'],"next":{following},"seq":{page.seq},"day":"{day}","origin":"{origin()}"}}'.encode()
    commas = -1 if page.items else 0  # before the first there is none
    length = len(BEGIN) + commas + sum(len(item.head) + len(item.rest) for item in page.items) + len(tail)
    headers.append(("Content-Length", str(length)))
    return Response(_pieces(page.items, tail), 200, headers, content_type="application/json")


def _pieces(items: list[feed.Item], tail: bytes) -> Iterator[bytes]:
    """The answer some items at a time, so that a long page is never copied as a whole."""
    cut = 1
    yield BEGIN
    for start in range(0, len(items), PIECE):
        halves = [half for item in items[start : start + PIECE] for half in (item.head, item.rest)]
        yield b"".join(halves)[cut:]
        cut = 0
    yield tail
