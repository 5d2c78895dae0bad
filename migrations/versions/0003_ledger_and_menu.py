"""The ledger's further facts, the catalogue as data, posted menus, and orders.

Revision: 0003, after 0002.
"""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

CATALOGUE = Path(__file__).resolve().parents[2] / "surveys" / "needs" / "catalogue.json"

PINNED = "EXISTS (SELECT 1 FROM menu WHERE menu.id = {row}.menu_id AND menu.pinned_at IS NOT NULL)"
GUARDS: list[tuple[str, str, str]] = [
    ("need", "INSERT", "NEW.lane = 'declined' AND NEW.lane_note = ''"),
    ("need", "UPDATE", "NEW.lane = 'declined' AND NEW.lane_note = ''"),
    ("funding", "INSERT", PINNED.format(row="NEW")),
    ("funding", "UPDATE", PINNED.format(row="OLD")),
    ("funding", "DELETE", PINNED.format(row="OLD")),
    ("menu_version", "UPDATE", "TRUE"),
    ("menu_version", "DELETE", "TRUE"),
    ("menu_cause", "UPDATE", "TRUE"),
    ("menu_cause", "DELETE", "TRUE"),
]


def _name(index: int) -> str:
    table, operation, _ = GUARDS[index]
    return f"guard_0003_{index:02d}_{table}_{operation.lower()}"


def _guard(index: int, dialect: str) -> None:
    table, operation, when = GUARDS[index]
    name = _name(index)
    says = f"guarded: {table} {operation.lower()}"
    if dialect == "sqlite":
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


def _fill_catalogue() -> None:
    """What ships becomes data: from here on it is the district's own."""
    entries = json.loads(CATALOGUE.read_text("utf-8"))
    columns = ("key", "name", "class_key", "what", "unit", "position")
    op.bulk_insert(
        sa.table("catalogue_entry", *map(sa.column, columns)),
        [
            {
                "key": entry["key"],
                "name": entry["name"],
                "class_key": entry["class"],
                "what": entry["what"],
                "unit": entry["unit"],
                "position": n,
            }
            for n, entry in enumerate(entries, 1)
        ],
    )
    words = [(entry["key"], word) for entry in entries for word in dict.fromkeys(entry["words"])]
    op.bulk_insert(
        sa.table("catalogue_word", sa.column("id"), sa.column("entry_key"), sa.column("word")),
        [
            {"id": f"shipped{n:06d}", "entry_key": key, "word": word}
            for n, (key, word) in enumerate(words, 1)
        ],
    )
    op.bulk_insert(
        sa.table("catalogue_state", sa.column("id"), sa.column("revision")),
        [{"id": 1, "revision": 1}],
    )


