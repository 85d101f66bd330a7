"""Versions of an event as the documents that report them, and where two differ field by field."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy import select

from credit.db import db
from credit.models import Event, EventLink
from schemas.event import SHAPES

Document = dict[str, Any]


def documents_of(versions: list[Event]) -> list[Document]:
    """Each version as POST /events takes it: what was left out is left out here too."""
    seqs = [version.seq for version in versions]
    links: dict[int, list[str]] = {seq: [] for seq in seqs}
    named = select(EventLink.seq, EventLink.document_no).where(EventLink.seq.in_(seqs))
    for seq, document_no in db.session.execute(named.order_by(EventLink.document_no)):
        links[seq].append(document_no)
    return [_document(version, links[version.seq]) for version in versions]


def _document(version: Event, related: list[str]) -> Document:
    found: Document = {}
    for name, field in SHAPES[version.kind]().fields.items():
        if isinstance(field, fields.Nested):
            value: Any = {
                inner: plain
                for inner in field.schema.fields
                if (plain := _plain(getattr(version, inner, None))) not in (None, "")
            }
        elif name == "related_to":
            value = [{"document_no": one} for one in related]
        elif name == "proceedings":
            value = None if version.proceedings is None else version.proceedings == "pending"
        else:
            value = _plain(getattr(version, name, None))
        if value not in (None, "", [], {}):
            found[name] = value
    return found


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, list, type(None))) else str(value)


def differences(before: Document, after: Document) -> list[dict[str, Any]]:
    """Fields whose values differ: field, before, after; fields of item and notices by their path."""
    old, new = _flat(before), _flat(after)
    names = [*old, *(name for name in new if name not in old)]
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in names
        if old.get(name) != new.get(name)
    ]


def _flat(document: Document) -> Document:
    flat: Document = {}
    for name, value in document.items():
        flat |= {f"{name}.{inner}": held for inner, held in value.items()} if isinstance(value, dict) else {name: value}
    return flat
