"""Ballots that were counted by hand, one for every rule."""

from dataclasses import replace

from tests.results.handmade import Case, Obj, by_seed, item


def marks(*words: str) -> list[Obj]:
    """'a b' picks a and b; 'a=2 b' marks a with 2."""
    return [
        {id: int(mark or 1) for id, _, mark in (each.partition("=") for each in word.split())}
        for word in words
    ]


MENU = [item("a", 60), item("b", 50), item("c", 40), item("d", 30)]
PICKS = Case(
    MENU,
    marks("a b", "a b", "a b c", "a c", ""),
    [4, 3, 2, 0],
    "a fits, b does_not_fit, c fits, d no_votes",
    opinion={"winners": ["a"], "spent_fen": 60, "units": 583},
)
"""shares of 20: four pay 15 each for a; b's three have 50 together only at 584 units, which is
more than the budget"""
NOTHING: Obj = {"winners": [], "spent_fen": 0, "units": 0}


def only(*ids: str, spent: int, units: int) -> Obj:
    return {"winners": [*ids], "spent_fen": spent, "units": units}


def tie(ids: str, score: int, balance: int, by: str | None, order: list[str]) -> Obj:
    words = {"items": ids.split(), "score": score, "balance_fen": balance}
    return {**words, "settled_by": by, "order": order}


