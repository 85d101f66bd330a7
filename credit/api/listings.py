"""Listings on their way: proposed, weighed, heard, decided, confirmed, published, and off the list again."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit import archive
from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.errors import NotAllowed
from credit.services import departments, listing_rule, listing_story, listings, way
from credit.services.policies import law_on
from schemas.listing_case import (
    CaseAnswer,
    CaseIn,
    ListingActIn,
    ListingIn,
    ListingQuery,
    ListingStories,
    ListingStory,
)

blueprint = Blueprint("listings", __name__, url_prefix="/api/v1/listings", description="Listings on their way.")
STAFF = "supervise or decide"
CASE = f"{STAFF} or review"


def _person() -> int:
    """Who acts is a person, since another one must confirm. Raises NotAllowed."""
    if g.bearer.officer_id is None:
        raise NotAllowed(
            "Acts on listings need an officer's own key: credit key new DEPARTMENT --officer LOGIN.",
            zh="列入事项须由经办人本人办理，请使用人员密钥（credit key new 部门 --officer 登录名）",
        )
    return int(g.bearer.officer_id)


@blueprint.route("")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(ListingQuery, location="query")
@blueprint.response(200, ListingStories)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "Unknown department")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(STAFF)
def every(asked: dict[str, Any]) -> Response:
    """Listings by number; your department's unless asked."""
    name = asked["department"]
    whose = None if name == "*" else departments.find(name) if name else g.department_id
    own = archive.own_removed(g.bearer)
    page = listing_story.page(whose, asked["state"], asked["cursor"], asked["limit"], own)
    return private_document(ListingStories().dump({"items": page.items, "next": page.next}))


@blueprint.route("/<int:number>")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, ListingStory)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such listing")
@needs(CASE)
def one(number: int) -> Response:
    """One listing with all its acts and documents, and what may follow."""
    archive.listing(g.bearer, number)
    return private_document(ListingStory().dump(listing_story.story(number, today())))


@blueprint.route("", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(ListingIn))
@blueprint.response(200, ListingStory, description="The same proposal is on file")
@blueprint.alt_response(201, schema=ListingStory, description="A case was opened")
@blueprint.refuses(400, "No JSON object, or no valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, another role, or another authority's list")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(409, "The penalty was decided before, or the code is several enterprises'")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown, or the list has no legal basis")
@needs("supervise")
def propose() -> Any:
    """Propose to list an enterprise while its penalty is being decided."""
    given, day = ListingIn().load(one_json_object()), today()
    with transaction("listing", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        person, known = _person(), listings.on_file(given, g.department_id)
        number = known or listings.propose(change, person, given, day)
        change.about |= {"listing": number}
    return _told(number), 200 if known else 201


@blueprint.route("/cases", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(CaseIn))
@blueprint.response(200, CaseAnswer, description="No rule proposes a listing")
@blueprint.alt_response(201, schema=CaseAnswer, description="A rule proposed a listing")
@blueprint.refuses(400, "No JSON object, or no valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, another role, or another authority's list")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(409, "The code is several enterprises'")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown")
@needs("supervise")
def case() -> Any:
    """Tell of a penalty that is being decided: if it is heavy enough and a list names the conduct, a rule proposes."""
    given, day = CaseIn().load(one_json_object()), today()
    with transaction("listing", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number = listing_rule.proposed(change, _person(), given, law_on(day), day)
        change.about |= {"listing": number, "by_rule": True}
    return {"proposed": number is not None, "listing": number}, 201 if number else 200


@blueprint.route("/<int:number>/acts", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(ListingActIn))
@blueprint.response(200, ListingStory)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, another role or department, or the same person twice")
@blueprint.refuses(404, "No such listing")
@blueprint.refuses(409, "The state doesn't allow it, or its days have not run")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "The document is not whole, or a field is wrong or unknown")
@needs(CASE)
def act(number: int) -> Any:
    """One act on a listing; what follows for grade and publication is done with it."""
    given, day = ListingActIn().load(one_json_object()), today()
    with transaction("listing-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        change.about |= {"listing": number, "listing_act": given["act"]}
        enterprise = listings.act(change, number, given["act"], _person(), day, given["document"])
        way.advance(change, [enterprise], day)
    return _told(number)


def _told(number: int) -> dict[str, Any]:
    """The whole story, as GET gives it."""
    told: dict[str, Any] = listing_story.story(number, today())
    return told
