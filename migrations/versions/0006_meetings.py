"""Meetings: agenda, remotes, who came, what was said and asked, minutes and promises; ballots that
a meeting closes.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SIGNED = (
    "EXISTS (SELECT 1 FROM meeting AS m WHERE m.id = {row}.meeting_id AND m.signed_at IS NOT NULL)"
)
SHUT = "EXISTS (SELECT 1 FROM poll AS p WHERE p.id = {row}.poll_id AND p.closed_at IS NOT NULL)"


def _changed(*columns: str) -> str:
    return " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)


GUARDS: list[tuple[str, str, str]] = [
    (
        "meeting",
        "UPDATE",
        "OLD.signed_at IS NOT NULL AND ("
        + _changed("signed_at", "signed_by", "minutes", "minutes_hash", "title", "place")
        + ")",
    ),
    ("minute", "INSERT", SIGNED.format(row="NEW")),
    ("minute", "UPDATE", SIGNED.format(row="OLD")),
    (
        "minute",
        "UPDATE",
        _changed("meeting_id", "number", "kind", "at", "by", "say", "facts", "subject_id"),
    ),
    ("minute", "DELETE", "TRUE"),
    ("poll_vote", "INSERT", SHUT.format(row="NEW")),
    ("poll_vote", "UPDATE", SHUT.format(row="OLD")),
    ("poll_vote", "DELETE", SHUT.format(row="OLD")),
    ("poll", "UPDATE", "OLD.closed_at IS NOT NULL"),
    (
        "hands",
        "UPDATE",
        _changed("meeting_id", "question", "choice", "building", "stairwell", "count", "people"),
    ),
    ("hands", "DELETE", "TRUE"),
    ("ballot", "UPDATE", f"OLD.frozen_at IS NOT NULL AND {_changed('at_meeting')}"),
    (
        "ballot",
        "UPDATE",
        "OLD.closed_at IS NULL AND NEW.closed_at < NEW.closes_at AND NOT NEW.at_meeting",
    ),
    *(
        (table, operation, SIGNED.format(row=row))
        for table in ("promise", "hands")
        for operation, row in (("INSERT", "NEW"), ("UPDATE", "OLD"))
    ),
]
"""(table, operation, when it is refused), as SQL of PostgreSQL; SQLite says IS NOT"""


def _name(index: int) -> str:
    table, operation, _ = GUARDS[index]
    return f"guard_6_{index:02d}_{table}_{operation.lower()}"


def _guard(index: int, dialect: str) -> None:
    table, operation, when = GUARDS[index]
    name = _name(index)
    says = f"guarded: {table} {operation.lower()}"
    if dialect == "sqlite":
        when = when.replace("IS DISTINCT FROM", "IS NOT")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    kept = "OLD" if operation == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{says}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {kept}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def upgrade() -> None:
    op.add_column(
        "ballot",
        sa.Column("at_meeting", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "meeting",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=13), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item_id", sa.String(length=13), nullable=True),
        sa.Column("picture", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=13), nullable=True),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.Text(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=13), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("minutes_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("visitors >= 0", name=op.f("ck_meeting_visitors_are_counted")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_meeting_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_meeting_created_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_round_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_meeting_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_courtyard_id"), "meeting", ["courtyard_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about_id", sa.String(length=13), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_agenda_item_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_meeting_id"), "agenda_item", ["meeting_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=13), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_attendance_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_attendance_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_attendance_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_meeting_id"), "attendance", ["meeting_id"], unique=False)
    op.create_index(
        "uq_attendance_device",
        "attendance",
        ["meeting_id", "device_hash"],
        unique=True,
        sqlite_where=sa.text("household_id IS NULL AND taken_back_at IS NULL"),
        postgresql_where=sa.text("household_id IS NULL AND taken_back_at IS NULL"),
    )
    op.create_index(
        "uq_attendance_household",
        "attendance",
        ["meeting_id", "household_id"],
        unique=True,
        sqlite_where=sa.text("household_id IS NOT NULL AND taken_back_at IS NULL"),
        postgresql_where=sa.text("household_id IS NOT NULL AND taken_back_at IS NULL"),
    )
    op.create_table(
        "remote",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=13), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.String(length=40), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_remote_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_remote_made_by")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_remote_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_remote_token_hash")),
    )
    op.create_index(op.f("ix_remote_meeting_id"), "remote", ["meeting_id"], unique=False)
    op.create_index(
        "uq_remote_held",
        "remote",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("taken_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "hands",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=True),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("stairwell", sa.String(length=20), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("counted_by", sa.String(length=40), nullable=False),
        sa.Column("typed_by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "count >= 0 AND people >= count", name=op.f("ck_hands_hands_are_of_people")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_hands_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_hands_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_hands_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hands")),
    )
    op.create_index(op.f("ix_hands_meeting_id"), "hands", ["meeting_id"], unique=False)
    op.create_table(
        "minute",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("say", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.String(length=13), nullable=True),
        sa.Column("edited", sa.Text(), nullable=True),
        sa.Column("edited_by", sa.String(length=13), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_minute_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["account.id"], name=op.f("fk_minute_edited_by")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_minute_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minute_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minute_meeting_id_number")),
    )
    op.create_table(
        "poll",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=True),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("households", sa.BigInteger(), nullable=False),
        sa.Column("phones", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_poll_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_poll_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_poll_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_meeting_id"), "poll", ["meeting_id"], unique=False)
    op.create_index(
        "uq_poll_open",
        "poll",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "poll_vote",
        sa.Column("poll_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("choice", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_poll_vote_household_id")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_vote_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_vote")),
        sa.UniqueConstraint(
            "poll_id", "device_hash", name=op.f("uq_poll_vote_poll_id_device_hash")
        ),
        sa.UniqueConstraint(
            "poll_id", "household_id", name=op.f("uq_poll_vote_poll_id_household_id")
        ),
    )
    op.create_table(
        "opinion",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("taken_down_by", sa.String(length=40), nullable=True),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("suggestion_id", sa.String(length=13), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_opinion_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_opinion_household_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_opinion_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_opinion_meeting_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_opinion_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_opinion_meeting_id_number")),
        sa.UniqueConstraint("submission", name=op.f("uq_opinion_submission")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_opinion_suggestion_id")),
    )
    op.create_table(
        "opinion_support",
        sa.Column("opinion_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_opinion_support_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_opinion_support_opinion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_support")),
        sa.UniqueConstraint(
            "opinion_id", "device_hash", name=op.f("uq_opinion_support_opinion_id_device_hash")
        ),
        sa.UniqueConstraint(
            "opinion_id", "household_id", name=op.f("uq_opinion_support_opinion_id_household_id")
        ),
    )
    op.create_table(
        "promise",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("meeting_id", sa.String(length=13), nullable=False),
        sa.Column("opinion_id", sa.String(length=13), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("need_id", sa.String(length=13), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_promise_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_promise_meeting_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_promise_need_id")),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"], name=op.f("fk_promise_opinion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("submission", name=op.f("uq_promise_submission")),
    )
    op.create_index(op.f("ix_promise_meeting_id"), "promise", ["meeting_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for index in range(len(GUARDS)):
        _guard(index, dialect)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for index in reversed(range(len(GUARDS))):
        on = "" if dialect == "sqlite" else f" ON {GUARDS[index][0]}"
        op.execute(f"DROP TRIGGER {_name(index)}{on}")
        if dialect != "sqlite":
            op.execute(f"DROP FUNCTION {_name(index)}()")
    op.drop_table("promise")
    op.drop_table("opinion_support")
    op.drop_table("opinion")
    op.drop_table("poll_vote")
    op.drop_table("poll")
    op.drop_table("minute")
    op.drop_table("hands")
    op.drop_table("remote")
    op.drop_table("attendance")
    op.drop_table("agenda_item")
    op.drop_table("meeting")
    op.drop_column("ballot", "at_meeting")
