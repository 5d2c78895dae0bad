"""recount.py as strangers run it: an honest bundle holds, and whatever was altered is named."""

import ast
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.results.by_hand import BY_LOT, CASES, PICKS, RUNOFF, marks, only
from tests.results.handmade import (
    FILE,
    Case,
    Obj,
    edited,
    fails,
    holds,
    item,
    linked,
    recount,
    sha,
    write,
)

# --- every rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sealed", [True, False])
def test_an_honest_bundle_holds(tmp_path: Path, name: str, sealed: bool) -> None:
    told = holds(write(tmp_path / "bundle", CASES[name], sealed))
    assert ("封存包：按每一张选择重算" in told) == sealed
    assert ("公开包" in told) != sealed


@pytest.mark.parametrize("name", CASES)
def test_other_winners_are_found_even_in_a_public_bundle(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    twisted = replace(case, outcome={**case.outcome, "winners": ["?"]})
    fails(write(tmp_path / "bundle", twisted, sealed=False), "outcome.winners")


def test_rounds_of_a_runoff_that_do_not_go_together_are_found(tmp_path: Path) -> None:
    first, last = RUNOFF.outcome["rounds"]
    for number, rounds in enumerate(
        [[], [last], [first], [{**first, "out": "x"}, last], [first, {**last, "exhausted": 1}]]
    ):
        twisted = replace(RUNOFF, outcome={**RUNOFF.outcome, "rounds": rounds})
        fails(write(tmp_path / str(number), twisted, sealed=False), "rounds")


def test_a_count_without_a_lot_is_no_result_yet(tmp_path: Path) -> None:
    assert "平局没有抽签" in holds(write(tmp_path / "bundle", CASES["open tie"]))


def test_a_second_opinion_may_still_be_missing(tmp_path: Path) -> None:
    told = holds(write(tmp_path / "bundle", replace(PICKS, opinion=None)))
    assert "记录里还没有写" in told


def one_run(case: Case, units: int) -> list[Obj]:
    """Equal shares as one would do it on paper."""
    share = Fraction(case.budget_fen, len(case.choices)) * (1 + Fraction(units, 1000))
    left, bought = [share] * len(case.choices), list[Obj]()
    while True:
        offers = []
        for place, each in enumerate(case.items):
            payers = [n for n, choice in enumerate(case.choices) if each["id"] in choice]
            if each in bought or sum(left[n] for n in payers) < each["cost_fen"]:
                continue
            rest, poor = Fraction(each["cost_fen"]), 0
            ordered = sorted(left[n] for n in payers)
            while ordered[poor] * (len(payers) - poor) < rest:
                rest, poor = rest - ordered[poor], poor + 1
            most = rest / (len(payers) - poor)
            offers.append((most / each["cost_fen"], place, most, payers))
        if not offers:
            return bought
        _, place, most, payers = min(offers)
        for n in payers:
            left[n] -= min(most, left[n])
        bought.append(case.items[place])


def slow_opinion(case: Case) -> Obj:
    """Add-one, unit by unit."""
    units, bought = 0, one_run(case, 0)
    while len(bought) < len(case.items):
        more = one_run(case, units + 1)
        if sum(i["cost_fen"] for i in more) > case.budget_fen:
            break
        units, bought = units + 1, more
    return only(*[i["id"] for i in bought], spent=sum(i["cost_fen"] for i in bought), units=units)


@pytest.mark.parametrize("number", range(8))
def test_equal_shares_are_those_of_a_slow_and_plain_count(tmp_path: Path, number: int) -> None:
    chance = random.Random(number)
    scores = chance.sample(range(1, 8), 5)
    supporters = [chance.sample(range(8), score) for score in scores]
    choices = [
        {id: 1 for id, those in zip("abcde", supporters, strict=True) if household in those}
        for household in range(8)
    ]
    menu = [item(id, chance.choice([20, 30, chance.randint(5, 60)])) for id in "abcde"]
    lines, balance = [], 100
    for _, each in sorted(zip(scores, menu, strict=True), key=lambda pair: -pair[0]):
        fits = each["cost_fen"] <= balance
        balance -= each["cost_fen"] * fits
        lines.append(f"{each['id']} {'fits' if fits else 'does_not_fit'}")
    case = Case(menu, choices, scores, ", ".join(lines), tie_method="lot")
    holds(write(tmp_path / "bundle", replace(case, opinion=slow_opinion(case))))


# --- a file that was altered ---------------------------------------------------------------------


def lines_edited(act: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    return lambda content: "".join(f"{line}\n" for line in act(content.splitlines()))


def appended(event: Obj) -> Callable[[list[str]], list[str]]:
    return lambda lines: linked([*({**json.loads(line)} for line in lines), event])


def record_edited(**changes: object) -> Callable[[str], str]:
    return lambda content: json.dumps({**json.loads(content), **changes})


LOT = {"kind": "lot", "order": [], "witnesses": []}


@pytest.mark.parametrize(
    ("name", "act", "says"),
    [
        ("chain.jsonl", lines_edited(lambda x: x[:2] + x[3:]), r"chain.jsonl:3：编号是 4"),
        ("chain.jsonl", lines_edited(lambda x: [*x[:2], x[3], x[2], *x[4:]]), "换了位置"),
        ("chain.jsonl", lines_edited(lambda x: x[:2] + x[1:]), r"chain.jsonl:3：编号是 2"),
        ("chain.jsonl", lambda x: x.replace("phone", "paper", 1), r"chain.jsonl:3：.*被改过"),
        ("chain.jsonl", lines_edited(lambda x: x[:-1]), "截掉"),
        ("chain.jsonl", lambda x: x[:-9], "没有写完"),
        ("chain.jsonl", lambda x: x.replace(",", ", ", 1), "规范"),
        ("chain.jsonl", lines_edited(appended({"kind": "void", "reason": "x"})), "“void”不能"),
        ("chain.jsonl", lines_edited(appended(LOT)), "末尾不是"),
        ("receipts.txt", lambda x: sha("mine") + x[64:], "回执不一致"),
        ("receipts.txt", lambda x: x[65:], "回执不一致"),
        ("receipts.txt", lambda x: x + sha("one more") + "\n", "回执不一致"),
        (
            "record.json",
            lambda x: x.replace(r"\"a\": 4", "").replace(r"\"a\":4", r"\"a\":5"),
            "res",
        ),
        (
            "record.json",
            lambda x: x.replace(r"\"cost_fen\":60", r"\"cost_fen\":61"),
            "rules 被改过",
        ),
        ("record.json", lambda x: x.replace('"reason": "fits"', '"reason": "must_do"', 1), "lines"),
        ("record.json", record_edited(head="0" * 64), "末尾不是"),
        ("record.json", record_edited(ballot="8"), "另一次点单"),
        ("record.json", record_edited(tie_seed="00"), "种子和开始时的承诺"),
        ("record.json", record_edited(tie_seed=None), "缺抽签种子"),
        ("record.json", record_edited(lot_order=["a"]), "抽签次序"),
        ("record.json", record_edited(sealed_sha256="0" * 64), "sealed_sha256 被改过"),
        (
            "record.json",
            record_edited(second_opinion=only("b", spent=50, units=0)),
            "second_opinion",
        ),
        (
            "sealed.json",
            lambda x: x.replace('{"a":1,"c":1}', '{"a":1,"b":1}'),
            "sealed.json 被改过",
        ),
        ("sealed.json", lambda x: x + "\n", "sealed.json 被改过"),
    ],
)
def test_an_altered_file_is_named(
    tmp_path: Path, name: str, act: Callable[[str], str], says: str
) -> None:
    folder = write(tmp_path / "bundle", PICKS)
    edited(folder, name, act)
    fails(folder, says)


# --- a chain that was written anew, with every hash in order -------------------------------------


def of(events: list[Obj], kind: str) -> Obj:
    return next(event for event in events if event["kind"] == kind)


def moved(kind: str, before: str) -> Callable[[list[Obj]], None]:
    def act(events: list[Obj]) -> None:
        event = of(events, kind)
        events.remove(event)
        events.insert(events.index(of(events, before)), event)

    return act


def told(which: str, **changes: object) -> Callable[[list[Obj]], None]:
    return lambda events: of(events, which).update(changes)


def again(kind: str) -> Callable[[list[Obj]], None]:
    return lambda events: events.insert(events.index(of(events, kind)), {**of(events, kind)})


def voted_late(events: list[Obj]) -> None:
    last = {**of(events, "replace"), "kind": "override"}
    events.insert(events.index(of(events, "seal")), last)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda events: events.pop(0), "“cast”不能出现在这里"),
        (again("open"), "“open”不能出现在这里"),
        (again("close"), "“close”不能出现在这里"),
        (again("seal"), "“seal”不能出现在这里"),
        (again("cast"), "“cast”以后的户数不该是 1"),
        (moved("extend", "call_back"), "“extend”不能出现在这里"),
        (moved("call_back", "close"), "“call_back”不能出现在这里"),
        (moved("call_back", "count"), "“call_back”不能出现在这里"),
        (moved("sign", "close"), "“sign”不能出现在这里"),
        (voted_late, "“override”不能出现在这里"),
        (told("extend", closes_at="2026-05-01T09:00:00+00:00"), "没有晚过"),
        (told("replace", households_in=6), "“replace”以后的户数"),
        (told("withdrawn", households_in=3), "“withdrawn”以后的户数"),
        (told("reinstated", households_in=6), "“reinstated”以后的户数"),
        (told("close", households_in=4), "“close”以后的户数"),
        (told("sign", channels={"phone": 3, "paper": 1}), "加起来不是 5"),
        (told("seal", count=6), "封存的票数是 6"),
        (told("open", households=4), "比名册上的 4 户还多"),
        (told("open", menu="0" * 64), "rules.items 被改过"),
        (told("open", rules="0" * 64), "rules 被改过"),
        (told("open", tie_seed="0" * 64), "种子和开始时的承诺"),
        (told("count", result="0" * 64), "result 被改过"),
        (told("count", rule="runoff"), "count.rule 对不上"),
        (told("seal", choices="0" * 64), "sealed_sha256 被改过"),
        (told("cast", receipt=sha("receipt 1")), "回执不一致"),
        (told("cast", choice={"a": 1}), "格式里没有的“choice”"),
        (told("cast", receipt="?"), "“receipt”缺了"),
        (told("close", kind="shut"), "“kind”缺了"),
        (told("close", households_in=True), "“households_in”缺了"),
        (told("open", roll="e\u0301"), "规范"),
    ],
)
def test_a_chain_written_anew_against_the_rules_is_found(
    tmp_path: Path, act: Callable[[list[Obj]], object], says: str
) -> None:
    fails(write(tmp_path / "bundle", PICKS, act=act), says)


