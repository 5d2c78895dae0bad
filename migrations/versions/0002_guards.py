"""Guards: what was voted on, counted or noted cannot change, whoever writes to the database.

Also the levels of the place tree and the three national classes of menu items (国办发〔2020〕23号).

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PINNED = "EXISTS (SELECT 1 FROM menu WHERE menu.id = {row}.menu_id AND menu.pinned_at IS NOT NULL)"
PINNED_ITEM = (
    "EXISTS (SELECT 1 FROM menu_item JOIN menu ON menu.id = menu_item.menu_id "
    "WHERE menu_item.id = {row}.menu_item_id AND menu.pinned_at IS NOT NULL)"
)
FROZEN = (
    "EXISTS (SELECT 1 FROM ballot "
    "WHERE ballot.id = {row}.ballot_id AND ballot.frozen_at IS NOT NULL)"
)

SEALED = (
    "EXISTS (SELECT 1 FROM ballot "
    "WHERE ballot.id = {row}.ballot_id AND ballot.sealed_at IS NOT NULL)"
)
SIGNED = (
    "EXISTS (SELECT 1 FROM ballot "
    "WHERE ballot.id = {row}.ballot_id AND ballot.signed_at IS NOT NULL)"
)
PUBLISHED = (
    "EXISTS (SELECT 1 FROM ballot "
    "WHERE ballot.id = {row}.ballot_id AND ballot.published_at IS NOT NULL)"
)
LOOSER = (
    "OLD.frozen_at IS NOT NULL AND ((OLD.showing = 'hidden' AND NEW.showing <> 'hidden') "
    "OR (OLD.showing = 'turnout' AND NEW.showing = 'live'))"
)
NOT_EXTENDED = (
    "OLD.frozen_at IS NOT NULL AND (OLD.closes_at <> NEW.closes_at OR OLD.seals_at <> NEW.seals_at)"
    " AND (OLD.closed_at IS NOT NULL OR NEW.closes_at <= OLD.closes_at"
    " OR NEW.seals_at < OLD.seals_at)"
)
"""a close may only be put off, and only before it was written into the chain"""


def _changed(*columns: str) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


GUARDS: list[tuple[str, str, str]] = [
    ("event", "UPDATE", "TRUE"),
    ("event", "DELETE", "TRUE"),
    ("audit_entry", "UPDATE", "TRUE"),
    ("audit_entry", "DELETE", "TRUE"),
    ("vote", "INSERT", SEALED.format(row="NEW")),
    ("vote", "UPDATE", "TRUE"),
    ("counted_vote", "INSERT", SEALED.format(row="NEW")),
    ("counted_vote", "UPDATE", "TRUE"),
    ("counted_vote", "DELETE", "TRUE"),
    ("entry", "INSERT", SEALED.format(row="NEW")),
    (
        "entry",
        "UPDATE",
        _changed(
            "ballot_id", "participation_id", "number", "submission", "channel", "day", "keyed_by"
        ),
    ),
    (
        "entry",
        "UPDATE",
        SEALED.format(row="OLD") + f" AND ({_changed('state', 'confirmed_by', 'disputed_on')})",
    ),
    ("entry", "DELETE", "TRUE"),
    ("participation", "INSERT", SEALED.format(row="NEW")),
    ("participation", "UPDATE", _changed("ballot_id", "household_id", "receipt_hash")),
    ("participation", "UPDATE", SEALED.format(row="OLD") + f" AND {_changed('current_entry')}"),
    ("participation", "DELETE", "TRUE"),
    ("result", "DELETE", "TRUE"),
    ("result", "UPDATE", _changed("ballot_id", "body", "salt", "tie_seed", "counted_at")),
    (
        "result",
        "UPDATE",
        PUBLISHED.format(row="OLD") + f" AND ({_changed('lot_order')})",
    ),
    ("menu", "UPDATE", "OLD.pinned_at IS NOT NULL"),
    ("menu", "DELETE", "OLD.pinned_at IS NOT NULL"),
    ("menu_item", "INSERT", PINNED.format(row="NEW")),
    ("menu_item", "UPDATE", PINNED.format(row="OLD")),
    ("menu_item", "DELETE", PINNED.format(row="OLD")),
    ("class_limit", "INSERT", PINNED.format(row="NEW")),
    ("class_limit", "UPDATE", PINNED.format(row="OLD")),
    ("class_limit", "DELETE", PINNED.format(row="OLD")),
    ("menu_item_need", "INSERT", PINNED_ITEM.format(row="NEW")),
    ("menu_item_need", "DELETE", PINNED_ITEM.format(row="OLD")),
    ("need", "DELETE", "OLD.pinned_at IS NOT NULL"),
    (
        "need",
        "UPDATE",
        "OLD.pinned_at IS NOT NULL AND ("
        + _changed("title", "category", "merged_into_id", "pinned_at")
        + ")",
    ),
    (
        "ballot",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL AND ("
        + _changed("courtyard_id", "round_id", "menu_id", "title", "rules", "roll_count")
        + " OR "
        + _changed("opens_at", "tie_method", "way", "points", "rule")
        + " OR "
        + _changed("least_votes", "least_percent", "frozen_at")
        + ")",
    ),
    ("ballot", "UPDATE", NOT_EXTENDED),
    ("ballot", "UPDATE", LOOSER),
    (
        "ballot",
        "UPDATE",
        "OLD.sealed_at IS NOT NULL AND ("
        + _changed("sealed_at", "closed_at", "signed_at", "signed_by", "households_in")
        + f" OR {_changed('voided_at')})",
    ),
    (
        "ballot",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (" + _changed("published_at", "head", "events") + ")",
    ),
    ("ballot", "DELETE", "OLD.frozen_at IS NOT NULL"),
    ("call_back", "UPDATE", _changed("participation_id", "ballot_id")),
    (
        "call_back",
        "UPDATE",
        SIGNED.format(row="OLD") + f" AND ({_changed('answer', 'asked_by', 'asked_on', 'note')})",
    ),
    ("call_back", "DELETE", "TRUE"),
    ("second_opinion", "UPDATE", "OLD.body IS NOT NULL"),
    ("second_opinion", "DELETE", "TRUE"),
    ("ballot_household", "INSERT", FROZEN.format(row="NEW")),
    ("ballot_household", "UPDATE", FROZEN.format(row="OLD")),
    ("ballot_household", "DELETE", FROZEN.format(row="OLD")),
]

LEVELS = ["区", "街道", "社区", "片区", "楼院", "楼栋", "单元"]
LEVEL_KEYS = ["district", "street", "community", "zone", "courtyard", "building", "stairwell"]
CLASSES = [
    ("basic", "基础类", "先把要紧的修好"),
    ("improve", "完善类", "住得更舒心"),
    ("raise", "提升类", "让日子更方便"),
]


def _name(index: int) -> str:
    table, operation, _ = GUARDS[index]
    return f"guard_{index:02d}_{table}_{operation.lower()}"


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
    """Put up the guards and the standing data."""
    dialect = op.get_bind().dialect.name
    for index in range(len(GUARDS)):
        _guard(index, dialect)
    level = sa.table("place_level", sa.column("key"), sa.column("name"), sa.column("position"))
    op.bulk_insert(
        level,
        [
            {"key": key, "name": name, "position": n}
            for n, (key, name) in enumerate(zip(LEVEL_KEYS, LEVELS, strict=True), 1)
        ],
    )
    klass = sa.table(
        "menu_class", sa.column("key"), sa.column("name"), sa.column("say"), sa.column("position")
    )
    op.bulk_insert(
        klass,
        [
            {"key": key, "name": name, "say": say, "position": n}
            for n, (key, name, say) in enumerate(CLASSES, 1)
        ],
    )


def downgrade() -> None:
    """Take the guards and the standing data down again."""
    dialect = op.get_bind().dialect.name
    for index in reversed(range(len(GUARDS))):
        table = GUARDS[index][0]
        on = "" if dialect == "sqlite" else f" ON {table}"
        op.execute(f"DROP TRIGGER {_name(index)}{on}")
        if dialect != "sqlite":
            op.execute(f"DROP FUNCTION {_name(index)}()")
    op.execute("DELETE FROM menu_class")
    op.execute("DELETE FROM place_level")
