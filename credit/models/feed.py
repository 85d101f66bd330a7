"""What the feed tells besides the records, and to whom it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from credit.db import Base
from credit.models.types import BigId, Instant, Number, Serial, Word


class FeedListing(Base):
    """The latest state of each listing that ever was public, and the number at which it became so.

    `body` is what the public sees; null is a removal. `mixed`: the removal has been renumbered among
    others, so that its number tells nothing of whose it was. It outlives the listing, which is deleted in time.
    """

    __tablename__ = "feed_listing"

    listing_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    enterprise_id: Mapped[Number] = mapped_column(index=True)
    seq: Mapped[Number] = mapped_column(unique=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    mixed: Mapped[bool]


class Webhook(Base):
    """A receiver of the feed. It has been served up to the number `served`.

    The secret that signs is derived from the installation's and `salt`: nothing secret is kept.
    `failures` counts in a row how often it did not answer; it isn't tried before `retry_at`.
    """

    __tablename__ = "webhook"

    id: Mapped[Serial]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    url: Mapped[str] = mapped_column(String(2000))
    salt: Mapped[Word]
    created_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    served: Mapped[Number]
    failures: Mapped[int]
    retry_at: Mapped[datetime | None] = mapped_column(Instant)


class WebhookLetter(Base):
    """Changes of one enterprise, from the number `seq` on, that a receiver did not take.

    While it is `held`, later changes of the enterprise wait behind it; `dead` was given up.
    """

    __tablename__ = "webhook_letter"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'dead')", name="state"),
        Index("ix_webhook_letter_state", "webhook_id", "state"),
    )

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    enterprise_id: Mapped[Number]
    state: Mapped[Word]
    tries: Mapped[int]
    retry_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(64))
