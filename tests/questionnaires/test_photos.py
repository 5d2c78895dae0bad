"""Photos as answers: shrunk, stripped, held for who sent them, taken by an answer, seen by few."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.questionnaires import photos
from surveys.questionnaires.models import AnswerPhoto
from surveys.questionnaires.rules import Question
from tests.manners import Browser, Page
from tests.questionnaires.asking import answers_of, current, opened_with
from tests.questionnaires.walked import EVERY, LEAKS, choices
from tests.world import World, sign_in

PHOTO = Question("p", "photo", "漏的地方拍一张", most=3)
WHERE = Question("w", "single", "漏在哪里？", choices=choices("房顶", "墙"))


def jpeg(colour: str = "grey", size: tuple[int, int] = (900, 700), turned: bool = False) -> bytes:
    """A photo as a phone takes it, with where and when it was taken."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F], exif[0x0132] = "A maker of phones", "2026:11:20 10:00:00"
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def noise(size: int) -> bytes:
    """A photo that hardly gets smaller."""
    out = BytesIO()
    Image.effect_noise((size, size), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def send(
    browser: Browser,
    q: str,
    *files: bytes,
    go: str = "here",
    name: str = "wall.jpg",
    page: str = "1",
) -> Page:
    """Choose files for the photo question and press a button."""
    address = f"/q/{q}/{page}"
    form: dict[str, object] = dict(browser.see(address).form(address))
    form.pop("a-p:file", None)
    chosen = [FileStorage(BytesIO(data), "wall.jpg") for data in files]
    sent = {**form, "go": go, **({"a-p:file": chosen} if chosen else {})}
    found = browser.post(address, data=sent, content_type="multipart/form-data")
    found.request.environ["wsgi.input"].close()  # a file, where much was sent
    return browser.see(found.location) if found.status_code == 303 else Page(found)


def kept() -> list[AnswerPhoto]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AnswerPhoto).order_by(AnswerPhoto.added_at)))


def pictures(page: Page) -> list[str]:
    return [str(image.get("src")) for image in page.all("main img")]


def test_a_photo_is_shown_again_taken_by_the_answer_and_seen_on_its_copy(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, [PHOTO, WHERE])
    page = send(browser, q, jpeg())
    (small,) = pictures(page)
    assert browser.get(small).mimetype == "image/jpeg"
    (photo,) = kept()
    assert photo.response_id is not None
    assert send(browser, q, go="next").says("漏在哪里")
    page = browser.see(f"/q/{q}/look")
    assert page.says("1张照片")
    assert pictures(page) == [small]
    page = browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert answers_of(sent) == {"p": (photo.id,)}
    assert kept()[0].response_id == sent.id
    (link,) = (a.get("href") for a in page.all("a") if str(a.get("href")).startswith("/a/"))
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    (whole,) = pictures(other.see(link))
    assert other.get(whole).data == kept()[0].jpeg
    assert other.get(small).status_code == 404
    assert other.get(f"{link}/photo/{'a' * 13}").status_code == 404


def test_what_is_kept_is_upright_small_and_says_nothing_of_the_phone() -> None:
    made = photos.made_anew(jpeg(size=(3000, 2000), turned=True), "wall.jpg")
    with Image.open(BytesIO(made.jpeg)) as picture:
        assert picture.size == (1067, 1600)
        assert not picture.getexif()
    assert len(photos.made_anew(noise(3000), "noise.jpg").jpeg) <= 300 * 1024


def test_staff_of_the_courtyard_see_it_and_no_other(world: World, browser: Browser) -> None:
    q = opened_with(world, [PHOTO])
    send(browser, q, jpeg())
    address = f"/desk/answer-photo/{kept()[0].id}"
    sign_in(browser, world.accounts[RoleKind.CLERK.value])
    assert browser.get(address).mimetype == "image/jpeg"
    assert not pictures(browser.see(f"/desk/questionnaire/{q}/photos")), "it is not sent yet"
    page = browser.see(f"/q/{q}/look")
    browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    page = browser.see(f"/desk/questionnaire/{q}/photos")
    assert pictures(page) == [f"{address}?small=1"]
    assert browser.get(f"{address}?small=1").content_length < 12_000
    sign_in(browser, world.accounts[RoleKind.SUPERVISOR.value])
    assert browser.get(address).status_code == 403
    sign_in(browser, world.accounts["stranger"])
    assert browser.get(address).status_code == 404


def wide_jpeg() -> bytes:
    """Sixty megapixels in a few hundred kilobytes."""
    out = BytesIO()
    Image.new("L", (10_000, 6_000)).save(out, "JPEG")
    return out.getvalue()


