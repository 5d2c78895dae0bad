"""What insults somebody is kept, counted, and shown to staff and to its maker alone."""

from collections.abc import Callable

import pytest

from surveys.errors import Invalid
from surveys.needs import ledger, public, service, withholding
from surveys.needs.models import Need
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

BAD = "物业那个老张是个混账东西，电话 13812345678"


def test_it_is_shown_to_nobody_and_counts_all_the_same(
    say: Say, need: Callable[[str], Need], clerk: str
) -> None:
    kept, light = say(BAD), need("物业")
    service.place(kept, [light.id], by=clerk, at=AT)
    withholding.withhold(kept, "骂人", by=clerk, at=AT)
    assert public.shown(kept) is None
    assert public.samples(light) == []
    assert ledger.row_of(light).behind.households == 1
    withholding.release(kept, by=clerk, at=AT)
    withholding.release(kept, by=clerk, at=AT)
    assert public.samples(light) == ["物业那个＊＊是个混账东西，电话 ＊＊"]


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_it_wants_a_reason(say: Say, clerk: str, reason: str) -> None:
    kept = say(BAD)
    with pytest.raises(Invalid):
        withholding.withhold(kept, reason, by=clerk, at=AT)
    assert kept.withheld_at is None


def test_staff_read_every_word_with_the_private_ones_marked(
    browser: Browser, world: World, say: Say, clerk: str
) -> None:
    kept = say(BAD)
    sign_in(browser, clerk)
    page = browser.see(f"/desk/suggestion/{kept.id}")
    assert [mark.text for mark in page.all("mark")] == ["老张", "13812345678"]
    assert page.says(BAD)
    assert page.says("物业那个＊＊是个混账东西"), "what others read"
    listed = browser.see(f"/desk/courtyard/{world.courtyard}/suggestions")
    assert listed.all(f"a[href='/desk/suggestion/{kept.id}']")


def test_the_clerk_withholds_it_and_lets_it_be_read_again(
    browser: Browser, world: World, say: Say, clerk: str
) -> None:
    here = f"/desk/suggestion/{say(BAD).id}"
    sign_in(browser, clerk)
    form = browser.see(here).form(f"{here}/withhold")
    page = browser.send(f"{here}/withhold", form | {"reason": " "})
    assert page.status == 422
    assert page.says("要写一句为什么")
    page = browser.send(f"{here}/withhold", form | {"reason": "骂人"})
    assert page.says("不给别人看：骂人")
    assert page.says("第1条不给别人看：骂人"), "the trail"
    listed = browser.see(f"/desk/courtyard/{world.courtyard}/suggestions?state=withheld")
    assert listed.says("找到1条")
    page = browser.send(f"{here}/release", page.form(f"{here}/release"))
    assert not page.all(".state.mind")


def test_an_observer_reads_it_and_can_press_nothing(
    browser: Browser, world: World, say: Say
) -> None:
    kept = say(BAD)
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/suggestion/{kept.id}")
    assert page.says("混账")
    assert not page.all("form[action$='/withhold']")
