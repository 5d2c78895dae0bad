"""Asking: tagged links, saved templates, photos, who answered for whom; visits; long work.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

CURRENT = "sent_at IS NOT NULL AND superseded_at IS NULL"
UNCOUNTED = "sent_at IS NULL OR superseded_at IS NOT NULL"
UNDER_WAY = "state IN ('waiting', 'running')"
COLUMNS = [
    ("answer", "place", "BIGINT DEFAULT 1 NOT NULL"),
    (
        "answer",
        "questionnaire_id",
        "VARCHAR(13) CONSTRAINT fk_answer_questionnaire_id REFERENCES questionnaire (id)",
    ),
    (
        "questionnaire",
        "identity",
        "VARCHAR(10) DEFAULT 'open' NOT NULL CONSTRAINT ck_questionnaire_identity_is_known"
        " CHECK (identity IN ('open', 'household', 'staff'))",
    ),
    (
        "questionnaire",
        "origin_id",
        "VARCHAR(13) CONSTRAINT fk_questionnaire_origin_id REFERENCES questionnaire (id)",
    ),
    ("response", "relation", "VARCHAR(10) DEFAULT '' NOT NULL"),
    (
        "response",
        "has_consent",
        "BOOLEAN DEFAULT FALSE NOT NULL CONSTRAINT ck_response_answered_for_with_consent"
        " CHECK (relation = '' OR has_consent)",
    ),
    (
        "response",
        "tag_id",
        "VARCHAR(13) CONSTRAINT fk_response_tag_id REFERENCES questionnaire_tag (id)",
    ),
]
"""said as SQL, since SQLite takes a constraint with a new column but not afterwards"""
WIDTHS = [("question", 20, 40), ("choice", 20, 81)]
"""of the columns of `answer`, before and after"""


FILL = """
UPDATE answer SET
  questionnaire_id = (SELECT questionnaire_id FROM response WHERE response.id = answer.response_id),
  place = (SELECT count(*) FROM answer AS one WHERE one.response_id = answer.response_id
           AND one.question = answer.question AND one.choice <= answer.choice)
"""
"""every part of an answer has its place, from 1: those of place 1 tell how many answered"""
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s"}
"""SQLite forgets the name of a key that came with its column"""
COUNTED = ["questionnaire_id", "question", "choice", "place"]


def _alter_answer(*, up: bool) -> None:
    with op.batch_alter_table("answer", naming_convention=NAMES) as answer:
        for column, narrow, wide in WIDTHS:
            answer.alter_column(
                column,
                existing_type=sa.String(length=narrow if up else wide),
                type_=sa.String(length=wide if up else narrow),
                existing_nullable=False,
            )
        if up:
            answer.alter_column("questionnaire_id", existing_type=sa.String(13), nullable=False)
        else:
            answer.drop_constraint("fk_answer_questionnaire_id", type_="foreignkey")
            for column in ("questionnaire_id", "place"):
                answer.drop_column(column)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("account_id", sa.String(length=13), nullable=False),
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=13), nullable=False),
        sa.Column("wanted", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'dropped')",
            name=op.f("ck_job_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_courtyard_id"), "job", ["courtyard_id"], unique=False)
    op.create_index(
        "uq_job_under_way",
        "job",
        ["account_id", "kind", "subject_id", "wanted"],
        unique=True,
        sqlite_where=sa.text(UNDER_WAY),
        postgresql_where=sa.text(UNDER_WAY),
    )
    op.create_table(
        "questionnaire_template",
        sa.Column("place_id", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("keeps", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("kept_days", sa.BigInteger(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=13), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_questionnaire_template_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_questionnaire_template_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_template")),
        sa.UniqueConstraint(
            "place_id", "title", name=op.f("uq_questionnaire_template_place_id_title")
        ),
    )
    op.create_table(
        "visit",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("about", sa.String(length=13), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=13), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('met', 'absent', 'refused', 'answered')",
            name=op.f("ck_visit_outcome_is_known"),
        ),
        sa.CheckConstraint("way IN ('visit', 'phone')", name=op.f("ck_visit_way_is_known")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_visit_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_visit_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_visit_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_courtyard_id"), "visit", ["courtyard_id"], unique=False)
    op.create_index(op.f("ix_visit_household_id"), "visit", ["household_id"], unique=False)
    op.create_table(
        "questionnaire_tag",
        sa.Column("questionnaire_id", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_tag_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_tag")),
        sa.UniqueConstraint(
            "questionnaire_id", "code", name=op.f("uq_questionnaire_tag_questionnaire_id_code")
        ),
        sa.UniqueConstraint(
            "questionnaire_id", "name", name=op.f("uq_questionnaire_tag_questionnaire_id_name")
        ),
    )
    op.create_table(
        "answer_photo",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=13), nullable=False),
        sa.Column("response_id", sa.String(length=13), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_answer_photo_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_answer_photo_questionnaire_id"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_answer_photo_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_photo")),
    )
    op.create_index(
        op.f("ix_answer_photo_questionnaire_id"), "answer_photo", ["questionnaire_id"], unique=False
    )
    op.create_index(
        op.f("ix_answer_photo_response_id"), "answer_photo", ["response_id"], unique=False
    )
    for table, column, what in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {what}")
    op.add_column("response", sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE response SET saved_at = begun_at WHERE sent_at IS NULL")
    op.add_column("need_photo", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_questionnaire_origin_id_round_id",
        "questionnaire",
        ["origin_id", "round_id"],
        unique=True,
    )
    op.create_index(
        "ix_response_counted",
        "response",
        ["questionnaire_id", "sent_at", "id", "channel", "household_id"],
        unique=False,
        sqlite_where=sa.text(CURRENT),
        postgresql_where=sa.text(CURRENT),
    )
    op.create_index(
        "ix_response_uncounted",
        "response",
        ["questionnaire_id"],
        unique=False,
        sqlite_where=sa.text(UNCOUNTED),
        postgresql_where=sa.text(UNCOUNTED),
    )
    op.execute(FILL)
    _alter_answer(up=True)
    op.create_index("ix_answer_counted", "answer", COUNTED, unique=False)


def downgrade() -> None:
    op.drop_index("ix_response_uncounted", table_name="response")
    op.drop_index("ix_response_counted", table_name="response")
    op.drop_index("ix_answer_counted", table_name="answer")
    _alter_answer(up=False)
    op.drop_index("uq_questionnaire_origin_id_round_id", table_name="questionnaire")
    op.drop_column("need_photo", "removed_at")
    op.drop_column("response", "saved_at")
    for table, column, _what in reversed(COLUMNS):
        if table != "answer":
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.drop_table("answer_photo")
    op.drop_table("questionnaire_tag")
    op.drop_table("visit")
    op.drop_table("questionnaire_template")
    op.drop_table("job")
