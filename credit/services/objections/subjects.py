"""Which fact a filing is about. From outside only what is shown can be named, and only with its document number."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, NamedTuple

from credit.db import db
from credit.errors import UnknownEvent
from credit.models import Listing
from credit.services import enterprises, event_versions, listed, look_up
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.policies import law_on

CONTESTED = ("violations", "inspections")
BRACKETS = str.maketrans("〔〕[]【】（）", "()()()()")


class Subject(NamedTuple):
    """A violation, an inspection or a listing of an enterprise, and whose it is. One of the two ids is null."""

    enterprise_id: int
    code: str
    event_id: int | None
    listing_id: int | None
    document_no: str
    department_id: int


def same_number(one: str, other: str) -> bool:
    """Whether two document numbers are one, however brackets, width and spaces are typed."""
    return _plain(one) == _plain(other) != ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text.translate(BRACKETS)).translate(BRACKETS).split()).casefold()


def shown(code: str, event_id: int | None, document_no: str, day: date) -> Subject:
    """A fact that the public may see on `day`; without `event_id` the listing with this document number.

    What isn't shown, is another enterprise's or bears another number can't be told apart: UnknownEvent.
    Raises BadCode, UnknownEnterprise, AmbiguousCode as a look-up does.
    """
    record = look_up.public_record(code, day).as_dict()
    if event_id is None:
        return _listing(record["code"], document_no, day)
    for kind in CONTESTED:
        for event in record[kind]:
            if event["id"] == event_id and same_number(event["document_no"], document_no):
                return _event(event_id)
    raise _unknown()


def on_file(bearer: Bearer, code: str, event_id: int | None, document_no: str, day: date) -> Subject:
    """A fact that the bearer's own department reported, shown or not. Raises UnknownEvent, NotAllowed."""
    if event_id is None:
        found = _listing(code, document_no, day)
    else:
        found = _event(event_id)
        if found.enterprise_id != enterprises.find(code) or not same_number(found.document_no, document_no):
            raise _unknown()
    own_or_refuse(bearer, found.department_id)
    return found


def _unknown() -> UnknownEvent:
    return UnknownEvent(
        "The enterprise's record holds no such entry with this document number: copy both from its page.",
        zh="该企业的公示记录中没有这一条，或文书号不符，请对照企业页面和决定书填写",
    )


def _event(event_id: int) -> Subject:
    standing = event_versions.current(event_id)
    if standing.kind == "award":
        raise _unknown()
    whose = (standing.enterprise_id, standing.code)
    return Subject(*whose, event_id, None, standing.document_no, standing.department_id)


def _listing(code: str, document_no: str, day: date) -> Subject:
    held: Any = listed.published(law_on(day)).where(
        listed.in_force(day, day), Listing.enterprise_id == enterprises.find(code)
    )
    for act, listing, *_ in db.session.execute(held).all():
        number = act.fields["document_no"]
        if same_number(number, document_no):
            whose = (listing.enterprise_id, listing.code)
            return Subject(*whose, None, listing.id, number, listing.department_id)
    raise _unknown()
