"""Owners and their votes: the register, motions, sheets with their proof, deliveries, the count.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

FROZEN = (
    "EXISTS (SELECT 1 FROM owners_vote AS v WHERE v.id = {row}.vote_id AND v.frozen_at IS NOT NULL)"
)
SEALED = (
    "EXISTS (SELECT 1 FROM owners_vote AS v WHERE v.id = {row}.vote_id AND v.sealed_at IS NOT NULL)"
)


def _changed(*columns: str) -> str:
    return " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)


GUARDS: list[tuple[str, str, str]] = [
    (
        "owners_vote",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL AND ("
        + _changed("courtyard_id", "title", "rule_set", "unmarked", "proxy_most", "is_online")
        + " OR "
        + _changed("online_basis", "silence_text", "silence_source", "rules", "opens_at")
        + " OR "
        + _changed("noticed_on", "notice_reason", "frozen_at")
        + ")",
    ),
    (
        "owners_vote",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL AND OLD.closes_at <> NEW.closes_at"
        " AND (OLD.closed_at IS NOT NULL OR NEW.closes_at <= OLD.closes_at)",
    ),
    (
        "owners_vote",
        "UPDATE",
        "OLD.sealed_at IS NOT NULL AND ("
        + _changed("sealed_at", "closed_at", "signed_at", "signed_by", "owners", "area_dm2")
        + ")",
    ),
    ("owners_vote", "DELETE", "OLD.frozen_at IS NOT NULL"),
    ("motion", "INSERT", FROZEN.format(row="NEW")),
    ("motion", "UPDATE", FROZEN.format(row="OLD")),
    ("motion", "DELETE", FROZEN.format(row="OLD")),
    ("vote_owner", "INSERT", SEALED.format(row="NEW")),
    ("vote_owner", "UPDATE", SEALED.format(row="OLD")),
    ("vote_owner", "DELETE", FROZEN.format(row="OLD")),
    ("vote_unit", "INSERT", SEALED.format(row="NEW")),
    ("vote_unit", "UPDATE", SEALED.format(row="OLD")),
    ("vote_unit", "DELETE", FROZEN.format(row="OLD")),
    ("owner_entry", "INSERT", SEALED.format(row="NEW")),
    (
        "owner_entry",
        "UPDATE",
        _changed("vote_id", "vote_owner_id", "number", "submission", "channel", "capacity")
        + " OR "
        + _changed("signer", "proxy_id", "received_on", "marks", "keyed_by")
        + " OR OLD.proof_id IS NOT NULL AND "
        + _changed("proof_id"),
    ),
    (
        "owner_entry",
        "UPDATE",
        SEALED.format(row="OLD") + f" AND ({_changed('state', 'confirmed_by', 'decided_by')})",
    ),
    ("owner_entry", "DELETE", "TRUE"),
    (
        "delivery",
        "UPDATE",
        _changed("vote_id", "vote_owner_id", "way", "on_day", "to_whom", "note", "proof_id", "by"),
    ),
    ("delivery", "DELETE", "TRUE"),
    ("owners_result", "UPDATE", "TRUE"),
    ("owners_result", "DELETE", "TRUE"),
    ("owners_event", "UPDATE", "TRUE"),
    ("owners_event", "DELETE", "TRUE"),
]
"""(table, operation, when it is refused), as SQL of PostgreSQL; SQLite says IS NOT"""


def _name(index: int) -> str:
    table, operation, _ = GUARDS[index]
    return f"guard_5_{index:02d}_{table}_{operation.lower()}"


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
    op.create_table(
        "online_rule",
        sa.Column("place_id", sa.String(length=13), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("set_by", sa.String(length=13), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_online_rule_place_id")),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_online_rule_set_by")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_online_rule")),
    )
    op.create_table(
        "owner",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("voter", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_owner_courtyard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
    )
    op.create_index(
        "uq_owner_party",
        "owner",
        ["courtyard_id", "party"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "owners_register",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("stated_area_dm2", sa.BigInteger(), nullable=True),
        sa.Column("stated_units", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("gap_reason", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stated_area_dm2 > 0", name=op.f("ck_owners_register_area_is_positive")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_owners_register_courtyard_id")
        ),
        sa.PrimaryKeyConstraint("courtyard_id", name=op.f("pk_owners_register")),
    )
    op.create_table(
        "owner_name",
        sa.Column("owner_id", sa.String(length=13), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_owner_name_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "position", name=op.f("pk_owner_name")),
    )
    op.create_table(
        "owners_vote",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("called_by", sa.String(length=80), nullable=False),
        sa.Column("rule_set", sa.String(length=40), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("notice_reason", sa.String(length=200), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seals_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unmarked", sa.String(length=10), nullable=False),
        sa.Column("proxy_most", sa.BigInteger(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("online_basis", sa.String(length=200), nullable=False),
        sa.Column("silence_text", sa.Text(), nullable=False),
        sa.Column("silence_source", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.String(length=13), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=13), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("owners", sa.BigInteger(), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "closes_at <= seals_at", name=op.f("ck_owners_vote_closes_before_it_seals")
        ),
        sa.CheckConstraint(
            "opens_at < closes_at", name=op.f("ck_owners_vote_opens_before_it_closes")
        ),
        sa.CheckConstraint(
            "proxy_most BETWEEN 0 AND 99",
            name=op.f("ck_owners_vote_proxy_most_is_a_number_of_people"),
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_owners_vote_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_owners_vote_created_by")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_owners_vote_round_id")),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name=op.f("fk_owners_vote_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners_vote")),
    )
    op.create_index(
        op.f("ix_owners_vote_courtyard_id"), "owners_vote", ["courtyard_id"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("owner_id", sa.String(length=13), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("stairwell", sa.String(length=20), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("area_dm2 > 0", name=op.f("ck_unit_area_is_positive")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_unit_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_unit_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint(
            "courtyard_id",
            "building",
            "stairwell",
            "room",
            name=op.f("uq_unit_courtyard_id_building_stairwell_room"),
        ),
    )
    op.create_index(op.f("ix_unit_owner_id"), "unit", ["owner_id"], unique=False)
    op.create_table(
        "motion",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("matter", sa.String(length=30), nullable=False),
        sa.Column("weight", sa.String(length=10), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["owners_vote.id"], name=op.f("fk_motion_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion")),
        sa.UniqueConstraint("vote_id", "number", name=op.f("uq_motion_vote_id_number")),
    )
    op.create_table(
        "owners_counter",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("account_id", sa.String(length=13), nullable=False),
        sa.Column("named_by", sa.String(length=13), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_owners_counter_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["account.id"], name=op.f("fk_owners_counter_named_by")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owners_counter_vote_id")
        ),
        sa.PrimaryKeyConstraint("vote_id", "account_id", name=op.f("pk_owners_counter")),
    )
    op.create_table(
        "owners_event",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owners_event_vote_id")
        ),
        sa.PrimaryKeyConstraint("vote_id", "number", name=op.f("pk_owners_event")),
    )
    op.create_table(
        "owners_extension",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("closed_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=13), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "closed_before < closes_at", name=op.f("ck_owners_extension_only_put_off")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_owners_extension_by")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owners_extension_vote_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners_extension")),
    )
    op.create_index(
        op.f("ix_owners_extension_vote_id"), "owners_extension", ["vote_id"], unique=False
    )
    op.create_table(
        "owners_result",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owners_result_vote_id")
        ),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_owners_result")),
    )
    op.create_table(
        "proof",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(length=13), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_proof_added_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_proof_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["vote_id"], ["owners_vote.id"], name=op.f("fk_proof_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("vote_id", "digest", name=op.f("uq_proof_vote_id_digest")),
    )
    op.create_table(
        "vote_owner",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("owner_id", sa.String(length=13), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("names", sa.String(length=400), nullable=False),
        sa.Column("voter", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_vote_owner_owner_id")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_vote_owner_vote_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_owner")),
        sa.UniqueConstraint("vote_id", "number", name=op.f("uq_vote_owner_vote_id_number")),
    )
    op.create_table(
        "delivery",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_owner_id", sa.String(length=13), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("to_whom", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("proof_id", sa.String(length=13), nullable=True),
        sa.Column("by", sa.String(length=13), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_delivery_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_delivery_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_delivery_proof_id")),
        sa.ForeignKeyConstraint(["vote_id"], ["owners_vote.id"], name=op.f("fk_delivery_vote_id")),
        sa.ForeignKeyConstraint(
            ["vote_owner_id"], ["vote_owner.id"], name=op.f("fk_delivery_vote_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_vote_id"), "delivery", ["vote_id"], unique=False)
    op.create_index(op.f("ix_delivery_vote_owner_id"), "delivery", ["vote_owner_id"], unique=False)
    op.create_table(
        "owner_code",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_owner_id", sa.String(length=13), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("long_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owner_code_vote_id")
        ),
        sa.ForeignKeyConstraint(
            ["vote_owner_id"], ["vote_owner.id"], name=op.f("fk_owner_code_vote_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_code")),
        sa.UniqueConstraint("long_hash", name=op.f("uq_owner_code_long_hash")),
        sa.UniqueConstraint(
            "vote_owner_id", "generation", name=op.f("uq_owner_code_vote_owner_id_generation")
        ),
    )
    op.create_index(op.f("ix_owner_code_vote_id"), "owner_code", ["vote_id"], unique=False)
    op.create_index(
        "uq_owner_code_current",
        "owner_code",
        ["vote_owner_id"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "proxy",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_owner_id", sa.String(length=13), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("agent_name", sa.String(length=60), nullable=False),
        sa.Column("agent_mark", sa.String(length=20), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("proof_id", sa.String(length=13), nullable=False),
        sa.Column("noted_by", sa.String(length=13), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_proxy_slot_is_from_one")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_proxy_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["account.id"], name=op.f("fk_proxy_noted_by")),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_proxy_proof_id")),
        sa.ForeignKeyConstraint(["vote_id"], ["owners_vote.id"], name=op.f("fk_proxy_vote_id")),
        sa.ForeignKeyConstraint(
            ["vote_owner_id"], ["vote_owner.id"], name=op.f("fk_proxy_vote_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy")),
    )
    op.create_index(op.f("ix_proxy_vote_id"), "proxy", ["vote_id"], unique=False)
    op.create_index(
        "uq_proxy_of_owner",
        "proxy",
        ["vote_owner_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_proxy_slot",
        "proxy",
        ["vote_id", "agent", "slot"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "vote_unit",
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_owner_id", sa.String(length=13), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("stairwell", sa.String(length=20), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("area_dm2 > 0", name=op.f("ck_vote_unit_area_is_positive")),
        sa.ForeignKeyConstraint(["vote_id"], ["owners_vote.id"], name=op.f("fk_vote_unit_vote_id")),
        sa.ForeignKeyConstraint(
            ["vote_owner_id"], ["vote_owner.id"], name=op.f("fk_vote_unit_vote_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_unit")),
        sa.UniqueConstraint(
            "vote_id",
            "building",
            "stairwell",
            "room",
            name=op.f("uq_vote_unit_vote_id_building_stairwell_room"),
        ),
    )
    op.create_index(
        op.f("ix_vote_unit_vote_owner_id"), "vote_unit", ["vote_owner_id"], unique=False
    )
    op.create_table(
        "correction",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_unit_id", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=13), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=13), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("confirmed_by <> asked_by", name=op.f("ck_correction_two_accounts")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_correction_asked_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_correction_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_correction_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_correction_vote_id")
        ),
        sa.ForeignKeyConstraint(
            ["vote_unit_id"], ["vote_unit.id"], name=op.f("fk_correction_vote_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_vote_id"), "correction", ["vote_id"], unique=False)
    op.create_table(
        "owner_entry",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("vote_id", sa.String(length=13), nullable=False),
        sa.Column("vote_owner_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("signer", sa.String(length=60), nullable=False),
        sa.Column("proxy_id", sa.String(length=13), nullable=True),
        sa.Column("proof_id", sa.String(length=13), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("keyed_by", sa.String(length=13), nullable=True),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=13), nullable=True),
        sa.Column("decided_by", sa.String(length=13), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "capacity <> 'agent' OR proxy_id IS NOT NULL",
            name=op.f("ck_owner_entry_agent_has_a_proxy"),
        ),
        sa.CheckConstraint(
            "channel <> 'paper' OR state <> 'confirmed'"
            " OR (proof_id IS NOT NULL AND confirmed_by IS NOT NULL)",
            name=op.f("ck_owner_entry_paper_has_its_proof_and_second_account"),
        ),
        sa.CheckConstraint("confirmed_by <> keyed_by", name=op.f("ck_owner_entry_two_accounts")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_owner_entry_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_owner_entry_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_owner_entry_decided_by")
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["account.id"], name=op.f("fk_owner_entry_keyed_by")),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_owner_entry_proof_id")),
        sa.ForeignKeyConstraint(["proxy_id"], ["proxy.id"], name=op.f("fk_owner_entry_proxy_id")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["owners_vote.id"], name=op.f("fk_owner_entry_vote_id")
        ),
        sa.ForeignKeyConstraint(
            ["vote_owner_id"], ["vote_owner.id"], name=op.f("fk_owner_entry_vote_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_entry")),
        sa.UniqueConstraint(
            "vote_owner_id", "number", name=op.f("uq_owner_entry_vote_owner_id_number")
        ),
        sa.UniqueConstraint(
            "vote_owner_id", "submission", name=op.f("uq_owner_entry_vote_owner_id_submission")
        ),
    )
    op.create_index(
        op.f("ix_owner_entry_vote_id_state"), "owner_entry", ["vote_id", "state"], unique=False
    )
    op.create_index(
        "uq_owner_entry_counts",
        "owner_entry",
        ["vote_owner_id"],
        unique=True,
        sqlite_where=sa.text("state = 'confirmed'"),
        postgresql_where=sa.text("state = 'confirmed'"),
    )
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
    op.drop_table("owner_entry")
    op.drop_table("correction")
    op.drop_table("vote_unit")
    op.drop_table("proxy")
    op.drop_table("owner_code")
    op.drop_table("delivery")
    op.drop_table("vote_owner")
    op.drop_table("proof")
    op.drop_table("owners_result")
    op.drop_table("owners_extension")
    op.drop_table("owners_event")
    op.drop_table("owners_counter")
    op.drop_table("motion")
    op.drop_table("unit")
    op.drop_table("owners_vote")
    op.drop_table("owner_name")
    op.drop_table("owners_register")
    op.drop_table("owner")
    op.drop_table("online_rule")
