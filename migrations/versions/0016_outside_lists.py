"""Lists that other bodies keep, which screening looks into."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from credit.rules.names import fold

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


NAME = sa.table("name", sa.column("id", BIG_ID), sa.column("text", sa.String), sa.column("folded", sa.String))
BLOCK = 10_000


def upgrade() -> None:
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(length=256), nullable=False, server_default=""))
    _fold_names()
    op.create_index("ix_name_folded", "name", ["folded"])
    op.create_table(
        "outside_list",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("list", sa.String(length=32), nullable=False),
        sa.Column("data_as_of", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outside_list")),
    )
    op.create_index("ix_outside_list_list", "outside_list", ["list", "data_as_of"])
    op.create_table(
        "outside_entry",
        sa.Column("copy", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=True),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("folded", sa.String(length=256), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("authority", sa.String(length=256), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["copy"], ["outside_list.seq"], name=op.f("fk_outside_entry_copy_outside_list")),
        sa.PrimaryKeyConstraint("copy", "line", name=op.f("pk_outside_entry")),
    )
    op.create_index("ix_outside_entry_code", "outside_entry", ["copy", "code"])
    op.create_index("ix_outside_entry_folded", "outside_entry", ["copy", "folded"])


def _fold_names() -> None:
    """Names of before, as they are compared."""
    connection, after = op.get_bind(), 0
    change = sa.update(NAME).where(NAME.c.id == sa.bindparam("number")).values(folded=sa.bindparam("spelled"))
    while rows := connection.execute(
        sa.select(NAME.c.id, NAME.c.text).where(NAME.c.id > after).order_by(NAME.c.id).limit(BLOCK)
    ).all():
        connection.execute(change, [{"number": number, "spelled": fold(text)[:256]} for number, text in rows])
        after = rows[-1][0]


def downgrade() -> None:
    op.drop_index("ix_name_folded", "name")
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.drop_column("folded")
    op.drop_table("outside_entry")
    op.drop_table("outside_list")
