"""Whatever people paste, dictate or send twice: the board and the command do the sensible thing."""

import csv
import json
from pathlib import Path

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.needs import board, proposing, service
from surveys.needs.board import Board, View
from surveys.needs.models import Suggestion
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

ADVERT = (
    "【旺铺转让】本店诚信经营十年！！！高价回收旧家电，空调、洗衣机上门回收，加微信 abc123，"
    "扫码领红包，老客户优惠活动，名额有限先到先得～～～"
)
LONG = "楼道灯不亮，" * 1_666 + "修修"


def shown(round_: Round, clerk: str) -> Board:
    """The board as the clerk sees it."""
    for courtyard_id in proposing.due():
        proposing.work_out(courtyard_id)
    return board.board(round_, clerk, AT, View())


def offered(round_: Round, clerk: str) -> list[tuple[str | None, bool]]:
    """Category of each offer for the suggestion shown, and whether it says nothing."""
    found = shown(round_, clerk).offers
    assert found is not None
    return [(offer.category, found.says_nothing) for offer in found.each]


@pytest.mark.parametrize("text", ["灯", "?", "。。。", "1", "\U0001f44d", ADVERT])
def test_what_says_next_to_nothing_still_has_its_page(
    browser: Browser, world: World, say: Say, text: str
) -> None:
    say(text)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/ledger")
    assert page.status == 200
    assert page.one("blockquote").text_content() == text


@pytest.mark.parametrize("text", ["。。。", "123", "\U0001f44d\U0001f44d", ADVERT, "没意见"])
def test_signs_numbers_and_advertisements_are_offered_to_be_set_aside(
    round_: Round, clerk: str, say: Say, text: str
) -> None:
    say(text)
    found = shown(round_, clerk).offers
    assert found is not None
    assert found.says_nothing


@pytest.mark.parametrize("text", ["樓道燈不亮了", "３号楼２单元楼道灯不亮", "楼道灯  不亮\n\n修修"])
def test_traditional_full_width_and_broken_lines_are_read_alike(
    round_: Round, clerk: str, say: Say, text: str
) -> None:
    say("楼道灯不亮")
    say(text)
    found = shown(round_, clerk)
    assert [said.suggestion.number for said in found.same.said] == [2]


def test_five_hundred_repetitions_are_one_group_put_away_page_by_page(
    round_: Round, clerk: str, say: Say, world: World
) -> None:
    db.session.add_all(
        Suggestion(
            courtyard_id=world.courtyard,
            round_id=round_.id,
            number=n,
            channel="scan",
            text="楼道灯不亮",
            received_on=AT.date(),
        )
        for n in range(1, 501)
    )
    db.session.commit()
    for courtyard_id in proposing.due():
        proposing.work_out(courtyard_id)
    keys = 0
    while (found := board.board(round_, clerk, AT, View())).said:
        assert found.offers is not None
        best = found.offers.each[0]
        service.place(
            found.said.suggestion,
            {best.need.id} if best.need else (),
            fresh=[] if best.need else [service.Fresh(best.title, best.category)],
            also=[said.suggestion.id for said in found.same.said],
            by=clerk,
            at=AT,
        )
        keys += 1
    assert keys == -(-500 // (board.SAME + 1))
    assert service.counts(world.courtyard) == (500, 500, 1)


def test_a_text_of_ten_thousand_characters_is_worked_out(
    app: Flask, round_: Round, clerk: str, world: World
) -> None:
    said = Suggestion(
        courtyard_id=world.courtyard,
        round_id=round_.id,
        number=1,
        channel="paper",
        text=LONG,
        received_on=AT.date(),
    )
    db.session.add(said)
    db.session.commit()
    found = shown(round_, clerk).offers
    assert found is not None
    assert found.each[0].category == "stair-light"
    assert "".join(piece for piece, _hit in found.pieces) == LONG
    assert all(len(offer.title) <= 40 for offer in found.each)


def grouped(app: Flask, file: Path) -> list[dict[str, object]]:
    """What the command says about a file."""
    told = app.test_cli_runner().invoke(args=["needs", "group", str(file), "--json"])
    assert told.exit_code == 0, told.output
    found: list[dict[str, object]] = json.loads(told.stdout)
    return found


def test_fifty_thousand_rows_with_odd_quoting_are_all_answered(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    odd = ['他说"灯不亮"', "两行\n一格", "逗号，, 都有", "'单引号", '""', LONG[:60], " "]
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out, quoting=csv.QUOTE_ALL)
        rows.writerow(["text"])
        rows.writerows([odd[n % len(odd)]] for n in range(50_000))
    found = grouped(app, file)
    assert [row["row"] for row in found] == list(range(1, 50_001))
    assert found[0]["category"] == "楼道照明"
    assert {row["group"] for row in found[0 :: len(odd)]} == {found[0]["group"]}


def test_quotes_that_nobody_closed_are_read_as_they_stand(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes('text\n楼道灯"不亮\n下水道堵了\n'.encode("gb18030"))
    assert [row["category"] for row in grouped(app, file)] == ["楼道照明", "雨污分流与下水"]
