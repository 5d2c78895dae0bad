"""Every way of voting from the draft to the sealed choices."""

import json

import pytest
from flask import Flask

from surveys.ballots import asking, drafting, offers, readiness, sealing
from surveys.ballots.models import Ballot, CountedVote, Vote
from surveys.ballots.terms import Terms, checked
from surveys.base.db import db
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.ways import Way, canonical
from surveys.errors import Invalid, Refused
from surveys.menus.models import ClassLimit, MenuItem
from tests.ballots.stage import AFTER_CLOSE, ITEMS, WHILE_OPEN, Stage, add_menu, drafted, opened
from tests.world import World

FREE = [(*item[:3], False) for item in ITEMS]
TERMS = {
    Way.APPROVE: Terms(),
    Way.ONE: Terms(Way.ONE),
    Way.POINTS: Terms(Way.POINTS, points=10),
    Way.RANK: Terms(Way.RANK),
    Way.JUDGE: Terms(Way.JUDGE),
}
MARKS: dict[Way, tuple[dict[str, int], dict[str, int]]] = {
    Way.APPROVE: ({"Drains": 1, "Lamps": 1}, {"Benches": 1}),
    Way.ONE: ({"Drains": 1}, {"Lamps": 1}),
    Way.POINTS: ({"Drains": 7, "Lamps": 3}, {"Benches": 1}),
    Way.RANK: ({"Drains": 1, "Lamps": 1, "Canteen": 3}, {"Benches": 2}),
    Way.JUDGE: ({"Drains": 1, "Lamps": -1, "Canteen": 0}, {"Benches": -1}),
}
WRONG = [
    (Way.ONE, {"Drains": 1, "Lamps": 1}, "只能选一项"),
    (Way.ONE, {}, "还没选"),
    (Way.POINTS, {"Drains": 8, "Lamps": 3}, "一户一共 10 分，现在给了 11 分，多了 1 分"),
    (Way.POINTS, {"Drains": 0}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": -5, "Lamps": 15}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": 10**30}, "“Drains”的分看不明白"),
    (Way.POINTS, {}, "至少给 1 项分"),
    (Way.POINTS, {"Roof": 3}, "“Roof”是必做的"),
    (Way.RANK, {"Drains": 4}, "“Drains”的名次看不明白：请写 1 到 3"),
    (Way.RANK, {"Drains": 1, "Lamps": 2, "Canteen": 3, "Benches": 3}, "最多排 3 项"),
    (Way.RANK, {}, "至少排 1 项"),
    (Way.JUDGE, {"Drains": 2}, "“Drains”只能写赞成、反对或者弃权"),
    (Way.JUDGE, {}, "至少给 1 项表态"),
]


@pytest.fixture(params=list(Way))
def staged(request: pytest.FixtureRequest, app: Flask, world: World) -> Stage:
    """An open ballot of each way."""
    return opened(app, world, drafted(world, terms=TERMS[request.param]))


def written(stage: Stage, marks: dict[str, int]) -> str:
    """The canonical text of marks by the items' names."""
    return canonical(stage.marks(given=marks))


def test_a_choice_goes_all_the_way_to_the_counted_votes(staged: Stage) -> None:
    first, second = MARKS[staged.ballot.way]
    staged.cast(0, given=first)
    staged.cast(1, given=second)
    staged.cast(1, given=first)
    staged.paper(2, given=second)
    staged.sign()
    sealed = staged.seal()
    expected = sorted(written(staged, marks) for marks in (first, first, second))
    assert sorted(map(canonical, sealed.choices)) == expected
    assert sorted(db.session.scalars(db.select(CountedVote.choice))) == expected


def test_every_choice_is_padded_to_one_length(staged: Stage) -> None:
    for household, marks in enumerate(MARKS[staged.ballot.way]):
        staged.cast(household, given=marks)
    sizes = {len(vote) for vote in db.session.scalars(db.select(Vote.sealed_choice))}
    assert len(sizes) == 1


def test_the_second_account_sees_the_marks_that_were_keyed(staged: Stage) -> None:
    (marks, _other) = MARKS[staged.ballot.way]
    entry = staged.key_in(0, given=marks)
    shown = staged.look(entry)
    assert shown == staged.marks(given=marks)


@pytest.mark.parametrize(("way", "marks", "says"), WRONG)
def test_a_choice_against_the_rules_of_its_way_is_refused_in_words(
    app: Flask, world: World, way: Way, marks: dict[str, int], says: str
) -> None:
    stage = opened(app, world, drafted(world, terms=TERMS[way]))
    with pytest.raises(Refused, match=says):
        stage.cast(0, given=marks)
    db.session.rollback()
    with pytest.raises(Refused, match=says):
        stage.key_in(0, given=marks)


