"""Batches of reports, and what became of each row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.Column("idempotency_key", sa.String(length=256), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=256), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("rows", BIG_ID, nullable=False),
        sa.Column("done", BIG_ID, nullable=False),
        sa.Column("recorded", BIG_ID, nullable=False),
        sa.Column("on_file", BIG_ID, nullable=False),
        sa.Column("rejected", BIG_ID, nullable=False),
        sa.Column("firms", BIG_ID, nullable=False),
        sa.Column("graded", BIG_ID, nullable=False),
        sa.CheckConstraint("state IN ('recording', 'grading', 'done', 'refused')", name=op.f("ck_batch_state")),
        sa.CheckConstraint("done <= rows AND graded <= firms", name=op.f("ck_batch_progress")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_batch_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint(
            "department_id", "idempotency_key", name=op.f("uq_batch_department_id_idempotency_key")
        ),
    )
    op.create_table(
        "batch_part",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("first", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("rows", BIG_ID, nullable=False),
        sa.Column("results", sa.LargeBinary(), nullable=False),
        sa.Column("enterprises", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_part_batch_id_batch")),
        sa.PrimaryKeyConstraint("batch_id", "first", name=op.f("pk_batch_part")),
    )


def downgrade() -> None:
    op.drop_table("batch_part")
    op.drop_table("batch")
