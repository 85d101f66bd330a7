"""The database: naming, the one transaction that commits, and the one change number it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Engine,
    MetaData,
    String,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from credit import clock
from credit.chain import GENESIS, digest_of
from credit.errors import NotReady

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MS = 30_000


class Base(DeclarativeBase):
    """Declarative base with names for every constraint, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


# A connection is tried before it is used, so that a server's restart fails no request.
db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True})


class Register(Base):
    """The single row that every writing transaction locks first."""

    __tablename__ = "register"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    last_instant: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    audit_number: Mapped[int] = mapped_column(BigInteger, default=0)
    audit_head: Mapped[str] = mapped_column(String(64), default=GENESIS)


class AuditRow(Base):
    """One act, done or refused: who, what, when, for whom, by which request; chained to the one before.

    `about` has small details, never personal data; `first_seq` is null where no number was taken.
    """

    __tablename__ = "audit"
    __table_args__ = (CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    act: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(256), index=True)
    on_behalf: Mapped[str | None] = mapped_column(String(256))
    request_id: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(8))
    first_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class ChangeRow(Base):
    """One writing transaction: it began at `recorded_at`, and its numbers became known at `known_at`.

    What a long transaction writes is seen by nobody before its end: only then it is known.
    """

    __tablename__ = "change"

    last_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    known_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    act: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(256))


@dataclass
class Change:
    """One writing transaction: the numbers it took and the instant at which it is known.

    `about` is what the audit will say of it: small details, no personal data.
    """

    recorded_at: datetime
    first_seq: int
    last_seq: int
    about: dict[str, Any] = field(default_factory=dict)

    def take(self, count: int = 1) -> range:
        """The next `count` change numbers, in order."""
        first = self.last_seq + 1
        self.last_seq += count
        return range(first, self.last_seq + 1)


def is_sqlite() -> bool:
    """Whether the register lives in SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def transaction(
    act: str,
    actor: str = "system",
    *,
    on_behalf: str | None = None,
    about: dict[str, Any] | None = None,
    outcome: str = "done",
) -> Iterator[Change]:
    """All or nothing, and the only commit of the program. The audit tells of it in the same transaction.

    The register row is locked first (SQLite: BEGIN IMMEDIATE), so numbers become visible in
    their order, without gap: a reader who saw n has seen every number below n. The instant
    never falls back, even if the machine's clock does. One inside another is a mistake of the
    program: the inner one would give up what the outer one did.
    """
    session = db.session
    if session.info.get("changing"):
        raise RuntimeError("A transaction is open already: services don't commit.")
    session.rollback()
    session.info["changing"] = True
    try:
        last_seq, last = _locked_register()
        now = _next_instant(instant(last))
        change = Change(recorded_at=now, first_seq=last_seq + 1, last_seq=last_seq, about=dict(about or {}))
        yield change
        if change.last_seq > last_seq:
            _enter(change, act, actor)
        _audit(change, act=act, actor=actor, on_behalf=on_behalf, outcome=outcome)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("changing", None)


@contextmanager
def aside() -> Iterator[Any]:
    """A connection for rows that bear no change number, since they change nothing that anybody is told: receipts.

    The register row isn't locked, so that on PostgreSQL nothing waits for a writer; SQLite has one writer at a time.
    What was read is read: the session holds nothing while this is written, and sees it afterwards.
    """
    db.session.rollback()
    try:
        with db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            yield connection
    except OperationalError as busy:
        told = "The register is being written: try again."
        raise NotReady(told, zh="登记系统正在写入，请稍后再试") from busy


def _next_instant(last: datetime) -> datetime:
    """Now, but after `last`, even if the machine's clock fell back."""
    now = clock.on_its_day(datetime.now(UTC)).astimezone(UTC)
    return max(now, last + timedelta(microseconds=1))


def _locked_register() -> tuple[int, datetime | str]:
    """The register row, locked. Raises NotReady where another one keeps it for too long."""
    session = db.session
    try:
        session.connection(execution_options={"immediate": True})
        if is_sqlite():
            row = session.execute(text("SELECT last_seq, last_instant FROM register")).one()
        else:
            session.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": f"{BUSY_MS}ms"})
            row = session.execute(text("SELECT last_seq, last_instant FROM register FOR UPDATE")).one()
    except OperationalError as busy:
        told = "The register is being written or does not answer: try again."
        raise NotReady(told, zh="登记系统正在写入或暂无响应，请稍后再试") from busy
    return row.last_seq, row.last_instant


def _enter(change: Change, act: str, actor: str) -> None:
    session = db.session
    session.flush()
    known_at = _next_instant(change.recorded_at)
    session.add(
        ChangeRow(
            last_seq=change.last_seq,
            first_seq=change.first_seq,
            recorded_at=change.recorded_at,
            known_at=known_at,
            act=act,
            actor=actor,
        )
    )
    session.execute(
        db.update(Register).values(last_seq=change.last_seq, last_instant=known_at)
    )


def _audit(change: Change, **who: Any) -> None:
    """Chain this act to the last one; the register row, whose lock is held, has the chain's head."""
    session, took = db.session, change.last_seq >= change.first_seq
    number, head = session.execute(select(Register.audit_number, Register.audit_head)).one()
    entry = who | {
        "number": number + 1,
        "at": change.recorded_at,
        "request_id": g.get("request_id") if has_request_context() else None,
        "first_seq": change.first_seq if took else None,
        "last_seq": change.last_seq if took else None,
        "about": change.about,
        "previous": head,
    }
    digest = digest_of(entry)
    session.execute(insert(AuditRow).values(**entry, digest=digest))
    session.execute(db.update(Register).values(audit_number=number + 1, audit_head=digest))


def instant(value: datetime | str) -> datetime:
    """An instant in UTC, however the driver gave it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@event.listens_for(Engine, "connect")
def _sqlite_manners(connection: Any, _record: Any) -> None:
    """WAL, foreign keys, patience; we say BEGIN ourselves (the driver's own BEGIN is too late)."""
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "cache_size=-131072",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """A writer takes the lock at once: a WAL reader that turns writer fails whatever its patience."""
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
