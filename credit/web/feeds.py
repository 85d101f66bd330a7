"""What Atom feeds (RFC 4287) are made of."""

from __future__ import annotations

import re
from hashlib import blake2b
from uuid import UUID
from xml.etree import ElementTree as ET

from credit.web.language import LANGUAGES, language, t

ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"
# What XML 1.0 can't hold, whatever a document was quoted from.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def begun(name: str, title: str, updated: str) -> ET.Element:
    """A feed without entries, in the reader's language; `name` makes its permanent id."""
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": LANGUAGES[language()]})
    for element, words in (("id", urn(name)), ("title", title), ("updated", updated)):
        put(root, element, words)
    author(root, t("企业质量信用登记", "Enterprise Quality Credit Register"))
    return root


def entry(root: ET.Element, name: str, title: str, updated: str) -> ET.Element:
    """A further entry of a feed."""
    part = ET.SubElement(root, f"{{{ATOM}}}entry")
    for element, words in (("id", urn(name)), ("title", title), ("updated", updated)):
        put(part, element, words)
    return part


def author(parent: ET.Element, name: str) -> None:
    """Who says it."""
    put(ET.SubElement(parent, f"{{{ATOM}}}author"), "name", name)


def put(parent: ET.Element, name: str, words: str) -> None:
    """A part with words."""
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = NOT_XML.sub("\ufffd", words)


def link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    """Where to find it."""
    ET.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})


def urn(name: str) -> str:
    """A permanent name that tells nothing: a UUID made of it."""
    return UUID(bytes=blake2b(name.encode(), digest_size=16).digest(), version=5).urn


def xml(root: ET.Element) -> bytes:
    """The feed as it is sent."""
    ET.register_namespace("", ATOM)
    made: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return made
