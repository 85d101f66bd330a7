"""Policy versions with their full text, how each enterprise stands, what a grading told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "policy_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policy_text")),
    )
    op.create_table(
        "policy_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("force_on", sa.Date(), nullable=True),
        sa.Column("officer_id", BIG_ID, nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_policy_act")),
        sa.ForeignKeyConstraint(
            ["digest"], ["policy_text.digest"], name=op.f("fk_policy_act_digest_policy_text")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_policy_act_officer_id_officer")
        ),
    )
    with op.batch_alter_table("policy_act", schema=None) as batch_op:
        batch_op.create_index("ix_policy_act_digest", ["digest", "seq"], unique=False)

    op.create_table(
        "standing",
        sa.Column("enterprise_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("facts_seq", BIG_ID, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=3), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("grading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("grading", schema=None) as batch_op:
        batch_op.drop_column("content")
    op.drop_table("standing")
    op.drop_table("policy_act")
    op.drop_table("policy_text")
