"""A buyer's saved lists: made, read by who has the secret, changed, deleted. They bear no change number."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import delete, insert, select, update

from credit.db import db, instant
from credit.errors import InvalidInput, UnknownSupplierList
from credit.identifiers import check_code, normalise
from credit.models import Supplier, SupplierList
from credit.services import keys
from credit.services.policies import law_on
from credit.services.publication import instant_text
from credit.services.screening.screen import kind_of
from credit.services.webhook_sending import check_url

UNSEEN = timedelta(days=400)  # a list that nobody has looked at for so long is deleted
Told = dict[str, Any]


class Made(NamedTuple):
    """A new list as its buyer gets it, once."""

    id: str
    secret: str
    feed: str


def add(connection: Any, given: Told, day: date, now: datetime) -> Made:
    """Save a list {name, kind, codes, url} that was `checked`."""
    made = Made(token_urlsafe(16), token_urlsafe(24), token_urlsafe(24))
    connection.execute(
        insert(SupplierList).values(
            id=made.id, secret=keys.digest(made.secret), feed=keys.digest(made.feed), name=given["name"],
            kind=given["kind"],
            url=given["url"], made_at=now, seen_on=day, checked_seq=0, last_change=0, told=0, failures=0,
        )
    )  # fmt: skip
    _put(connection, made.id, given["codes"])
    return made


def replace(connection: Any, number: str, given: Told) -> None:
    """Put another content {name, kind, codes, url}, `checked`, in a list's place; who stays keeps its change."""
    codes = given["codes"]
    known = set(connection.execute(select(Supplier.code).where(Supplier.list_id == number)).scalars())
    gone = sorted(known.difference(codes))
    for start in range(0, len(gone), 500):
        some = gone[start : start + 500]
        connection.execute(delete(Supplier).where(Supplier.list_id == number, Supplier.code.in_(some)))
    _put(connection, number, [code for code in codes if code not in known])
    one = SupplierList
    mine = update(one).where(one.id == number)
    if connection.execute(mine.where(one.kind != given["kind"]).values(kind=given["kind"])).rowcount:
        # Another question has another answer: that is no change of the suppliers'.
        connection.execute(update(Supplier).where(Supplier.list_id == number).values(verdict=None))
    connection.execute(mine.where(one.url.is_distinct_from(given["url"])).values(told=one.last_change))
    connection.execute(mine.values(name=given["name"], url=given["url"], checked_on=None, failures=0, retry_at=None))


def remove(connection: Any, numbers: Sequence[str]) -> None:
    """Delete lists with all that they hold."""
    for table, column in ((Supplier, Supplier.list_id), (SupplierList, SupplierList.id)):
        connection.execute(delete(table).where(column.in_(numbers)))


def unseen(day: date) -> list[str]:
    """Lists that nobody has looked at for UNSEEN."""
    return list(db.session.scalars(select(SupplierList.id).where(SupplierList.seen_on < day - UNSEEN).limit(500)))


def codes_of(given: Sequence[str]) -> list[str]:
    """The codes as normalised, each once. Raises InvalidInput naming the first ones that are none."""
    codes = list(dict.fromkeys(map(normalise, given)))
    wrong = {code: problem for code in codes if (problem := check_code(code)) is not None}
    if wrong:
        told = [f"{code}: {problem.en}" for code, problem in list(wrong.items())[:20]]
        zh = f"{len(wrong)} 个代码有误：" + "；".join(f"{code}：{it.zh}" for code, it in list(wrong.items())[:3])
        raise InvalidInput(f"{len(wrong)} codes are wrong.", zh=zh, errors={"codes": told})
    return codes


def checked(given: Told, day: date) -> Told:
    """A list as it is kept, codes normalised and each once. Raises InvalidInput naming kind, codes or url."""
    kind_of(law_on(day), given["kind"], day)
    if given["url"]:
        check_url(given["url"], current_app.config["CREDIT_ENV"] in ("development", "test"))
    return given | {"codes": codes_of(given["codes"])}


def _put(connection: Any, number: str, codes: list[str]) -> None:
    if codes:
        connection.execute(insert(Supplier), [{"list_id": number, "code": code} for code in codes])


def opened(number: str, secret: str, of: str = "secret") -> SupplierList:
    """A list, for whoever has its secret (`of` feed: its feed's token). Raises UnknownSupplierList."""
    found = db.session.get(SupplierList, number) if len(number) <= 22 else None
    if found is None or not hmac.compare_digest(getattr(found, of), keys.digest(secret)):
        raise UnknownSupplierList("No such list, or its secret is another one.", zh="没有这个名单，或查询码不对")
    return found


def told(found: SupplierList) -> Told:
    """A list with its suppliers, in the shape of schemas.suppliers.SupplierListTold."""
    rows = db.session.scalars(select(Supplier).where(Supplier.list_id == found.id).order_by(Supplier.code))
    return {
        "id": found.id, "name": found.name, "kind": found.kind, "url": found.url, "as_of": found.checked_on,
        "seq": found.checked_seq, "suppliers": [supplier(one) for one in rows],
    }  # fmt: skip


def supplier(one: Supplier) -> Told:
    """A supplier with its verdict, and when that last changed."""
    return {
        "code": one.code, "name": one.name, "verdict": one.verdict,
        "changed_at": instant_text(instant(one.changed_at)) if one.changed_at else None,
    }  # fmt: skip
