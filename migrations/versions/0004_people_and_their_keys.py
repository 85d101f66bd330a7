"""Officers sign in; departments have a jurisdiction; keys end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = "role IN ('reporter', 'supervisor', 'decider', 'auditor', 'administrator')"
NEW = {
    "department": ("regions", "kinds", "categories"),
    "officer": (
        "login", "password", "must_change", "totp_secret", "totp_confirmed", "totp_step", "failures",
        "locked_until", "disabled_at", "epoch",
    ),
    "api_key": ("expires_at", "last_used_on"),
}  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("department", schema=None) as batch_op:
        for name in NEW["department"]:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))

    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("login", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("password", sa.String(length=256), nullable=True))
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("totp_secret", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("totp_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("totp_step", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("locked_until", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("disabled_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_unique_constraint(batch_op.f("uq_officer_login"), ["login"])
        batch_op.create_check_constraint(batch_op.f("ck_officer_role"), ROLES)
        batch_op.create_check_constraint(
            batch_op.f("ck_officer_login"), "(login IS NULL) = (password IS NULL)"
        )

    # A key of before holds until it is rotated or revoked: nobody was told of an end.
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("last_used_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_officer_login"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_officer_role"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_officer_login"), type_="unique")
    for table, names in NEW.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in reversed(names):
                batch_op.drop_column(name)
