"""The tables of the spine.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=13), nullable=True),
        sa.Column("courtyard_id", sa.String(length=13), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.String(length=13), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        op.f("ix_audit_entry_courtyard_id_at"), "audit_entry", ["courtyard_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_subject_id_at"), "audit_entry", ["subject_id", "at"], unique=False
    )
    op.create_table(
        "failure",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failure")),
    )
    op.create_index(op.f("ix_failure_subject_at"), "failure", ["subject", "at"], unique=False)
    op.create_table(
        "menu_class",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("say", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_menu_class")),
        sa.UniqueConstraint("position", name=op.f("uq_menu_class_position")),
    )
    op.create_table(
        "place_level",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_place_level")),
        sa.UniqueConstraint("position", name=op.f("uq_place_level_position")),
    )
    op.create_table(
        "place",
        sa.Column("parent_id", sa.String(length=13), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["level"], ["place_level.key"], name=op.f("fk_place_level")),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_place_parent_id_name")),
        sa.UniqueConstraint("path", name=op.f("uq_place_path")),
    )
    op.create_table(
        "courtyard",
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=7), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("committee", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("slips_guarded_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["place.id"], name=op.f("fk_courtyard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courtyard")),
        sa.UniqueConstraint("code", name=op.f("uq_courtyard_code")),
    )
    op.create_table(
        "role",
        sa.Column("account_id", sa.String(length=13), nullable=False),
        sa.Column("place_id", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_account_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_role_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint(
            "account_id", "place_id", "kind", name=op.f("uq_role_account_id_place_id_kind")
        ),
    )
    op.create_index(op.f("ix_role_place_id"), "role", ["place_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("place_id", sa.String(length=13), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("stairwell", sa.String(length=20), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("area_dm2 > 0", name=op.f("ck_household_area_is_positive")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_household_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_household_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint(
            "courtyard_id",
            "building",
            "stairwell",
            "room",
            name=op.f("uq_household_courtyard_id_building_stairwell_room"),
        ),
    )
    op.create_table(
        "round",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_round_courtyard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("courtyard_id", "name", name=op.f("uq_round_courtyard_id_name")),
    )
    op.create_table(
        "household_code",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("long_hash", sa.String(length=64), nullable=False),
        sa.Column("short_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_household_code_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_code_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_code")),
        sa.UniqueConstraint(
            "courtyard_id", "short_hash", name=op.f("uq_household_code_courtyard_id_short_hash")
        ),
        sa.UniqueConstraint(
            "household_id", "generation", name=op.f("uq_household_code_household_id_generation")
        ),
        sa.UniqueConstraint("long_hash", name=op.f("uq_household_code_long_hash")),
    )
    op.create_index(
        "uq_household_code_current",
        "household_code",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "menu",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("capped", sa.Boolean(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("budget_fen >= 0", name=op.f("ck_menu_budget_is_not_negative")),
        sa.CheckConstraint("least >= 1", name=op.f("ck_menu_at_least_one_pick")),
        sa.CheckConstraint(
            "most IS NULL OR most >= least", name=op.f("ck_menu_most_is_no_less_than_least")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_menu_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_menu_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu")),
    )
    op.create_index(op.f("ix_menu_courtyard_id"), "menu", ["courtyard_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("merged_into_id", sa.String(length=13), nullable=True),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("fix_note", sa.String(length=200), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "lane <> 'quick' OR fixed_on IS NOT NULL", name=op.f("ck_need_quick_fix_has_its_day")
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_need_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_need_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["need.id"], name=op.f("fk_need_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_need_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index(op.f("ix_need_courtyard_id"), "need", ["courtyard_id"], unique=False)
    op.create_index(op.f("ix_need_merged_into_id"), "need", ["merged_into_id"], unique=False)
    op.create_table(
        "questionnaire",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("keeps", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint(
            "opens_at < closes_at", name=op.f("ck_questionnaire_opens_before_it_closes")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_questionnaire_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_questionnaire_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
    )
    op.create_index(
        op.f("ix_questionnaire_courtyard_id"), "questionnaire", ["courtyard_id"], unique=False
    )
    op.create_table(
        "reprint",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=13), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=13), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("granted_by <> asked_by", name=op.f("ck_reprint_two_accounts")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_reprint_asked_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_reprint_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_reprint_granted_by")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_reprint_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reprint")),
    )
    op.create_index(op.f("ix_reprint_courtyard_id"), "reprint", ["courtyard_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("say", sa.String(length=200), nullable=False),
        sa.Column("needs", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by", sa.String(length=20), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=13), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_step_closed_by")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_step_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_step_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_step_round_id_position")),
    )
    op.create_table(
        "ballot",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("menu_id", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("showing", sa.String(length=10), nullable=False),
        sa.Column("tie_method", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("least_votes", sa.BigInteger(), nullable=False),
        sa.Column("least_percent", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seals_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=13), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("roll_count", sa.BigInteger(), nullable=False),
        sa.Column("households_in", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("closes_at <= seals_at", name=op.f("ck_ballot_closes_before_it_seals")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_ballot_opens_before_it_closes")),
        sa.CheckConstraint(
            "least_percent BETWEEN 0 AND 100", name=op.f("ck_ballot_least_percent_is_a_share")
        ),
        sa.CheckConstraint("least_votes >= 0", name=op.f("ck_ballot_least_votes_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_ballot_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("fk_ballot_menu_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_ballot_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_courtyard_id"), "ballot", ["courtyard_id"], unique=False)
    op.create_table(
        "class_limit",
        sa.Column("menu_id", sa.String(length=13), nullable=False),
        sa.Column("class_key", sa.String(length=20), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("cap_fen >= 0", name=op.f("ck_class_limit_cap_is_not_negative")),
        sa.CheckConstraint("most >= 0", name=op.f("ck_class_limit_limit_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["class_key"], ["menu_class.key"], name=op.f("fk_class_limit_class_key")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("fk_class_limit_menu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_limit")),
        sa.UniqueConstraint("menu_id", "class_key", name=op.f("uq_class_limit_menu_id_class_key")),
    )
    op.create_table(
        "menu_item",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("menu_id", sa.String(length=13), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("class_key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("benefits", sa.String(length=200), nullable=False),
        sa.Column("upkeep", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("must_do", sa.Boolean(), nullable=False),
        sa.Column("only_one_of", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_menu_item_cost_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["class_key"], ["menu_class.key"], name=op.f("fk_menu_item_class_key")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_menu_item_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("fk_menu_item_menu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_item")),
        sa.UniqueConstraint("menu_id", "name", name=op.f("uq_menu_item_menu_id_name")),
    )
    op.create_table(
        "version",
        sa.Column("questionnaire_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_version_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint(
            "questionnaire_id", "number", name=op.f("uq_version_questionnaire_id_number")
        ),
    )
    op.create_table(
        "ballot_household",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_household_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_ballot_household_household_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "household_id", name=op.f("pk_ballot_household")),
    )
    op.create_table(
        "counted_vote",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_counted_vote_ballot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_vote")),
    )
    op.create_index(op.f("ix_counted_vote_ballot_id"), "counted_vote", ["ballot_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_event_ballot_id")),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_event")),
    )
    op.create_table(
        "live_figure",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.BigInteger(), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_live_figure_ballot_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_live_figure")),
    )
    op.create_table(
        "second_opinion",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("steps_done", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_second_opinion_ballot_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_second_opinion")),
    )
    op.create_table(
        "menu_item_need",
        sa.Column("menu_item_id", sa.String(length=13), nullable=False),
        sa.Column("need_id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["menu_item_id"], ["menu_item.id"], name=op.f("fk_menu_item_need_menu_item_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_menu_item_need_need_id")),
        sa.PrimaryKeyConstraint("menu_item_id", "need_id", name=op.f("pk_menu_item_need")),
    )
    op.create_index(op.f("ix_menu_item_need_need_id"), "menu_item_need", ["need_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("current_entry", sa.BigInteger(), nullable=True),
        sa.Column("changed_at_revision", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_participation_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_participation_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "ballot_id", "household_id", name=op.f("uq_participation_ballot_id_household_id")
        ),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_participation_receipt_hash")),
    )
    op.create_index(
        op.f("ix_participation_household_id"), "participation", ["household_id"], unique=False
    )
    op.create_table(
        "response",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=13), nullable=False),
        sa.Column("version_id", sa.String(length=13), nullable=False),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("respondent", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.Column("copy_hash", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keyed_by", sa.String(length=13), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_response_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_response_household_id")
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["account.id"], name=op.f("fk_response_keyed_by")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_response_questionnaire_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_response_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("copy_hash", name=op.f("uq_response_copy_hash")),
        sa.UniqueConstraint(
            "questionnaire_id", "number", name=op.f("uq_response_questionnaire_id_number")
        ),
        sa.UniqueConstraint(
            "questionnaire_id", "submission", name=op.f("uq_response_questionnaire_id_submission")
        ),
    )
    op.create_index(op.f("ix_response_household_id"), "response", ["household_id"], unique=False)
    op.create_index(
        "uq_response_current",
        "response",
        ["questionnaire_id", "respondent"],
        unique=True,
        sqlite_where=sa.text("sent_at IS NOT NULL AND superseded_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NOT NULL AND superseded_at IS NULL"),
    )
    op.create_index(
        "uq_response_draft",
        "response",
        ["questionnaire_id", "device"],
        unique=True,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "result",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("tie_seed", sa.String(length=64), nullable=True),
        sa.Column("lot_order", sa.Text(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_result_ballot_id")),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_result")),
    )
    op.create_table(
        "vote",
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("sealed_choice", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_vote_pseudonym")),
    )
    op.create_index(op.f("ix_vote_ballot_id"), "vote", ["ballot_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("response_id", sa.String(length=13), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_answer_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "response_id", "question", "choice", name=op.f("uq_answer_response_id_question_choice")
        ),
    )
    op.create_table(
        "call_back",
        sa.Column("participation_id", sa.String(length=13), nullable=False),
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("asked_by", sa.String(length=13), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_call_back_asked_by")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_call_back_ballot_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_call_back_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_call_back")),
    )
    op.create_index(op.f("ix_call_back_ballot_id"), "call_back", ["ballot_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("ballot_id", sa.String(length=13), nullable=False),
        sa.Column("participation_id", sa.String(length=13), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("keyed_by", sa.String(length=13), nullable=True),
        sa.Column("shown_to", sa.String(length=13), nullable=True),
        sa.Column("confirmed_by", sa.String(length=13), nullable=True),
        sa.Column("disputed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.CheckConstraint("confirmed_by <> keyed_by", name=op.f("ck_entry_two_accounts")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_entry_ballot_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_entry_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_entry_courtyard_id")
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["account.id"], name=op.f("fk_entry_keyed_by")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_entry_participation_id")
        ),
        sa.ForeignKeyConstraint(["shown_to"], ["account.id"], name=op.f("fk_entry_shown_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint(
            "participation_id", "number", name=op.f("uq_entry_participation_id_number")
        ),
        sa.UniqueConstraint(
            "participation_id", "submission", name=op.f("uq_entry_participation_id_submission")
        ),
    )
    op.create_index(op.f("ix_entry_ballot_id_state"), "entry", ["ballot_id", "state"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("courtyard_id", sa.String(length=13), nullable=False),
        sa.Column("round_id", sa.String(length=13), nullable=False),
        sa.Column("answer_id", sa.String(length=13), nullable=True),
        sa.Column("household_id", sa.String(length=13), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_suggestion_answer_id")),
        sa.ForeignKeyConstraint(
            ["courtyard_id"], ["courtyard.id"], name=op.f("fk_suggestion_courtyard_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_suggestion_household_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_suggestion_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_suggestion_answer_id")),
        sa.UniqueConstraint(
            "courtyard_id", "number", name=op.f("uq_suggestion_courtyard_id_number")
        ),
        sa.UniqueConstraint("submission", name=op.f("uq_suggestion_submission")),
    )
    op.create_table(
        "placement",
        sa.Column("suggestion_id", sa.String(length=13), nullable=False),
        sa.Column("need_id", sa.String(length=13), nullable=False),
        sa.Column("placed_by", sa.String(length=13), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_placement_need_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["account.id"], name=op.f("fk_placement_placed_by")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_placement_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "suggestion_id", "need_id", name=op.f("uq_placement_suggestion_id_need_id")
        ),
    )
    op.create_index(op.f("ix_placement_need_id"), "placement", ["need_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_placement_need_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_table("suggestion")
    op.drop_index(op.f("ix_entry_ballot_id_state"), table_name="entry")
    op.drop_table("entry")
    op.drop_index(op.f("ix_call_back_ballot_id"), table_name="call_back")
    op.drop_table("call_back")
    op.drop_table("answer")
    op.drop_index(op.f("ix_vote_ballot_id"), table_name="vote")
    op.drop_table("vote")
    op.drop_table("result")
    op.drop_index(
        "uq_response_draft",
        table_name="response",
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.drop_index(
        "uq_response_current",
        table_name="response",
        sqlite_where=sa.text("sent_at IS NOT NULL AND superseded_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NOT NULL AND superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_response_household_id"), table_name="response")
    op.drop_table("response")
    op.drop_index(op.f("ix_participation_household_id"), table_name="participation")
    op.drop_table("participation")
    op.drop_index(op.f("ix_menu_item_need_need_id"), table_name="menu_item_need")
    op.drop_table("menu_item_need")
    op.drop_table("second_opinion")
    op.drop_table("live_figure")
    op.drop_table("event")
    op.drop_index(op.f("ix_counted_vote_ballot_id"), table_name="counted_vote")
    op.drop_table("counted_vote")
    op.drop_table("ballot_household")
    op.drop_table("version")
    op.drop_table("menu_item")
    op.drop_table("class_limit")
    op.drop_index(op.f("ix_ballot_courtyard_id"), table_name="ballot")
    op.drop_table("ballot")
    op.drop_table("step")
    op.drop_index(op.f("ix_reprint_courtyard_id"), table_name="reprint")
    op.drop_table("reprint")
    op.drop_index(op.f("ix_questionnaire_courtyard_id"), table_name="questionnaire")
    op.drop_table("questionnaire")
    op.drop_index(op.f("ix_need_merged_into_id"), table_name="need")
    op.drop_index(op.f("ix_need_courtyard_id"), table_name="need")
    op.drop_table("need")
    op.drop_index(op.f("ix_menu_courtyard_id"), table_name="menu")
    op.drop_table("menu")
    op.drop_index(
        "uq_household_code_current",
        table_name="household_code",
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.drop_table("household_code")
    op.drop_table("round")
    op.drop_table("household")
    op.drop_index(op.f("ix_role_place_id"), table_name="role")
    op.drop_table("role")
    op.drop_table("courtyard")
    op.drop_table("place")
    op.drop_table("place_level")
    op.drop_table("menu_class")
    op.drop_index(op.f("ix_failure_subject_at"), table_name="failure")
    op.drop_table("failure")
    op.drop_index(op.f("ix_audit_entry_subject_id_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_courtyard_id_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
