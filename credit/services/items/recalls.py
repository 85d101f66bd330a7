"""Recalls (召回): opened and closed by the department that reports them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import DifferentDocument, InvalidInput, NotAllowed, UnknownRecall
from credit.identifiers import gtin14
from credit.models import Department, Enterprise, Recall
from credit.services import enterprises

CONTENT = ("code", "gtin", "lots", "product", "hazard", "remedy", "opened_on")


def current() -> Any:
    """The versions that nothing replaced."""
    later = aliased(Recall)
    return select(Recall).where(~exists().where(later.replaces == Recall.seq))


def open_recall(change: Change, department_id: int, given: dict[str, Any]) -> tuple[int, bool]:
    """Keep a recall as schemas.item.RecallIn loads it. Returns its id, and whether it is new.

    One document of a department recalls an item once. Raises DifferentDocument for other content.
    """
    enterprise_id = enterprises.find(given["code"])
    code = str(db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id)))
    told = given | {"code": code, "gtin": gtin14(given["gtin"]), "lots": sorted(set(given["lots"]))}
    known = db.session.scalars(
        current().where(
            Recall.department_id == department_id,
            Recall.document_no == told["document_no"],
            Recall.gtin == told["gtin"],
        )
    ).one_or_none()
    if known is not None:
        on_file = {name: getattr(known, name) for name in CONTENT}
        if any(on_file[name] != told[name] for name in CONTENT):
            raise DifferentDocument(
                "This recall is on file with other content.", zh="该召回已有不同内容",
                on_file=on_file, sent={name: told[name] for name in CONTENT},
            )  # fmt: skip
        return known.recall_id, False
    (seq,) = change.take()
    row = {name: told[name] for name in (*CONTENT, "document_no")}
    db.session.add(Recall(seq=seq, recall_id=seq, enterprise_id=enterprise_id, department_id=department_id, **row))
    db.session.flush()
    return seq, True


def close(change: Change, department_id: int, recall_id: int, closed_on: date, day: date) -> str:
    """End a recall. Returns its item. Raises UnknownRecall, NotAllowed, InvalidInput."""
    known = db.session.scalars(current().where(Recall.recall_id == recall_id)).one_or_none()
    if known is None:
        raise UnknownRecall(f"No recall {recall_id} is on file.", zh=f"没有编号为 {recall_id} 的召回")
    if known.department_id != department_id:
        raise NotAllowed("Another department reported this recall.", zh="该召回由其他部门报送")
    if not known.opened_on <= closed_on <= day:
        told = f"{closed_on} does not lie between opened_on ({known.opened_on}) and today ({day})."
        raise InvalidInput(told, zh="结束日期应在召回开始之后、今天之前", errors={"closed_on": [told]})
    if known.closed_on != closed_on:
        columns = [column.name for column in Recall.__table__.columns]
        row = {name: getattr(known, name) for name in columns}
        db.session.add(Recall(**row | {"seq": change.take()[0], "replaces": known.seq, "closed_on": closed_on}))
        db.session.flush()
    return str(known.gtin)


def open_on(gtin: str, day: date) -> list[dict[str, Any]]:
    """The recalls of an item (14 digits) that are open on a day, the latest first, as the public sees them."""
    found = db.session.execute(
        current().add_columns(Department.name).join(Department, Department.id == Recall.department_id)
        .where(Recall.gtin == gtin, Recall.opened_on <= day, Recall.closed_on.is_(None) | (Recall.closed_on > day))
        .order_by(Recall.opened_on.desc(), Recall.seq.desc())
    )  # fmt: skip
    return [
        {"id": recall.recall_id, "authority": department}
        | {name: getattr(recall, name) for name in ("document_no", *CONTENT) if name != "gtin"}
        for recall, department in found
    ]