def test_a_household_that_counts_twice_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", PICKS, act=told("cast", receipt=sha("receipt 1")))
    edited(folder, "receipts.txt", lambda x: x.replace(sha("receipt 0") + "\n", ""))
    fails(folder, "有一户算了两次")


@pytest.mark.parametrize(
    ("twisted", "says"),
    [
        (replace(PICKS, scores=[5, 3, 2, 0]), "totals.scores.a 对不上：记录里是 5，重算是 4"),
        (replace(PICKS, scores=[6, 3, 2, 0]), "“a”不可能"),
        (replace(PICKS, against={"a": 1}), "totals.against"),
        (replace(PICKS, choices=marks("a", "a", "a", "a", "?")), "第 1 张选择"),
        (replace(PICKS, choices=marks("a=2", "a", "a", "a", "")), "第 4 张选择"),
        (replace(CASES["one"], choices=marks("a b", "a", "", "")), "张选择"),
        (replace(CASES["judge"], choices=marks("a=2", "a", "b")), "张选择"),
        (replace(CASES["points"], choices=marks("a=0", "a", "b")), "张选择"),
        (replace(PICKS, way="points", counting={"rule": "runoff"}), "不认得的规则"),
        (replace(PICKS, way="rank", counting={"score": "?"}), "不认得的规则"),
        (replace(PICKS, items=[*PICKS.items, item("a", 60)], scores=[4, 3, 2, 0, 4]), "两个“a”"),
        (replace(PICKS, budget_fen=-1), "“budget_fen”缺了"),
        (replace(PICKS, counting={"rule": "?"}), "“counting”缺了"),
    ],
)
def test_totals_choices_and_rules_must_be_possible(
    tmp_path: Path, twisted: Case, says: str
) -> None:
    fails(write(tmp_path / "bundle", twisted), says)


