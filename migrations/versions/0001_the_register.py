"""The register: enterprises, events, gradings, listings, and the search index of each database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE_INDEXES = ("name_index", "initials_index")


def upgrade() -> None:
    op.create_table(
        "cessation",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("ceased_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_cessation")),
        sa.UniqueConstraint("replaces", name=op.f("uq_cessation_replaces")),
    )
    with op.batch_alter_table("cessation", schema=None) as batch_op:
        batch_op.create_index("ix_cessation_event_id", ["event_id"], unique=False)

    op.create_table(
        "change",
        sa.Column("last_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("last_seq", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "department",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("name", name=op.f("uq_department_name")),
    )
    op.create_table(
        "enterprise",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("org_code", sa.String(length=9), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
    )
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_code", ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_org_code"), ["org_code"], unique=False)
        batch_op.create_index(
            "uq_enterprise_code_living",
            ["code"],
            unique=True,
            sqlite_where=sa.text("living"),
            postgresql_where=sa.text("living"),
        )

    op.create_table(
        "grading",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=3), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_grading")),
    )
    with op.batch_alter_table("grading", schema=None) as batch_op:
        batch_op.create_index("ix_grading_enterprise_id", ["enterprise_id"], unique=False)

    op.create_table(
        "name",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("text", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name")),
    )
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.create_index("ix_name_enterprise_id", ["enterprise_id"], unique=False)

    op.create_table(
        "record",
        sa.Column("enterprise_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("etag", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("industry", sa.String(length=5), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_record")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_seq"), ["seq"], unique=False)

    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_instant", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
    )
    op.create_table(
        "span",
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("grade", sa.String(length=3), nullable=True),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("code", "since", "enterprise_id", name=op.f("pk_span")),
    )
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_span_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index("ix_span_grade_code", ["grade", "code"], unique=False)

    op.create_table(
        "api_key",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("label", sa.String(length=256), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_api_key_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_table(
        "enterprise_version",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("short_name", sa.String(length=256), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_code", sa.String(length=18), nullable=True),
        sa.Column("legacy_id", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("industry", sa.String(length=5), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("quality_officer", sa.Boolean(), nullable=True),
        sa.Column("wants_grade", sa.Boolean(), nullable=False),
        sa.Column("accepted_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
            name=op.f("fk_enterprise_version_enterprise_id_enterprise"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_enterprise_version")),
        sa.UniqueConstraint("replaces", name=op.f("uq_enterprise_version_replaces")),
    )
    with op.batch_alter_table("enterprise_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_version_enterprise_id", ["enterprise_id"], unique=False
        )

    op.create_table(
        "event",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("replaces", BIG_ID, nullable=True),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("source_ref", sa.String(length=256), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.String(length=256), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("producer_confirmed", sa.Boolean(), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("lot", sa.String(length=64), nullable=True),
        sa.Column("product", sa.String(length=256), nullable=True),
        sa.Column("model", sa.String(length=256), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("penalties", sa.JSON(), nullable=True),
        sa.Column("procedure", sa.String(length=32), nullable=True),
        sa.Column("severity", sa.String(length=32), nullable=True),
        sa.Column("publication_basis", sa.Text(), nullable=True),
        sa.Column("fine", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("confiscated", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("publication_notice_on", sa.Date(), nullable=True),
        sa.Column("repair_notice_on", sa.Date(), nullable=True),
        sa.Column("proceedings", sa.Text(), nullable=True),
        sa.Column("heavier", sa.Boolean(), nullable=True),
        sa.Column("restricted_until", sa.Date(), nullable=True),
        sa.Column("performed_on", sa.Date(), nullable=True),
        sa.Column("criminal", sa.Boolean(), nullable=True),
        sa.Column("type", sa.String(length=32), nullable=True),
        sa.Column("campaign", sa.String(length=256), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("of", BIG_ID, nullable=True),
        sa.Column("safety_item", sa.Boolean(), nullable=True),
        sa.Column("failed_items", sa.JSON(), nullable=True),
        sa.Column("laboratory", sa.String(length=256), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('violation', 'inspection', 'award')", name=op.f("ck_event_kind")
        ),
        sa.CheckConstraint("fine IS NULL OR fine >= 0", name=op.f("ck_event_fine")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_event_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_event_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("replaces", name=op.f("uq_event_replaces")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_enterprise_id", ["enterprise_id"], unique=False)
        batch_op.create_index(
            "uq_event_identity",
            ["code", "document_no", "kind", "department_id", "source_ref"],
            unique=True,
            sqlite_where=sa.text("replaces IS NULL"),
            postgresql_where=sa.text("replaces IS NULL"),
        )

    op.create_table(
        "officer",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_officer_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_table(
        "classification",
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("repair_from", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name=op.f("fk_classification_seq_event")),
        sa.PrimaryKeyConstraint("seq", "digest", name=op.f("pk_classification")),
        sa.UniqueConstraint(
            "enterprise_id",
            "seq",
            "digest",
            name=op.f("uq_classification_enterprise_id_seq_digest"),
        ),
    )
    op.create_table(
        "event_link",
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("document_no", sa.String(length=256), nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name=op.f("fk_event_link_seq_event")),
        sa.PrimaryKeyConstraint("seq", "document_no", name=op.f("pk_event_link")),
    )
    with op.batch_alter_table("event_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_link_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "listing",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("list", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("event_id", BIG_ID, nullable=True),
        sa.Column("department_id", BIG_ID, nullable=False),
        sa.Column("proposed_by", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_listing_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_listing_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["officer.id"], name=op.f("fk_listing_proposed_by_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index("ix_listing_enterprise_id", ["enterprise_id"], unique=False)

    op.create_table(
        "listing_act",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("listing_id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", BIG_ID, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=True),
        sa.Column("document_no", sa.String(length=256), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_act_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_listing_act_officer_id_officer")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_listing_act")),
    )
    with op.batch_alter_table("listing_act", schema=None) as batch_op:
        batch_op.create_index("ix_listing_act_listing_id", ["listing_id", "seq"], unique=False)
    _start_counting()
    _make_search_index()


def downgrade() -> None:
    _drop_search_index()
    with op.batch_alter_table("listing_act", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_act_listing_id")

    op.drop_table("listing_act")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_enterprise_id")

    op.drop_table("listing")
    with op.batch_alter_table("event_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_link_enterprise_id"))

    op.drop_table("event_link")
    op.drop_table("classification")
    op.drop_table("officer")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_event_identity",
            sqlite_where=sa.text("replaces IS NULL"),
            postgresql_where=sa.text("replaces IS NULL"),
        )
        batch_op.drop_index("ix_event_enterprise_id")

    op.drop_table("event")
    with op.batch_alter_table("enterprise_version", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_version_enterprise_id")

    op.drop_table("enterprise_version")
    op.drop_table("api_key")
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.drop_index("ix_span_grade_code")
        batch_op.drop_index(batch_op.f("ix_span_enterprise_id"))

    op.drop_table("span")
    op.drop_table("register")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_seq"))
        batch_op.drop_index(batch_op.f("ix_record_expires_on"))
        batch_op.drop_index(batch_op.f("ix_record_code"))

    op.drop_table("record")
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.drop_index("ix_name_enterprise_id")

    op.drop_table("name")
    with op.batch_alter_table("grading", schema=None) as batch_op:
        batch_op.drop_index("ix_grading_enterprise_id")

    op.drop_table("grading")
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enterprise_code_living",
            sqlite_where=sa.text("living"),
            postgresql_where=sa.text("living"),
        )
        batch_op.drop_index(batch_op.f("ix_enterprise_org_code"))
        batch_op.drop_index("ix_enterprise_code")

    op.drop_table("enterprise")
    op.drop_table("department")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_recorded_at"))

    op.drop_table("change")
    with op.batch_alter_table("cessation", schema=None) as batch_op:
        batch_op.drop_index("ix_cessation_event_id")

    op.drop_table("cessation")


def _start_counting() -> None:
    """The one register row: nothing is known yet."""
    op.execute(
        "INSERT INTO register (id, last_seq, last_instant) VALUES (1, 0, '1970-01-01 00:00:00+00:00')"
    )


def _make_search_index() -> None:
    """Bigrams of names and trigrams of initials: FTS5 without content on SQLite, GIN on PostgreSQL."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE_INDEXES:
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5("
                "tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
            )
        return
    op.execute(
        "CREATE TABLE name_index (name_id BIGINT PRIMARY KEY, bigrams TEXT[] NOT NULL, initials TEXT[] NOT NULL)"
    )
    for column in ("bigrams", "initials"):
        op.execute(f"CREATE INDEX ix_name_index_{column} ON name_index USING GIN ({column})")


def _drop_search_index() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in SQLITE_INDEXES if sqlite else ("name_index",):
        op.execute(f"DROP TABLE {name}")
