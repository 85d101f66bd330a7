"""Inspection tasks: given by a draw or by hand, the acts on them, and their evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFERENCES = {"department_id": "department", "enterprise_id": "enterprise", "draw_id": "draw"}


def upgrade() -> None:
    with op.batch_alter_table("inspector") as table:
        table.add_column(sa.Column("officer_id", BIG_ID, nullable=True))
        table.create_foreign_key(op.f("fk_inspector_officer_id_officer"), "officer", ["officer_id"], ["id"])
        table.create_unique_constraint(op.f("uq_inspector_officer_id"), ["officer_id"])
    op.create_table(
        "inspection",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=256), nullable=False),
        sa.Column("checklist", sa.String(length=64), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("draw_id", BIG_ID, nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("of_event", BIG_ID, nullable=True),
        sa.Column("follows", sa.String(length=32), nullable=True),
        sa.Column("lead", BIG_ID, nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_inspection_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_inspection_draw_id_place")),
    )
    op.create_index("ix_inspection_state", "inspection", ["department_id", "state", "due_on"])
    op.create_index("ix_inspection_enterprise_id", "inspection", ["enterprise_id"])
    op.create_index("ix_inspection_of_event", "inspection", ["of_event"])
    _create_what_happens()


def _create_what_happens() -> None:
    op.create_table(
        "inspection_inspector",
        sa.Column("task_id", BIG_ID, nullable=False),
        sa.Column("inspector_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection.id"], name=op.f("fk_inspection_inspector_task_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspector.id"], name=op.f("fk_inspection_inspector_inspector_id_inspector")
        ),
        sa.PrimaryKeyConstraint("task_id", "inspector_id", name=op.f("pk_inspection_inspector")),
    )
    op.create_index("ix_inspection_inspector_inspector_id", "inspection_inspector", ["inspector_id"])
    op.create_table(
        "inspection_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("task_id", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection.id"], name=op.f("fk_inspection_act_task_id_inspection")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_inspection_act_officer_id_officer")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inspection_act")),
    )
    op.create_index("ix_inspection_act_task_id", "inspection_act", ["task_id", "seq"])
    op.create_table(
        "inspection_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("task_id", BIG_ID, nullable=False),
        sa.Column("stored", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection.id"], name=op.f("fk_inspection_file_task_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_file")),
    )
    op.create_index("ix_inspection_file_task_id", "inspection_file", ["task_id"])


def downgrade() -> None:
    for table in ("inspection_file", "inspection_act", "inspection_inspector", "inspection"):
        op.drop_table(table)
    with op.batch_alter_table("inspector") as table:
        table.drop_constraint(op.f("uq_inspector_officer_id"), type_="unique")
        table.drop_constraint(op.f("fk_inspector_officer_id_officer"), type_="foreignkey")
        table.drop_column("officer_id")
