"""The papers of a listing: notice, decision, repair notice and what follows, as JSON and as PDF."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from credit import archive
from credit.api.answers import private_document, private_pdf
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.services import paper_forms, papers
from schemas.paper import PaperQuery, Papers, PaperText

blueprint = Blueprint("papers", __name__, url_prefix="/api/v1/listings", description="Papers of listings.")
STAFF = "supervise or decide"
PDF = {"type": "string", "format": "binary"}
EITHER = {"application/json": {"schema": PaperText}, "application/pdf": {"schema": PDF}}


@blueprint.route("/<int:number>/documents")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, Papers)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such listing")
@needs(STAFF)
def documents(number: int) -> Response:
    """The papers of a listing, in the order of their acts."""
    archive.listing(g.bearer, number)
    found = [paper_forms.outline(one, number) for one in papers.papers(number)]
    return private_document(Papers().dump({"items": found}))


@blueprint.route("/<int:number>/documents/<kind>.pdf")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(PaperQuery, location="query")
@blueprint.response(200, PDF, content_type="application/pdf")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such listing, or no such paper of it")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(STAFF)
def document_pdf(asked: dict[str, Any], number: int, kind: str) -> Response:
    """A paper of a listing as PDF: the last one of a kind, or the one of an act. The same act gives the same bytes."""
    archive.listing(g.bearer, number)
    return private_pdf(paper_forms.as_pdf(papers.paper(number, kind, asked["act"])), f"{number}-{kind}.pdf")


@blueprint.route("/<int:number>/documents/<kind>")
@blueprint.doc(security=[{"key": []}], responses={"200": {"content": EITHER}})
@blueprint.arguments(PaperQuery, location="query")
@blueprint.response(200, PaperText)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such listing, or no such paper of it")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(STAFF)
def document(asked: dict[str, Any], number: int, kind: str) -> Response:
    """A paper of a listing with its text; as PDF to whoever accepts that rather than JSON."""
    archive.listing(g.bearer, number)
    found = papers.paper(number, kind, asked["act"])
    accepted = request.accept_mimetypes.best_match(["application/json", "application/pdf"], "application/json")
    if accepted == "application/pdf":
        return private_pdf(paper_forms.as_pdf(found), f"{number}-{kind}.pdf")
    return private_document(PaperText().dump(paper_forms.whole(found, number)))
