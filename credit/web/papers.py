"""The papers of a listing at the desk: all of them, one as a page, one as PDF."""

from __future__ import annotations

from typing import Any

from flask import Response, g, render_template

from credit import archive
from credit.clock import today
from credit.errors import InvalidInput
from credit.services import listing_story, paper_forms
from credit.services import papers as made
from credit.web.asked import asked
from credit.web.desk import signed_in
from schemas.fields import BEYOND

SCOPE = "supervise or decide or review"


@signed_in(SCOPE)
def papers(number: int) -> str:
    """Every paper of a listing, with its numbers, as pages and PDF."""
    archive.listing(g.bearer, number)
    found = [paper_forms.outline(one, number) for one in made.papers(number)]
    return render_template("papers.html", papers=found, listing=listing_story.story(number, today()))


@signed_in(SCOPE)
def paper(number: int, kind: str) -> str:
    """A paper as it is served: the last one of a kind, or the one of an act."""
    archive.listing(g.bearer, number)
    found = made.paper(number, kind, _act())
    return render_template("paper.html", paper=found, told=paper_forms.whole(found, number), number=number)


@signed_in(SCOPE)
def paper_pdf(number: int, kind: str) -> Response:
    """A paper as PDF."""
    archive.listing(g.bearer, number)
    found = made.paper(number, kind, _act())
    told = {"Content-Disposition": f'inline; filename="{number}-{kind}.pdf"'}
    return Response(paper_forms.as_pdf(found), 200, told, content_type="application/pdf")


def _act() -> int | None:
    word: Any = asked("act")
    if word is None:
        return None
    if not (word.isascii() and word.isdigit() and int(word) < BEYOND):
        told = "act is the number of an act."
        raise InvalidInput(told, zh="act 应为办理编号", errors={"act": [told]})
    return int(word)
