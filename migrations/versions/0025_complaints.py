"""Complaints and reports of the public: cases, what is sealed of them, files, acts, leads to inspections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

BEFORE = "role IN ('reporter', 'supervisor', 'decider', 'legal', 'secrecy', 'credit', 'auditor', 'administrator')"
ROLES = BEFORE.replace("'decider'", "'handler', 'decider'")


def _roles(known: str) -> None:
    with op.batch_alter_table("officer") as table:
        table.drop_constraint(op.f("ck_officer_role"), type_="check")
        table.create_check_constraint(op.f("ck_officer_role"), known)


def _references(table: str, *names: str) -> list[sa.ForeignKeyConstraint]:
    whole = {"department_id": "department.id", "to_id": "department.id"}
    return [
        sa.ForeignKeyConstraint(
            [name], [whole.get(name, "complaint.seq")],
            name=op.f(f"fk_{table}_{name}_{whole.get(name, 'complaint.seq').split('.')[0]}"),
        )
        for name in names
    ]  # fmt: skip


def upgrade() -> None:
    _roles(ROLES)
    op.create_table(
        "complaint",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=True),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("item_code", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("joined", BIG_ID, nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('complaint', 'report')", name=op.f("ck_complaint_kind")),
        *_references("complaint", "department_id", "joined"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_department_id", "complaint", ["department_id", "state"])
    op.create_index("ix_complaint_enterprise_id", "complaint", ["enterprise_id"])
    op.create_index("ix_complaint_person", "complaint", ["person", "filed_on"])
    op.create_index("ix_complaint_closed_on", "complaint", ["closed_on"])
    op.create_index("ix_complaint_filed_on", "complaint", ["filed_on"])
    op.create_table(
        "complaint_sealed",
        sa.Column("complaint", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kid", sa.String(length=256), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_references("complaint_sealed", "complaint"),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_complaint_sealed")),
    )
    op.create_table(
        "complaint_file",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("complaint", BIG_ID, nullable=False),
        sa.Column("stored", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        *_references("complaint_file", "complaint"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaint_file")),
    )
    op.create_index("ix_complaint_file_complaint", "complaint_file", ["complaint"])
    op.create_table(
        "complaint_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("complaint", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("to_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_references("complaint_act", "complaint", "department_id", "to_id"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaint_act")),
    )
    op.create_index("ix_complaint_act_complaint", "complaint_act", ["complaint"])
    op.create_table(
        "complaint_lead",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("complaint", BIG_ID, nullable=False),
        sa.Column("enterprise_code", sa.String(length=256), nullable=False),
        sa.Column("item_code", sa.String(length=32), nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        *_references("complaint_lead", "complaint", "department_id"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaint_lead")),
    )


def downgrade() -> None:
    for table in ("complaint_lead", "complaint_act", "complaint_file", "complaint_sealed", "complaint"):
        op.drop_table(table)
    op.execute(
        "UPDATE officer SET role = 'reporter', disabled_at = COALESCE(disabled_at, CURRENT_TIMESTAMP) "
        "WHERE role = 'handler'"
    )
    _roles(BEFORE)
