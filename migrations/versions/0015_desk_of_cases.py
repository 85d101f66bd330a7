"""What the desk of cases asks for: delegations, the roles of those who give opinions or keep the list, and whom
a case may be looked for by.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "role IN ('reporter', 'supervisor', 'decider', 'auditor', 'administrator')"
ROLES = "role IN ('reporter', 'supervisor', 'decider', 'legal', 'secrecy', 'credit', 'auditor', 'administrator')"


def upgrade() -> None:
    _roles(ROLES)
    # What the feed told of a listing stays told when the listing is deleted at the end of its keeping.
    with op.batch_alter_table("feed_listing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_feed_listing_listing_id_listing"), type_="foreignkey")
    op.create_table(
        "delegation",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=False),
        sa.Column("deputy_id", BIG_ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_delegation_officer_id_officer")),
        sa.ForeignKeyConstraint(["deputy_id"], ["officer.id"], name=op.f("fk_delegation_deputy_id_officer")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_deputy_id", "delegation", ["deputy_id"])
    op.create_table(
        "delegation_end",
        sa.Column("delegation", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation"], ["delegation.seq"], name=op.f("fk_delegation_end_delegation_delegation")
        ),
        sa.PrimaryKeyConstraint("delegation", name=op.f("pk_delegation_end")),
    )


    with op.batch_alter_table("enterprise_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("representative", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=512), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("enterprise_version", schema=None) as batch_op:
        batch_op.drop_column("address")
        batch_op.drop_column("representative")
    op.drop_table("delegation_end")
    op.drop_table("delegation")
    # Roles that were not known before may do nothing under another's name: their officers are let in no more.
    op.execute(
        "UPDATE officer SET role = 'reporter', disabled_at = COALESCE(disabled_at, CURRENT_TIMESTAMP) "
        "WHERE role IN ('legal', 'secrecy', 'credit')"
    )
    _roles(BEFORE)
    op.execute("DELETE FROM feed_listing WHERE listing_id NOT IN (SELECT id FROM listing)")
    with op.batch_alter_table("feed_listing", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_feed_listing_listing_id_listing"), "listing", ["listing_id"], ["id"]
        )


def _roles(known: str) -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_officer_role"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_officer_role"), known)