WRONG = {
    "a table": (b"name,door\n", "不是照片"),
    "a page": (b"<html><script>alert(1)</script></html>", "不是照片"),
    "half of one": (jpeg(size=(2000, 2000))[:3000], "读不出来"),
    "nothing": (b"", "不是照片"),
    "13 MB": (b"\xff\xd8" + b"0" * (13 << 20), "太大了，一张最多12MB"),
    "60 megapixels": (wide_jpeg(), "展开来太大了"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_photo_is_said_and_the_good_ones_stay(
    world: World, browser: Browser, data: bytes, words: str
) -> None:
    q = opened_with(world, [PHOTO])
    page = send(browser, q, jpeg(), data)
    assert page.status == 422
    assert page.says(words)
    assert len(pictures(page)) == 1
    assert len(kept()) == 1


def test_the_same_photo_twice_is_one_and_a_fourth_is_one_too_many(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, [PHOTO])
    assert len(pictures(send(browser, q, jpeg(), jpeg()))) == 1
    page = send(browser, q, jpeg("red"), jpeg("blue"), jpeg("green"))
    assert page.status == 422
    assert page.says("最多放3张照片，多出来的没有收")
    assert len(pictures(page)) == 3
    assert not browser.see(f"/q/{q}/1").all("input[type=file]")


def test_a_photo_is_taken_away_again(world: World, browser: Browser) -> None:
    q = opened_with(world, [PHOTO])
    send(browser, q, jpeg("red"), jpeg("blue"))
    gone, stays = (photo.id for photo in kept())
    page = send(browser, q, go=f"drop-{gone}")
    assert pictures(page) == [f"/q/{q}/photo/{stays}"]
    assert [photo.id for photo in kept()] == [stays]


def test_a_photo_that_must_be_there_is_asked_for(world: World, browser: Browser) -> None:
    q = opened_with(world, [replace(PHOTO, required=True)])
    assert send(browser, q, go="next").says("这一题要答了")
    assert send(browser, q, jpeg(), go="next").says("看一遍，没错就交上")


def test_nobody_answers_with_a_photo_of_somebody_else(world: World, browser: Browser) -> None:
    q = opened_with(world, [PHOTO, WHERE, replace(PHOTO, key="p2")])
    send(browser, q, jpeg())
    (photo,) = kept()
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    for visitor, number, name in ((other, 1, "a-p"), (browser, 3, "a-p2")):
        address = f"/q/{q}/{number}"
        form = {**visitor.see(address).form(address), name: photo.id, "go": "next"}
        page = visitor.send(address, form)
        assert page.status == 422
        assert page.says("照片没有收到")
    form = {**other.see(f"/q/{q}/all").form(f"/q/{q}/all"), "a-p": photo.id, "a-w": "a"}
    page = other.send(f"/q/{q}/all", form)
    assert page.status == 422
    assert page.says("照片没有收到")
    assert page.form(f"/q/{q}/all")["a-w"] == "a"
    assert not current(q)


def test_the_one_page_keeps_its_photos_when_another_field_has_a_fault(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, [PHOTO, replace(WHERE, required=True)])
    page = send(browser, q, jpeg(), b"no photo", go="send", page="all")
    assert page.status == 422
    assert page.says("不是照片")
    assert len(pictures(page)) == 1
    form = page.form(f"/q/{q}/all")
    page = browser.send(f"/q/{q}/all", form)
    assert page.says("第2题：这一题要答")
    assert len(pictures(page)) == 1
    page = browser.send(f"/q/{q}/all", {**page.form(f"/q/{q}/all"), "a-w": "b"})
    assert page.says("收到了")
    (sent,) = current(q)
    assert kept()[0].response_id == sent.id


def test_an_answer_changed_afterwards_keeps_the_photo_and_the_old_copy_shows_it(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, [PHOTO, WHERE])
    send(browser, q, jpeg())
    page = browser.see(f"/q/{q}/look")
    page = browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (link,) = (a.get("href") for a in page.all("a") if str(a.get("href")).startswith("/a/"))
    form = browser.see(f"/q/{q}/2").form(f"/q/{q}/2")
    browser.send(f"/q/{q}/2", {**form, "a-w": "a", "go": "next"})
    send(browser, q, jpeg("red"))
    first = kept()[0]
    send(browser, q, go=f"drop-{first.id}")
    page = browser.see(f"/q/{q}/look")
    browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert len(answers_of(sent)["p"]) == 1
    assert browser.get(pictures(browser.see(link))[0]).mimetype == "image/jpeg"


def test_photos_of_a_question_that_became_hidden_go_with_the_sending(
    world: World, browser: Browser
) -> None:
    asked = [EVERY[2], replace(PHOTO, when=LEAKS)]
    q = opened_with(world, asked)
    address = f"/q/{q}/1"
    form = browser.see(address).form(address)
    browser.send(address, {**form, "a-q1": ["a"], "go": "next"})
    send(browser, q, jpeg(), page="2")
    browser.send(address, {**form, "a-q1": ["b"], "go": "next"})
    assert len(kept()) == 1
    page = browser.see(f"/q/{q}/look")
    browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    assert not kept()


def test_the_next_family_on_this_phone_sees_none_of_it(world: World, browser: Browser) -> None:
    q = opened_with(world, [PHOTO])
    (small,) = pictures(send(browser, q, jpeg()))
    page = browser.see(f"/q/{q}")
    browser.send("/device/forget", page.form("/device/forget"))
    assert browser.get(small).status_code == 404
    assert not pictures(browser.see(f"/q/{q}/1"))


def test_with_htmx_only_the_photos_are_exchanged(world: World, browser: Browser) -> None:
    q = opened_with(world, [PHOTO])
    address = f"/q/{q}/1"
    form: dict[str, object] = dict(browser.see(address).form(address))
    form["a-p:file"] = FileStorage(BytesIO(jpeg()), "wall.jpg")
    headers = {"HX-Request": "true"}
    sent = {**form, "go": "here"}
    kind = "multipart/form-data"
    answer = browser.post(address, data=sent, content_type=kind, headers=headers)
    part = Page(browser.get(answer.location, headers=headers))
    assert not part.all("html > head title")
    assert len(pictures(Page(browser.get(address)))) == 1
    assert len(part.all("img")) == 1
