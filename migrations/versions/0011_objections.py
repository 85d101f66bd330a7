"""Objections and statements of enterprises, what came with them, and the acts on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "filing",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("event_id", BIG_ID, nullable=True),
        sa.Column("listing_id", BIG_ID, nullable=True),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=256), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('objection', 'statement')", name=op.f("ck_filing_kind")),
        sa.CheckConstraint("(event_id IS NULL) <> (listing_id IS NULL)", name=op.f("ck_filing_subject")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_filing_department_id_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_filing")),
    )
    op.create_index("ix_filing_enterprise_id", "filing", ["enterprise_id"])
    op.create_table(
        "filing_words",
        sa.Column("filing", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=256), nullable=False),
        sa.Column("phone", sa.String(length=256), nullable=False),
        sa.Column("email", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["filing"], ["filing.seq"], name=op.f("fk_filing_words_filing_filing")),
        sa.PrimaryKeyConstraint("filing", name=op.f("pk_filing_words")),
    )
    op.create_table(
        "filing_file",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("filing", BIG_ID, nullable=False),
        sa.Column("stored", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["filing"], ["filing.seq"], name=op.f("fk_filing_file_filing_filing")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_filing_file")),
    )
    op.create_index("ix_filing_file_filing", "filing_file", ["filing"])
    op.create_table(
        "filing_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("filing", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("asked_id", BIG_ID, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("mended", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.CheckConstraint("act IN ('ask', 'answer', 'decide', 'resume')", name=op.f("ck_filing_act_act")),
        sa.ForeignKeyConstraint(["filing"], ["filing.seq"], name=op.f("fk_filing_act_filing_filing")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_filing_act_department_id_department")
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["department.id"], name=op.f("fk_filing_act_asked_id_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_filing_act")),
    )
    op.create_index("ix_filing_act_filing", "filing_act", ["filing"])


def downgrade() -> None:
    for table in ("filing_act", "filing_file", "filing_words", "filing"):
        op.drop_table(table)
