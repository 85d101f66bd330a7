"""The audit chain, and from when on a change was known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GENESIS = "0" * 64


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.Column("on_behalf", sa.String(length=256), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=True),
        sa.Column("last_seq", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_outcome")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_actor"), ["actor"], unique=False)
    # What an older release wrote was known at some instant after `recorded_at` that nobody kept.
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE change SET known_at = recorded_at")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.alter_column("known_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index(batch_op.f("ix_change_known_at"), ["known_at"], unique=False)
    # The chain begins with the first act after this step.
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audit_number", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("audit_head", sa.String(length=64), nullable=False, server_default=GENESIS))


def downgrade() -> None:
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_known_at"))
        batch_op.drop_column("known_at")
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.drop_column("audit_head")
        batch_op.drop_column("audit_number")
    op.drop_table("audit")
