"""Applications for repair among what enterprises file, court rulings that mask records, and proofs of deletion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FORMER_KINDS = ("kind", "kind IN ('objection', 'statement')")
KINDS = ("kind", "kind IN ('objection', 'statement', 'repair')")
FORMER_ACTS = ("act", "act IN ('ask', 'answer', 'decide', 'resume')")
ACTS = ("act", "act IN ('ask', 'answer', 'decide', 'resume', 'accept', 'reject', 'revoke')")


def upgrade() -> None:
    _check("filing", KINDS)
    _check("filing_act", ACTS)
    with op.batch_alter_table("filing") as table:
        table.add_column(sa.Column("performed_on", sa.Date(), nullable=True))
    op.create_table(
        "mask",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("court", sa.String(length=256), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("ruled_on", sa.Date(), nullable=False),
        sa.Column("masked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_mask_department_id_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_mask")),
    )
    op.create_index("ix_mask_enterprise_id", "mask", ["enterprise_id"])
    op.create_table(
        "mask_end",
        sa.Column("mask", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("how IN ('failed', 'performed')", name=op.f("ck_mask_end_how")),
        sa.ForeignKeyConstraint(["mask"], ["mask.seq"], name=op.f("fk_mask_end_mask_mask")),
        sa.PrimaryKeyConstraint("mask", name=op.f("pk_mask_end")),
    )
    op.create_table(
        "deletion",
        sa.Column("event_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("deleted_on", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_deletion")),
    )
    op.create_index("ix_deletion_enterprise_id", "deletion", ["enterprise_id"])


def downgrade() -> None:
    op.drop_table("deletion")
    op.drop_table("mask_end")
    op.drop_table("mask")
    for table in ("filing_file", "filing_words"):
        op.execute(f"DELETE FROM {table} WHERE filing IN (SELECT seq FROM filing WHERE kind = 'repair')")
    op.execute("DELETE FROM filing_act WHERE filing IN (SELECT seq FROM filing WHERE kind = 'repair')")
    op.execute("DELETE FROM filing WHERE kind = 'repair'")
    with op.batch_alter_table("filing") as table:
        table.drop_column("performed_on")
    _check("filing_act", FORMER_ACTS)
    _check("filing", FORMER_KINDS)


def _check(table: str, changed: tuple[str, str]) -> None:
    """Another condition in place of one."""
    name = op.f(f"ck_{table}_{changed[0]}")
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(name, type_="check")
        altered.create_check_constraint(name, changed[1])
