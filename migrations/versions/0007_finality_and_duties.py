"""What inspections name, and duties with a clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FAILED = sa.text("result = 'fail'")
DAYS = ("objected_on", "ordered_on", "announced_on")


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_no", sa.String(length=256), nullable=True))
        for name in DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_event_failed", ["department_id", "occurred_on"], unique=False,
            sqlite_where=FAILED, postgresql_where=FAILED,
        )  # fmt: skip
        batch_op.create_index("ix_event_received_on", ["department_id", "received_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_received_on")
        batch_op.drop_index("ix_event_failed")
        for name in (*DAYS[::-1], "report_no"):
            batch_op.drop_column(name)