def upgrade() -> None:
    op.create_table(
        "catalogue_entry",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("class_key", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_catalogue_entry")),
        sa.UniqueConstraint("name", name=op.f("uq_catalogue_entry_name")),
    )
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    op.create_table(
        "catalogue_word",
        sa.Column("entry_key", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_key"], ["catalogue_entry.key"], name=op.f("fk_catalogue_word_entry_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_word")),
        sa.UniqueConstraint("entry_key", "word", name=op.f("uq_catalogue_word_entry_key_word")),
    )
    op.create_table(
        "learnt_word",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("entry_key", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("texts", sa.BigInteger(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_learnt_word_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_key"], ["catalogue_entry.key"], name=op.f("fk_learnt_word_entry_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learnt_word")),
        sa.UniqueConstraint(
            "courtyard_id",
            "word",
            "entry_key",
            name=op.f("uq_learnt_word_courtyard_id_word_entry_key"),
        ),
    )
    op.create_table(
        "funding",
        sa.Column("menu_id", sa.String(length=13), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_funding_amount_is_not_negative")),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("fk_funding_menu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
        sa.UniqueConstraint("menu_id", "source", name=op.f("uq_funding_menu_id_source")),
    )
    op.create_table(
        "menu_version",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("menu_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("comments_until", sa.Date(), nullable=True),
        sa.Column("posted_by", sa.String(length=13), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_menu_version_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("fk_menu_version_menu_id")),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["account.id"], name=op.f("fk_menu_version_posted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_version")),
        sa.UniqueConstraint("menu_id", "number", name=op.f("uq_menu_version_menu_id_number")),
    )
    op.create_table(
        "need_photo",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("need_id", sa.String(length=13), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.String(length=80), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(length=13), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_need_photo_added_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_need_photo_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_photo_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_photo")),
        sa.UniqueConstraint("need_id", "digest", name=op.f("uq_need_photo_need_id_digest")),
    )
    op.create_table(
        "support",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("need_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("supported_on", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_support_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_support_household_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_support_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support")),
        sa.UniqueConstraint(
            "need_id", "household_id", name=op.f("uq_support_need_id_household_id")
        ),
    )
    op.create_index(op.f("ix_support_household_id"), "support", ["household_id"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=False),
        sa.Column("published_to", sa.Date(), nullable=False),
        sa.Column("accepted_by", sa.String(length=80), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("promised_for", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "accepted_on IS NULL OR accepted_by <> ''",
            name=op.f("ck_work_order_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "declined_on IS NULL OR reason <> ''", name=op.f("ck_work_order_declined_with_a_reason")
        ),
        sa.CheckConstraint(
            "declined_on IS NULL OR (accepted_on IS NULL AND done_on IS NULL)",
            name=op.f("ck_work_order_declined_or_accepted"),
        ),
        sa.CheckConstraint(
            "done_on IS NULL OR accepted_on IS NOT NULL",
            name=op.f("ck_work_order_done_after_it_was_accepted"),
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_work_order_ballot_id")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_work_order_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["menu_item.id"], name=op.f("fk_work_order_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("ballot_id", "item_id", name=op.f("uq_work_order_ballot_id_item_id")),
    )
    op.create_index(
        op.f("ix_work_order_courtyard_id"), "work_order", ["courtyard_id"], unique=False
    )
    op.create_table(
        "menu_cause",
        sa.Column("version_id", sa.String(length=13), nullable=False),
        sa.Column("item_id", sa.String(length=13), nullable=False),
        sa.Column("suggestion_id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_menu_cause_suggestion_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["menu_version.id"], name=op.f("fk_menu_cause_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "item_id", "suggestion_id", name=op.f("pk_menu_cause")
        ),
    )
    op.create_index(
        op.f("ix_menu_cause_suggestion_id"), "menu_cause", ["suggestion_id"], unique=False
    )
    op.create_table(
        "proposal",
        sa.Column("suggestion_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("entry_key", sa.String(length=20), nullable=True),
        sa.Column("matter", sa.String(length=40), nullable=True),
        sa.Column("vocabulary", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_proposal_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_proposal")),
    )
    op.create_index(
        op.f("ix_proposal_round_id_entry_key_matter"),
        "proposal",
        ["round_id", "entry_key", "matter"],
        unique=False,
    )
    op.create_table(
        "sorting_read",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_sorting_read_courtyard_id")
        ),
        sa.PrimaryKeyConstraint("courtyard_id", name=op.f("pk_sorting_read")),
    )
    op.create_table(
        "proposed_wish",
        sa.Column("suggestion_id", sa.String(length=13), nullable=False),
        sa.Column("entry_key", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposed_wish_round_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_proposed_wish_suggestion_id")
        ),
        sa.PrimaryKeyConstraint(
            "suggestion_id", "entry_key", "matter", name=op.f("pk_proposed_wish")
        ),
    )
    op.create_index(
        op.f("ix_proposed_wish_round_id_entry_key_matter"),
        "proposed_wish",
        ["round_id", "entry_key", "matter"],
        unique=False,
    )
    op.add_column(
        "ballot_household",
        sa.Column("stairwell", sa.String(length=20), server_default="", nullable=False),
    )
    op.add_column(
        "counted_vote", sa.Column("part", sa.String(length=50), server_default="", nullable=False)
    )
    op.add_column(
        "menu_item", sa.Column("is_priced", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("menu_item", sa.Column("share_fen", sa.BigInteger(), nullable=True))
    op.add_column("menu_item", sa.Column("upkeep_fen", sa.BigInteger(), nullable=True))
    op.add_column(
        "menu_item", sa.Column("building", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column(
        "menu_item", sa.Column("stairwell", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column("need", sa.Column("kind", sa.String(length=10), nullable=True))
    op.add_column(
        "need", sa.Column("place", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column(
        "need", sa.Column("leads", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column("need", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column(
        "need", sa.Column("lane_note", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column("suggestion", sa.Column("withheld_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "suggestion",
        sa.Column("withheld_reason", sa.String(length=200), server_default="", nullable=False),
    )
    _fill_catalogue()
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
    op.drop_column("suggestion", "withheld_reason")
    op.drop_column("suggestion", "withheld_at")
    op.drop_column("need", "lane_note")
    op.drop_column("need", "due_on")
    op.drop_column("need", "leads")
    op.drop_column("need", "place")
    op.drop_column("need", "kind")
    op.drop_column("menu_item", "stairwell")
    op.drop_column("menu_item", "building")
    op.drop_column("menu_item", "upkeep_fen")
    op.drop_column("menu_item", "share_fen")
    op.drop_column("menu_item", "is_priced")
    op.drop_column("counted_vote", "part")
    op.drop_column("ballot_household", "stairwell")
    op.drop_index(op.f("ix_proposed_wish_round_id_entry_key_matter"), table_name="proposed_wish")
    op.drop_table("proposed_wish")
    op.drop_table("sorting_read")
    op.drop_index(op.f("ix_proposal_round_id_entry_key_matter"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_menu_cause_suggestion_id"), table_name="menu_cause")
    op.drop_table("menu_cause")
    op.drop_index(op.f("ix_work_order_courtyard_id"), table_name="work_order")
    op.drop_table("work_order")
    op.drop_index(op.f("ix_support_household_id"), table_name="support")
    op.drop_table("support")
    op.drop_table("need_photo")
    op.drop_table("menu_version")
    op.drop_table("funding")
    op.drop_table("learnt_word")
    op.drop_table("catalogue_word")
    op.drop_table("catalogue_state")
    op.drop_table("catalogue_entry")