def test_equal_sets_of_choices_have_one_hash_in_any_order() -> None:
    choices = [{"a": 2, "b": 1}, {"b": 1, "a": 2}, {"a": -1}]
    assert sealing.choices_hash(choices, "5a17") == sealing.choices_hash(choices[::-1], "5a17")
    assert sealing.choices_hash(choices, "5a17") != sealing.choices_hash(choices[:2], "5a17")


# --- drafting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (Terms(Way.POINTS), "请写一户有几分，1 到 100"),
        (Terms(Way.POINTS, points=0), "请写一户有几分"),
        (Terms(Way.POINTS, points=101), "请写一户有几分"),
        (Terms(least_votes=-1), "最少要几户"),
        (Terms(least_votes=1_000_000), "最少要几户"),
        (Terms(least_percent=101), "最少要百分之几"),
        (Terms(least_percent=-1), "最少要百分之几"),
        (Terms(Way.POINTS, points=5, least_percent=10), "不能按百分之几算"),
        (Terms(Way.RANK, least_percent=10), "不能按百分之几算"),
        (Terms(rule=Rule.RUNOFF), "淘汰制要和“排名次”一起用"),
        (Terms(Way.RANK, rule=Rule.RUNOFF, least_votes=1), "淘汰制只选出一项"),
        (Terms(rule=Rule.EQUAL_SHARES), "没有这种数法"),
    ],
)
def test_terms_that_do_not_go_together_are_refused_in_words(
    world: World, terms: Terms, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        drafted(world, terms=terms)
    db.session.rollback()
    assert asking.all_of(world.courtyard) == []


def test_points_are_kept_for_the_way_that_shares_them_out() -> None:
    assert checked(Terms(Way.POINTS, points=100)).points == 100
    assert checked(Terms(Way.RANK, points=100)).points is None
    assert checked(Terms(points=-7)).points is None


def test_a_draft_may_change_its_way(world: World) -> None:
    ballot = drafted(world, terms=Terms(Way.POINTS, points=7, least_votes=3))
    change(ballot, world, Terms(Way.JUDGE, least_percent=30))
    found = db.session.get_one(Ballot, ballot.id)
    assert (found.way, found.points, found.least_votes, found.least_percent) == (
        Way.JUDGE,
        None,
        0,
        30,
    )


def change(ballot: Ballot, world: World, terms: Terms) -> None:
    drafting.change(
        ballot,
        title=ballot.title,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        seals_at=ballot.seals_at,
        showing=ballot.showing,
        tie_method=ballot.tie_method,
        terms=terms,
        by=world.accounts["organizer"],
        at=ballot.created_at,
    )


# --- what is offered -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "most", "counting"),
    [
        (Terms(), 3, Counting()),
        (
            Terms(Way.ONE, rule=Rule.GREEDY_NO_SKIP, least_votes=2),
            3,
            Counting(Rule.GREEDY_NO_SKIP, least_votes=2),
        ),
        (Terms(Way.JUDGE, least_percent=30), 3, Counting(least_percent=30)),
        (
            Terms(Way.POINTS, points=10, least_votes=20),
            3,
            Counting(score=Score.POINTS, least_votes=20),
        ),
        (Terms(Way.RANK), 3, Counting(score=Score.BORDA, length=3)),
        (Terms(Way.RANK), None, Counting(score=Score.BORDA, length=5)),
        (Terms(Way.RANK, rule=Rule.RUNOFF), 3, Counting(Rule.RUNOFF)),
    ],
)
def test_the_score_follows_from_the_way(
    world: World, terms: Terms, most: int | None, counting: Counting
) -> None:
    offer = asking.offer(drafted(world, add_menu(world, most=most), terms=terms))
    assert offer.way is terms.way
    assert offer.counting == counting


def group(names: tuple[str, ...], cap_fen: int | None = None) -> None:
    """Let at most one of these be done, and the first class cost no more than `cap_fen`."""
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.name.in_(names))):
        item.only_one_of = "one"
    if cap_fen is not None:
        menu_id = db.session.scalars(db.select(MenuItem.menu_id)).first()
        db.session.add(ClassLimit(menu_id=menu_id, class_key="basic", cap_fen=cap_fen))
    db.session.commit()


def test_groups_and_caps_of_the_menu_go_to_the_count(app: Flask, world: World) -> None:
    ballot = drafted(world)
    group(("Lamps", "Benches"), 20_000_000)
    stage = opened(app, world, ballot)
    counting = asking.offer(ballot).counting
    assert [set(ids) for ids in counting.exclusive] == [set(stage.ids("Lamps", "Benches"))]
    assert counting.kind_cap_fen == {"basic": 20_000_000}
    assert dict(asking.offer(ballot).rules.kind_most) == {}


