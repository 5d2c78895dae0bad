"""The family of pictures on a phone, on a wall and on paper: no letters upon letters."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.tour import Stop, Tour

pytestmark = pytest.mark.browser

GUIDE = Stop("/desk/styleguide", "organizer", "desk")
SURFACES = [("resident", 360, 780), ("wall", 1920, 1080), ("paper", 658, 980)]
FAULTS = """([surface, least]) => {
  document.documentElement.className = surface;
  document.querySelectorAll(".halves").forEach((e) => e.classList.remove("halves"));
  const faults = [];
  for (const picture of document.querySelectorAll("#main svg[role=img]")) {
    if (surface !== "wall" && picture.matches(".budget")) continue;  // it stands on walls only
    const told = picture.querySelector("title").textContent;
    const all = [...picture.querySelectorAll("text")];
    const boxes = all.map((e) => e.getBoundingClientRect());
    boxes.forEach((a, n) => {
      const say = (what) => faults.push(`${told}: ${all[n].textContent} ${what}`);
      if (a.left < -1 || a.right > innerWidth + 1) say("is outside");
      if (parseFloat(getComputedStyle(all[n]).fontSize) < least) say("is small");
      boxes.slice(n + 1).forEach((b, m) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > a.height / 3) say(`stands upon ${all[n + m + 1].textContent}`);
      });
    });
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def guide(chromium: Browser, tour: Tour) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    tour.go(page, GUIDE)
    yield page
    context.close()


@pytest.mark.parametrize(("surface", "width", "height"), SURFACES, ids=lambda one: str(one))
def test_the_letters_of_a_picture_stand_apart_and_large_enough(
    guide: Page, surface: str, width: int, height: int
) -> None:
    guide.set_viewport_size({"width": width, "height": height})
    guide.emulate_media(media="print" if surface == "paper" else "screen")
    assert guide.evaluate(FAULTS, [surface, height / 25 if surface == "wall" else 12]) == []
