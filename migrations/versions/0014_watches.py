"""Special supervision: which department watches which enterprise, since when, until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_watch_department_id_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_enterprise_id", "watch", ["enterprise_id"])
    op.create_table(
        "watch_end",
        sa.Column("watch", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["watch"], ["watch.seq"], name=op.f("fk_watch_end_watch_watch")),
        sa.PrimaryKeyConstraint("watch", name=op.f("pk_watch_end")),
    )


def downgrade() -> None:
    op.drop_table("watch_end")
    op.drop_table("watch")
