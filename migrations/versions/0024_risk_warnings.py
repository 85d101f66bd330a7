"""Warnings of the monitors, and the acts on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "warning",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=512), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("owner", BIG_ID, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["officer.id"], name=op.f("fk_warning_owner_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
    )
    op.create_index("ix_warning_state", "warning", ["state", "raised_on"])
    op.create_index(
        "uq_warning_open", "warning", ["kind", "subject"], unique=True,
        sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"),
    )  # fmt: skip
    op.create_table(
        "warning_act",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("warning_id", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["warning_id"], ["warning.id"], name=op.f("fk_warning_act_warning_id_warning")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_warning_act_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_act")),
    )
    op.create_index("ix_warning_act_warning_id", "warning_act", ["warning_id"])


def downgrade() -> None:
    op.drop_table("warning_act")
    op.drop_table("warning")
