"""Checks of one tender hang together, and a buyer's clearances with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("receipt") as table:
        table.add_column(sa.Column("root", sa.String(length=22), nullable=True))
        table.create_index(op.f("ix_receipt_root"), ["root"])
    op.create_table(
        "clearance",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("root", sa.String(length=22), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("bidder", sa.String(length=256), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=True),
        sa.Column("list", sa.String(length=32), nullable=True),
        sa.Column("document_no", sa.String(length=256), nullable=True),
        sa.Column("by", sa.String(length=256), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["root"], ["receipt.id"], name=op.f("fk_clearance_root_receipt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    op.create_index(op.f("ix_clearance_root"), "clearance", ["root"])


def downgrade() -> None:
    op.drop_table("clearance")
    with op.batch_alter_table("receipt") as table:
        table.drop_index(op.f("ix_receipt_root"))
        table.drop_column("root")