TWO = [item("a", 60), item("b", 60)]
FIRST, SECOND = by_seed(["a", "b"])
TIED = Case(TWO, marks("a", "b"), [1, 1], f"{FIRST} fits, {SECOND} does_not_fit")
BY_SEED = replace(
    TIED,
    outcome={"ties": [tie("a b", 1, 100, "seed", [FIRST, SECOND])]},
    opinion=only(spent=0, units=199),
)
"""two with 50 each; at 200 units both can pay, and both is too much"""
BY_LOT = replace(
    BY_SEED,
    tie_method="lot",
    lots=[["b", "a"]],
    lines="b fits, a does_not_fit",
    outcome={"ties": [tie("a b", 1, 100, "lot", ["b", "a"])]},
)
OPEN = replace(
    BY_LOT,
    lots=[],
    lines="a undecided, b undecided",
    outcome={"ties": [tie("a b", 1, 100, None, [])]},
)
XYZ = [item("x"), item("y"), item("z")]
FIRST_ROUND = {"votes": {"x": 2, "y": 1, "z": 1}, "exhausted": 2}
RUNOFF = Case(
    XYZ,
    marks("x=1 y=2", "x", "y x=3", "z=1 y=2", "z y=1", ""),
    [2, 1, 1],
    way="rank",
    tie_method="lot",
    lots=[["z", "y"]],
    counting={"rule": "runoff"},
    outcome={
        "winners": ["x"],
        "ties": [tie("y z", 1, 0, "lot", ["z", "y"])],
        "rounds": [
            {**FIRST_ROUND, "out": "y"},
            {"votes": {"x": 3, "z": 1}, "exhausted": 2, "out": None},
        ],
    },
)
"""y and z could together overtake x, so their tie may matter"""
QUIET = Case(
    XYZ,
    marks("x", "x", "x", "z", "y", "y=2 z=3", "y"),
    [3, 3, 1],
    way="rank",
    counting={"rule": "runoff"},
    outcome={
        "ties": [tie("x y", 3, 0, "seed", by_seed(["x", "y"]))],
        "winners": [by_seed(["x", "y"])[0]],
        "rounds": [
            {"votes": {"x": 3, "y": 3, "z": 1}, "exhausted": 0, "out": "z"},
            {"votes": {"x": 3, "y": 3}, "exhausted": 1, "out": by_seed(["x", "y"])[1]},
            {"votes": {by_seed(["x", "y"])[0]: 3}, "exhausted": 4, "out": None},
        ],
    },
)
CASES = {
    "greedy": PICKS,
    "no skip": replace(
        PICKS,
        counting={"rule": "greedy-no-skip"},
        lines="a fits, b does_not_fit, c after_the_end, d no_votes",
    ),
    "must do": replace(
        PICKS,
        items=[*MENU[:3], item("d", 30, must_do=True)],
        lines="d must_do, a fits, b does_not_fit, c does_not_fit",
        opinion=only("d", "a", spent=90, units=883),
    ),
    "too dear a must do": replace(
        PICKS,
        items=[*MENU[:3], item("d", 130, must_do=True)],
        lines="d does_not_fit, a fits, b does_not_fit, c fits",
        outcome={"partly": "d"},
    ),
    "judge": Case(
        MENU[:3],
        marks("a=1 b=1", "a=1 b=-1", "a=0 c=-1"),
        [2, 1, 0],
        "a fits, b outvoted, c no_votes",
        way="judge",
        against={"a": 0, "b": 1, "c": 1},
        abstain={"a": 1, "b": 0, "c": 0},
    ),
    "points": Case(
        MENU[:3],
        marks("a=7 b=3", "c=8", "c"),
        [7, 3, 9],
        "c fits, a fits, b does_not_fit",
        way="points",
    ),
    "borda": Case(  # of 3 places: alone 6, 4, 2 half points; two first 5 each; two second 3 each
        MENU,
        marks("a=1 b=1 c=5", "c=2 a=4 b=4 d=9", "c"),
        [8, 8, 14, 0],
        "c fits, a fits, b does_not_fit, d no_votes",
        way="rank",
        counting={"score": "borda", "length": 3, "least_votes": 4},
        tie_method="lot",
        lots=[["a", "b"]],
        outcome={"ties": [tie("a b", 8, 60, "lot", ["a", "b"])]},
    ),
    "one": Case(
        TWO,
        marks("a", "a", "b", ""),
        [2, 1],
        "a fits, b does_not_fit",
        way="one",
        opinion=only("a", spent=60, units=1399),
    ),
    "exclusive": replace(
        PICKS,
        counting={"exclusive": [["a", "c"]]},
        lines="a fits, b does_not_fit, c excluded, d no_votes",
    ),
    "caps": replace(
        PICKS,
        items=[
            item("a", 60, class_key="路"),
            item("b", 50),
            item("c", 40, class_key="路"),
            MENU[3],
        ],
        counting={"kind_cap_fen": {"路": 99}},
        lines="a fits, b does_not_fit, c over_kind_cap, d no_votes",
    ),
    "least votes": replace(
        PICKS,
        counting={"least_votes": 3},
        lines="a fits, b does_not_fit, c too_few, d no_votes",
    ),
    "least percent": replace(
        PICKS,
        counting={"least_percent": 61},
        lines="a fits, b too_few, c too_few, d no_votes",
        opinion=only("a", spent=60, units=0),
    ),
    "tie by seed": BY_SEED,
    "tie by lot": BY_LOT,
    "open tie": OPEN,
    "runoff": RUNOFF,
    "runoff with an open tie": replace(
        RUNOFF,
        lots=[],
        outcome={
            "winners": [],
            "ties": [tie("y z", 1, 0, None, [])],
            "rounds": [{**FIRST_ROUND, "out": None}],
        },
    ),
    "runoff to the last": QUIET,
    "two tied who cannot catch up": Case(
        [item("x"), item("y"), item("z"), item("w")],
        marks("x", "x", "x", "y", "z y=2", "w", "w", "w", "w"),
        [3, 1, 1, 4],
        way="rank",
        counting={"rule": "runoff"},
        outcome={
            "winners": ["w"],
            "rounds": [
                {"votes": {"x": 3, "y": 1, "z": 1, "w": 4}, "exhausted": 0, "out": "z"},
                {"votes": {"x": 3, "y": 2, "w": 4}, "exhausted": 0, "out": "y"},
                {"votes": {"x": 3, "w": 4}, "exhausted": 2, "out": None},
            ],
        },
    ),
    "nobody": Case(TWO, [], [0, 0], "a no_votes, b no_votes", opinion=NOTHING),
}
