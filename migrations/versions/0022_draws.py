"""Draws: inspectors, plans, acts, commitments, and who was drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inspector",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("qualifications", sa.JSON(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_inspector_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector")),
    )
    op.create_table(
        "inspector_recusal",
        sa.Column("inspector_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspector.id"], name=op.f("fk_inspector_recusal_inspector_id_inspector")
        ),
        sa.PrimaryKeyConstraint("inspector_id", "code", name=op.f("pk_inspector_recusal")),
    )
    op.create_table(
        "draw",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_draw_department_id_department")),
        sa.ForeignKeyConstraint(["made_by"], ["officer.id"], name=op.f("fk_draw_made_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_draw_plan_id")),
    )
    op.create_table(
        "draw_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("draw_id", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_act_draw_id_draw")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_draw_act_officer_id_officer")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_draw_act")),
    )
    op.create_index("ix_draw_act_draw_id", "draw_act", ["draw_id", "seq"])
    op.create_index(
        "uq_draw_act_once", "draw_act", ["draw_id", "act"], unique=True,
        sqlite_where=sa.text("act <> 'commit'"), postgresql_where=sa.text("act <> 'commit'"),
    )  # fmt: skip
    _create_results()


def _create_results() -> None:
    op.create_table(
        "draw_secret",
        sa.Column("commitment", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["commitment"], ["draw_act.seq"], name=op.f("fk_draw_secret_commitment_draw_act")),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_draw_secret")),
    )
    op.create_table(
        "drawn",
        sa.Column("draw_id", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.String(length=1), nullable=False),
        sa.Column("risk", sa.String(length=3), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("industry", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_drawn_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_drawn")),
        sa.UniqueConstraint("draw_id", "enterprise_id", name=op.f("uq_drawn_draw_id_enterprise_id")),
    )
    op.create_index("ix_drawn_enterprise_id", "drawn", ["enterprise_id"])
    op.create_table(
        "drawn_inspector",
        sa.Column("draw_id", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inspector_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_drawn_inspector_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspector.id"], name=op.f("fk_drawn_inspector_inspector_id_inspector")
        ),
        sa.PrimaryKeyConstraint("draw_id", "place", "inspector_id", name=op.f("pk_drawn_inspector")),
    )
    op.create_index("ix_drawn_inspector_inspector_id", "drawn_inspector", ["inspector_id"])


def downgrade() -> None:
    for table in ("drawn_inspector", "drawn", "draw_secret", "draw_act", "draw", "inspector_recusal", "inspector"):
        op.drop_table(table)
