"""Keys of officers: who acts through the interface is a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer_id", BIG_ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_api_key_officer_id_officer"), "officer", ["officer_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_api_key_officer_id_officer"), type_="foreignkey")
        batch_op.drop_column("officer_id")
