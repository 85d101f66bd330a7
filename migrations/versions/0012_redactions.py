"""What a check found in texts, and how officers masked them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOUND = sa.text("found > 0")


def upgrade() -> None:
    op.create_table(
        "text_check",
        sa.Column("version", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("checker", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["event.seq"], name=op.f("fk_text_check_version_event")),
        sa.PrimaryKeyConstraint("version", "checker", name=op.f("pk_text_check")),
        sa.UniqueConstraint(
            "enterprise_id", "version", "checker", name=op.f("uq_text_check_enterprise_id_version_checker")
        ),
    )
    op.create_index("ix_text_check_found", "text_check", ["version"], sqlite_where=FOUND, postgresql_where=FOUND)
    op.create_table(
        "redaction",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.Text(), nullable=True),
        sa.Column("cleared", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint("subject IN ('event', 'listing', 'statement')", name=op.f("ck_redaction_subject")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_redaction_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_redaction_department_id_department")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_redaction")),
        sa.UniqueConstraint("replaces", name=op.f("uq_redaction_replaces")),
    )
    op.create_index("ix_redaction_subject", "redaction", ["subject", "subject_id"])
    op.create_index("ix_redaction_enterprise_id", "redaction", ["enterprise_id"])


def downgrade() -> None:
    op.drop_table("redaction")
    op.drop_table("text_check")
