"""A paper in the two forms that leave the register: as a document for programs and pages, and as PDF."""

from __future__ import annotations

from typing import Any

from credit.rules.papers import Paper, chinese
from credit.services.typeset import pdf


def outline(of: Paper, listing_id: int) -> dict[str, Any]:
    """A paper in outline, in the shape of schemas.paper.PaperOutline."""
    place = f"listings/{listing_id}/documents/{of.kind.name}"
    return {
        "kind": of.kind.name,
        "name": {"zh": of.title, "en": of.kind.en},
        "number": of.number or None,
        "register_no": of.register_no,
        "issued": of.register_no is not None,
        "day": of.day,
        "act": of.act,
        "links": {"page": f"/desk/{place}?act={of.act}", "pdf": f"/api/v1/{place}.pdf?act={of.act}"},
    }


def whole(of: Paper, listing_id: int) -> dict[str, Any]:
    """A paper with its text, in the shape of schemas.paper.Paper."""
    return outline(of, listing_id) | {
        "authority": of.authority,
        "addressee": of.addressee,
        "code": of.code,
        "paragraphs": [one._asdict() for one in of.paragraphs],
    }


def as_pdf(of: Paper) -> bytes:
    """A paper as PDF; the same paper gives the same bytes."""
    content = {
        "title": of.title,
        "number": of.number,
        "addressee": of.addressee,
        "code": of.code,
        "paragraphs": [one._asdict() for one in of.paragraphs],
        "authority": of.authority,
        "day": chinese(of.day),
        "draft": of.register_no is None,
        "foot": f"登记编号 {of.register_no}" if of.register_no else "草稿",
    }
    return pdf("paper", content, of.day)
