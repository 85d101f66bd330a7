"""What left the public, and who is told of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feed_listing",
        sa.Column("listing_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_feed_listing")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_feed_listing_listing_id_listing")),
        sa.UniqueConstraint("seq", name=op.f("uq_feed_listing_seq")),
    )
    with op.batch_alter_table("feed_listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_listing_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.Column("served", BIG_ID, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_webhook_department_id_department")),
    )
    op.create_table(
        "webhook_letter",
        sa.Column("webhook_id", BIG_ID, nullable=False),
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('held', 'dead')", name=op.f("ck_webhook_letter_state")),
        sa.PrimaryKeyConstraint("webhook_id", "seq", name=op.f("pk_webhook_letter")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_letter_webhook_id_webhook")),
    )
    with op.batch_alter_table("webhook_letter", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_letter_state", ["webhook_id", "state"], unique=False)
    # Enterprises that were ever listed are made anew when next read: that fills the table of listings.
    op.execute(
        "UPDATE record SET expires_on = '2016-01-01' WHERE enterprise_id IN "
        "(SELECT enterprise_id FROM listing_act WHERE act = 'publish')"
    )


def downgrade() -> None:
    op.drop_table("webhook_letter")
    op.drop_table("webhook")
    op.drop_table("feed_listing")
