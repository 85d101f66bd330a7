"""Where each fact came from, why it was changed, and who demanded its correction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The day in Shanghai of the change that an event version came with.
RECEIVED = {
    "sqlite": "date(recorded_at, '+8 hours')",
    "postgresql": "CAST(recorded_at AT TIME ZONE 'Asia/Shanghai' AS DATE)",
}


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("report_id", BIG_ID, nullable=True))
    day = RECEIVED[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE event SET received_on = (SELECT {day} FROM change "
        "WHERE change.last_seq >= event.seq ORDER BY change.last_seq LIMIT 1)"
    )
    where = sa.text("replaces IS NOT NULL")
    op.create_index("ix_event_corrected", "event", ["event_id"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "amendment",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint("act IN ('corrected', 'withdrawn', 'restored')", name=op.f("ck_amendment_act")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_amendment_department_id_department")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_amendment")),
    )
    op.create_index("ix_amendment_event_id", "amendment", ["event_id"])
    op.create_table(
        "demand",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("demanded_by", BIG_ID, nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_demand_department_id_department")
        ),
        sa.ForeignKeyConstraint(["demanded_by"], ["department.id"], name=op.f("fk_demand_demanded_by_department")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_demand")),
    )
    op.create_index("ix_demand_event_id", "demand", ["event_id"])
    op.create_table(
        "demand_answer",
        sa.Column("demand", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.CheckConstraint("answer IN ('corrected', 'withdrawn', 'refused')", name=op.f("ck_demand_answer_answer")),
        sa.ForeignKeyConstraint(["demand"], ["demand.seq"], name=op.f("fk_demand_answer_demand_demand")),
        sa.PrimaryKeyConstraint("demand", name=op.f("pk_demand_answer")),
    )


def downgrade() -> None:
    op.drop_table("demand_answer")
    op.drop_table("demand")
    op.drop_table("amendment")
    op.drop_index("ix_event_corrected", "event")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("report_id")
        batch_op.drop_column("received_on")