def test_a_group_of_one_is_pointed_out_and_excludes_nothing(world: World) -> None:
    ballot = drafted(world)
    group(("Lamps",))
    offer = asking.offer(ballot)
    assert offer.counting.exclusive == ()
    assert any("只有它自己" in str(mind) for mind in readiness.to_think_of(ballot, offer))


@pytest.mark.parametrize("way", Way)
def test_what_is_frozen_is_what_was_offered(app: Flask, world: World, way: Way) -> None:
    ballot = drafted(world, terms=TERMS[way])
    group(("Lamps", "Benches"), 20_000_000)
    before = asking.offer(ballot)
    opened(app, world, ballot)
    after = asking.offer(ballot)
    assert (after.rules, after.counting, after.items) == (
        before.rules,
        before.counting,
        before.items,
    )
    assert after.version == before.version
    held = json.loads(ballot.rules)
    assert held["way"] == way
    assert held["counting"] == before.counting.as_data()
    assert held["picks"].keys() == {"least", "most", "cap_fen", "kind_most", "points"}
    assert held["choice_bytes"] == after.choice_bytes
    assert {item["only_one_of"] for item in held["items"]} == {"", "one"}


def test_the_version_changes_with_whatever_a_household_reads(world: World) -> None:
    ballot = drafted(world)
    seen = {asking.offer(ballot).version}
    item = db.session.scalars(db.select(MenuItem).where(MenuItem.name == "Lamps")).one()
    for name, value in (("note", "n"), ("cost_fen", 1), ("only_one_of", "g"), ("what", "w")):
        setattr(item, name, value)
        seen.add(asking.offer(ballot).version)
    for name, value in (("least_votes", 3), ("rule", Rule.GREEDY_NO_SKIP), ("way", Way.ONE)):
        setattr(ballot, name, value)
        seen.add(asking.offer(ballot).version)
    assert len(seen) == 8


# --- opening -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "items", "names", "says"),
    [
        (Terms(), ITEMS, ("Roof", "Lamps"), "“Roof”是必做的，又和别的项只做一项"),
        (Terms(least_votes=25), ITEMS, (), "花名册只有 24 户，规定却要 25 户选才做"),
        (Terms(Way.RANK, rule=Rule.RUNOFF), ITEMS, (), "淘汰制只选出一项"),
        (Terms(Way.RANK, rule=Rule.RUNOFF), FREE, ("Lamps", "Benches"), "淘汰制只选出一项"),
    ],
)
def test_terms_that_the_menu_cannot_keep_do_not_open(
    app: Flask,
    world: World,
    terms: Terms,
    items: list[tuple[str, int, str, bool]],
    names: tuple[str, ...],
    says: str,
) -> None:
    ballot = drafted(world, add_menu(world, items=items), terms=terms)
    group(names)
    blocks = readiness.in_the_way(ballot, asking.offer(ballot), WHILE_OPEN)
    assert any(says in str(block) for block in blocks)
    with pytest.raises(Refused, match=says):
        opened(app, world, ballot)


def test_a_cap_below_what_must_be_done_does_not_open(app: Flask, world: World) -> None:
    ballot = drafted(world)
    group((), 12_599_999)
    with pytest.raises(Refused, match="必做的要 126,000 元，可这一类一共最多花 125,999.99 元"):
        opened(app, world, ballot)


def test_a_runoff_opens_whatever_its_items_cost(app: Flask, world: World) -> None:
    menu = add_menu(world, items=FREE, budget_fen=0)
    stage = opened(app, world, drafted(world, menu, terms=Terms(Way.RANK, rule=Rule.RUNOFF)))
    stage.cast(0, given={"Roof": 1, "Lamps": 2})
    assert offers.offer(stage.ballot).counting.rule is Rule.RUNOFF


def test_points_may_ask_for_more_points_than_there_are_households(app: Flask, world: World) -> None:
    terms = Terms(Way.POINTS, points=10, least_votes=100)
    assert opened(app, world, drafted(world, terms=terms)).ballot.least_votes == 100


def test_items_that_can_never_be_paid_for_are_pointed_out_once(world: World) -> None:
    ballot = drafted(world, add_menu(world, budget_fen=20_000_000), terms=Terms(Way.JUDGE))
    said = [str(mind) for mind in readiness.to_think_of(ballot, asking.offer(ballot))]
    assert len([mind for mind in said if "Canteen" in mind]) == 1
    assert any("选的人再多也做不了" in mind for mind in said)


def test_a_vote_is_not_taken_after_the_close_in_any_way(staged: Stage) -> None:
    (marks, _other) = MARKS[staged.ballot.way]
    with pytest.raises(Refused, match="截止"):
        staged.cast(0, at=AFTER_CLOSE, given=marks)
