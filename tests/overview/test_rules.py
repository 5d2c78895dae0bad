"""What the desk should do next."""

import pytest

from surveys.accounts.rules import May
from surveys.overview.rules import Asked, Known, OwnersDue, Votes, tasks


@pytest.mark.parametrize(
    ("known", "first"),
    [
        (Known(), "花名册"),
        (Known(households=24), "开始一轮"),
        (Known(households=24, has_round=True), "问问大家"),
        (Known(households=24, has_round=True, asked=Asked(open=[("q", "T", 0)])), "贴出去"),
        (Known(households=24, has_round=True, asked=Asked(open=[("q", "T", 2)])), "2 户答了"),
        (Known(households=24, has_round=True, asked=Asked(closed=1), unsorted=3), "还有 3 条"),
        (Known(households=24, has_round=True, asked=Asked(closed=1), needs=4), "做一份菜单"),
        (
            Known(households=24, has_round=True, asked=Asked(closed=1), needs=4, menus=1),
            "可以开点单",
        ),
        (
            Known(households=24, has_round=True, votes=Votes(to_confirm=[("b", 2)]), unsorted=3),
            "2 份录入的票",
        ),
        (Known(households=24, has_round=True, votes=Votes(to_publish=[("b", "T")])), "数好了"),
        (
            Known(households=24, has_round=True, votes=Votes(knock=("b", "3", 13))),
            "13 户没交，去敲敲门",
        ),
    ],
)
def test_the_most_pressing_thing_comes_first(known: Known, first: str) -> None:
    task = tasks(known, "c")[0]
    assert first in task.msgid % task.params
    assert task.path.startswith("/desk/")


def test_a_courtyard_where_everything_is_done_has_nothing_to_do() -> None:
    quiet = Known(
        households=24,
        has_round=True,
        asked=Asked(closed=1),
        needs=4,
        menus=1,
        votes=Votes(open=[("b", "T")]),
    )
    assert tasks(quiet, "c") == ()


def test_what_another_must_do_stands_behind_ones_own() -> None:
    known = Known(households=24, has_round=True, votes=Votes(to_confirm=[("b", 2)]), unsorted=3)
    first, second = tasks(known, "c", {May.LOOK, May.KEY_IN})[:2]
    assert (first.act, second.act) == (May.KEY_IN, May.CONFIRM)


@pytest.mark.parametrize(
    ("step", "path", "act"),
    [
        ("draft", "/desk/owners/v", May.RUN),
        ("deliver", "/desk/owners/v/deliveries", May.KEY_IN),
        ("gather", "/desk/owners/v/key", May.KEY_IN),
        ("confirm", "/desk/owners/v/confirm", May.CONFIRM),
        ("sign", "/desk/owners/v/sealing", May.CONFIRM),
        ("seal", "/desk/owners/v/sealing", May.SEAL),
        ("publish", "/desk/owners/v/sealing", May.RUN),
    ],
)
def test_an_owners_vote_says_what_it_waits_for(step: str, path: str, act: May) -> None:
    known = Known(households=1, has_round=True, owners=[OwnersDue("v", "Hire", step, 3)])
    task = next(t for t in tasks(known, "c") if t.path.startswith("/desk/owners"))
    assert (task.path, task.act) == (path, act)
    assert "Hire" in task.msgid % task.params