# --- the head ------------------------------------------------------------------------------------


def test_a_head_that_was_noted_is_found_and_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", BY_LOT)
    hashes = [sha(line) for line in (folder / "chain.jsonl").read_text("utf-8").splitlines()]
    assert "最后一行" in holds(folder, "--head", hashes[-1].upper())
    assert "封存计票那一行的哈希；那以后又记了 1 次抽签" in holds(folder, "--head", hashes[-2])
    fails(folder, "您给的末尾", "--head", hashes[-3])
    fails(folder, "您给的末尾", "--head", "x")


def test_a_ballot_written_anew_is_given_away_by_the_head_on_the_wall(tmp_path: Path) -> None:
    before = json.loads((write(tmp_path / "true", PICKS) / "record.json").read_text("utf-8"))
    other = replace(PICKS, choices=marks("a b", "a b", "a b", "a c", "c"))
    other = replace(other, opinion=only("a", "c", spent=100, units=583))
    forged = write(tmp_path / "forged", other)
    holds(forged)
    fails(forged, "您给的末尾", "--head", before["head"])


def voided(events: list[Obj]) -> None:
    del events[events.index(of(events, "seal")) :]
    events.append({"kind": "void", "reason": "有人动过"})


def test_a_void_ballot_has_no_result(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", PICKS, sealed=False, act=voided)
    fails(folder, "result 对不上")
    none = dict.fromkeys(["result", "outcome", "second_opinion", "sealed_sha256", "tie_seed"])
    edited(folder, "record.json", record_edited(**none))
    assert "已经作废" in holds(folder)


# --- how it is called ----------------------------------------------------------------------------


def test_it_speaks_english_and_json(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", PICKS)
    told = recount(folder, "--lang", "en").stdout
    assert told.endswith("Everything holds.\n")
    assert "Sealed bundle: recounted from every choice (greedy)" in told
    report = json.loads(recount(folder, "--json").stdout)
    assert (report["holds"], report["difference"]) == (True, None)
    edited(folder, "receipts.txt", lambda x: x[65:])
    done = recount(folder, "--json", "--lang", "en")
    assert done.returncode == 1
    assert json.loads(done.stdout)["difference"].startswith("receipts.txt does not hold")


def test_called_wrongly_it_says_how(tmp_path: Path) -> None:
    for more in ([], [str(tmp_path), "--colour"], [str(tmp_path), "--lang", "fr"]):
        done = subprocess.run([sys.executable, str(FILE), *more], capture_output=True, check=False)
        assert done.returncode == 2
        assert b"usage" in done.stderr


def test_it_runs_where_nothing_but_an_old_python_is(tmp_path: Path) -> None:
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 9))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Match)
        if isinstance(node, ast.ImportFrom):
            assert str(node.module).split(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= sys.stdlib_module_names
