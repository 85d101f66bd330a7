"""Supplier lists that buyers follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supplier_list",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("checked_seq", BIG_ID, nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("last_change", BIG_ID, nullable=False),
        sa.Column("told", BIG_ID, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_list")),
    )
    op.create_table(
        "supplier",
        sa.Column("list_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=True),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("change", BIG_ID, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["supplier_list.id"], name=op.f("fk_supplier_list_id_supplier_list")),
        sa.PrimaryKeyConstraint("list_id", "code", name=op.f("pk_supplier")),
    )


def downgrade() -> None:
    op.drop_table("supplier")
    op.drop_table("supplier_list")
