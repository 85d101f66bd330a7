"""Item codes, their owners, and recalls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "item_prefix",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("prefix", sa.String(length=14), nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_item_prefix_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_item_prefix_department_id_department")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_item_prefix")),
        sa.UniqueConstraint("replaces", name=op.f("uq_item_prefix_replaces")),
    )
    with op.batch_alter_table("item_prefix", schema=None) as batch_op:
        batch_op.create_index("ix_item_prefix_prefix", ["prefix"], unique=False)

    op.create_table(
        "recall",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("recall_id", BIG_ID, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("lots", sa.JSON(), nullable=False),
        sa.Column("product", sa.String(length=256), nullable=False),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_recall_enterprise_id_enterprise")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_recall_department_id_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_recall")),
        sa.UniqueConstraint("replaces", name=op.f("uq_recall_replaces")),
    )
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.create_index("ix_recall_gtin", ["gtin"], unique=False)
        batch_op.create_index("ix_recall_document", ["department_id", "document_no"], unique=False)
    # The trace of an item finds its events by their code.
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_gtin", ["gtin"], unique=False,
            sqlite_where=sa.text("gtin IS NOT NULL"), postgresql_where=sa.text("gtin IS NOT NULL"),
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_gtin")
    op.drop_table("recall")
    op.drop_table("item_prefix")
