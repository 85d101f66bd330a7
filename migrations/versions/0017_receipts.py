"""Receipts of screenings, and the public keys that verify them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("refers_to", sa.String(length=22), nullable=True),
        sa.Column("who", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )


def downgrade() -> None:
    op.drop_table("receipt")
    op.drop_table("signing_key")
