"""Fingerprints of listed codes, by which the blacklist is asked without saying about whom."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing") as table:
        table.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=False, server_default=""))
        table.create_index(op.f("ix_listing_fingerprint"), ["fingerprint"])
    listing = sa.table("listing", sa.column("code", sa.String), sa.column("fingerprint", sa.String))
    connection = op.get_bind()
    codes = connection.execute(sa.select(listing.c.code).distinct()).scalars().all()
    rows = [{"of": code, "print": hashlib.sha256(code.encode()).hexdigest()} for code in codes]
    if rows:
        filled = sa.update(listing).where(listing.c.code == sa.bindparam("of"))
        connection.execute(filled.values(fingerprint=sa.bindparam("print")), rows)
    with op.batch_alter_table("listing") as table:
        table.alter_column("fingerprint", existing_type=sa.String(length=64), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("listing") as table:
        table.drop_index(op.f("ix_listing_fingerprint"))
        table.drop_column("fingerprint")
