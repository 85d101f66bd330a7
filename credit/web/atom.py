"""The blacklist as an Atom feed, judged by the day: what has ended is not told any more."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from xml.etree import ElementTree as ET

from flask import request, url_for
from werkzeug.wrappers import Response

from credit.clock import today
from credit.services.feed_ids import origin
from credit.services.feed_listings import Entry, newest
from credit.services.publication import instant_text
from credit.web import feeds
from credit.web.language import LANGUAGES, language, t

MOST = 200


def blacklist_atom() -> Response:
    """The newest listings in force, for news readers."""
    day = today()
    body = document(newest(day, MOST), day)
    response = Response(body, content_type=f"{feeds.TYPE}; charset=utf-8")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.cache_control.public, response.cache_control.max_age = True, 300
    response.vary.add("Accept-Language")
    response.headers["Content-Language"] = LANGUAGES[language()]
    return response.make_conditional(request)


def document(entries: list[Entry], day: date) -> bytes:
    """The feed as XML. Ids are opaque and stay the same; `updated` of an entry is when it became public."""
    updated = instant_text(max(entry.known_at for entry in entries)) if entries else f"{day}T00:00:00Z"
    title = t("企业质量信用登记：黑名单", "Enterprise Quality Credit Register: blacklist")
    root = feeds.begun(f"blacklist {origin()}", title, updated)
    feeds.link(root, "self", url_for("web.blacklist_atom", _external=True), feeds.TYPE)
    feeds.link(root, "alternate", url_for("web.blacklist", _external=True), "text/html")
    for entry in entries:
        _entry(root, entry)
    return feeds.xml(root)


def _entry(root: ET.Element, entry: Entry) -> None:
    shown = entry.listing
    part = feeds.entry(root, entry.id, f"{shown['name']}（{shown['code']}）", instant_text(entry.known_at))
    feeds.author(part, shown["authority"])
    feeds.link(part, "alternate", url_for("web.enterprise", code=shown["code"], _external=True), "text/html")
    half = "zh" if language() == "zh" else "en"
    told = (
        shown["list_name"][half], shown["ground_name"][half], f"{shown['authority']} {shown['document_no']}",
        t(f"列入：{shown['listed_on']}", f"Listed: {shown['listed_on']}"),
        t(f"期满：{shown['ends_on']}", f"Ends: {shown['ends_on']}"),
    )  # fmt: skip
    feeds.put(part, "summary", "\n".join(told))
