"""The blacklist as an Atom feed (RFC 4287), judged by the day: what has ended is not told any more."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b
from uuid import UUID
from xml.etree import ElementTree as ET

from flask import request, url_for
from werkzeug.wrappers import Response

from credit.clock import today
from credit.services.feed_ids import origin
from credit.services.feed_listings import Entry, newest
from credit.services.publication import instant_text
from credit.web.language import LANGUAGES, language, t

ATOM = "http://www.w3.org/2005/Atom"
MOST = 200
# What XML 1.0 can't hold, whatever a document was quoted from.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def blacklist_atom() -> Response:
    """The newest listings in force, for news readers."""
    day = today()
    body = document(newest(day, MOST), day)
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.cache_control.public, response.cache_control.max_age = True, 300
    response.vary.add("Accept-Language")
    response.headers["Content-Language"] = LANGUAGES[language()]
    return response.make_conditional(request)


def document(entries: list[Entry], day: date) -> bytes:
    """The feed as XML. Ids are opaque and stay the same; `updated` of an entry is when it became public."""
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": LANGUAGES[language()]})
    title = t("企业质量信用登记：黑名单", "Enterprise Quality Credit Register: blacklist")
    _told(root, "id", urn(f"blacklist {origin()}"))
    _told(root, "title", title)
    _told(root, "updated", instant_text(max(entry.known_at for entry in entries)) if entries else f"{day}T00:00:00Z")
    _told(ET.SubElement(root, f"{{{ATOM}}}author"), "name", t("企业质量信用登记", "Enterprise Quality Credit Register"))
    _link(root, "self", url_for("web.blacklist_atom", _external=True), "application/atom+xml")
    _link(root, "alternate", url_for("web.blacklist", _external=True), "text/html")
    for entry in entries:
        _entry(root, entry)
    ET.register_namespace("", ATOM)
    told: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return told


def _entry(root: ET.Element, entry: Entry) -> None:
    shown, part = entry.listing, ET.SubElement(root, f"{{{ATOM}}}entry")
    _told(part, "id", urn(entry.id))
    _told(part, "title", f"{shown['name']}（{shown['code']}）")
    _told(part, "updated", instant_text(entry.known_at))
    _told(ET.SubElement(part, f"{{{ATOM}}}author"), "name", shown["authority"])
    _link(part, "alternate", url_for("web.enterprise", code=shown["code"], _external=True), "text/html")
    half = "zh" if language() == "zh" else "en"
    told = (
        shown["list_name"][half], shown["ground_name"][half], f"{shown['authority']} {shown['document_no']}",
        t(f"列入：{shown['listed_on']}", f"Listed: {shown['listed_on']}"),
        t(f"期满：{shown['ends_on']}", f"Ends: {shown['ends_on']}"),
    )  # fmt: skip
    _told(part, "summary", "\n".join(told))


def urn(name: str) -> str:
    """A permanent name that tells nothing: a UUID made of it."""
    return UUID(bytes=blake2b(name.encode(), digest_size=16).digest(), version=5).urn


def _told(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = NOT_XML.sub("\ufffd", words)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})
