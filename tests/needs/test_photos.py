"""Pictures of a need: sent by staff, kept once, seen by staff only."""

import io
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from surveys.base import audit
from surveys.base.db import db
from surveys.base.pictures import Picture, made_anew
from surveys.errors import Invalid, Refused
from surveys.needs import photo_views, photos, service, undoing
from surveys.needs.models import Need, NeedPhoto
from tests.manners import Browser, Page
from tests.world import AT, World, sign_in

Named = Callable[[str], Need]


def sent(n: int = 0, kind: str = "JPEG") -> bytes:
    """The n-th picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), (n * 20, 0, 0)).save(out, kind)
    return out.getvalue()


def picture(n: int = 0) -> Picture:
    """The n-th picture, made anew."""
    return made_anew(sent(n), "a.jpg")


def upload(desk: Browser, need: Need, *files: tuple[bytes, str], caption: str = "") -> Page:
    """Choose files on the page of a need and send them."""
    here = f"/desk/need/{need.id}"
    form = desk.see(here).form(f"{here}/photos") | {"caption": caption}
    chosen = [FileStorage(io.BytesIO(data), name) for data, name in files]
    boundary, body = encode_multipart(MultiDict({**form, "photos": chosen}))
    kind = f"multipart/form-data; boundary={boundary}"
    return Page(desk.post(f"{here}/photos", data=body, content_type=kind, follow_redirects=True))


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


def test_several_are_kept_and_shown_with_their_caption(desk: Browser, need: Named) -> None:
    crack = need("外墙")
    page = upload(desk, crack, (sent(1), "1.jpg"), (sent(2, "PNG"), "2.png"), caption="北墙")
    assert page.says("存好了 2 张照片")
    assert [img.get("alt") for img in page.all("img")] == ["北墙", "北墙"]
    assert page.says("给“外墙”加了 2 张照片")
    answer = desk.get(page.all("img")[0].get("src"))
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store", "nothing stays on a shared computer"
    assert Image.open(io.BytesIO(answer.data)).size == (30, 20)


def test_the_same_one_sent_twice_is_kept_once(desk: Browser, need: Named) -> None:
    crack = need("外墙")
    upload(desk, crack, (sent(1), "1.jpg"), (sent(1), "again.jpg"))
    page = upload(desk, crack, (sent(1), "1.jpg"))
    assert page.says("这几张照片已经有了")
    assert len(page.all("img")) == 1


def test_one_that_is_wrong_is_named_and_none_is_kept(desk: Browser, need: Named) -> None:
    crack = need("外墙")
    page = upload(desk, crack, (sent(1), "1.jpg"), (b"nothing", "说明.docx"), caption="北墙")
    assert page.status == 422
    assert page.says("“说明.docx”不是照片")
    assert page.one("[name=caption]").get("value") == "北墙"
    assert not page.all("img")
    assert upload(desk, crack).says("还没有选照片")


def test_there_are_never_more_than_ten(desk: Browser, need: Named, clerk: str) -> None:
    crack = need("外墙")
    eleven = [(sent(n), f"{n}.jpg") for n in range(11)]
    assert upload(desk, crack, *eleven).says("一件最多 10 张照片")
    assert len(upload(desk, crack, *eleven[:10]).all("img")) == 10
    with pytest.raises(Refused, match="最多 10 张"):
        photos.add_photos(crack, [picture(11)], by=clerk, at=AT)


def test_two_who_send_at_once_do_not_pass_the_ten(
    app: Flask, need: Named, world: World, clerk: str
) -> None:
    crack = need("外墙")
    photos.add_photos(crack, [picture(n) for n in range(8)], by=clerk, at=AT)
    need_id, start, said = crack.id, Barrier(2), []
    fresh = {"clerk": [picture(8), picture(9)], "organizer": [picture(10), picture(11)]}
    db.session.remove()

    def act(who: str) -> None:
        with app.app_context():
            start.wait()
            try:
                found = db.session.get_one(Need, need_id)
                photos.add_photos(found, fresh[who], by=world.accounts[who], at=AT)
                said.append("done")
            except Refused:
                said.append("refused")
            finally:
                db.session.remove()

    threads = [Thread(target=Context().run, args=(act, who)) for who in fresh]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "refused"]
    assert len(photos.of(db.session.get_one(Need, need_id))) == 10


def test_a_caption_is_short(need: Named, clerk: str) -> None:
    with pytest.raises(Invalid, match="最多 80 个字"):
        photos.add_photos(need("外墙"), [picture()], "长" * 81, by=clerk, at=AT)


def test_too_much_at_once_is_refused_unread(
    desk: Browser, need: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.application.view_functions["needs.add_photos"]
    assert vars(view)["most_bytes"] == photo_views.MOST_SENT
    monkeypatch.setattr(view, "most_bytes", 1 << 20)
    page = upload(desk, need("外墙"), (bytes(2 << 20), "1.jpg"))
    assert page.status == 413
    assert page.says("加起来最多 1 MB")


def test_more_than_other_forms_take_is_taken_here(desk: Browser, need: Named) -> None:
    crack = need("外墙")
    page = upload(desk, crack, *[(bytes(7 << 20), f"{n}.jpg") for n in range(2)])
    assert page.status == 422, "14 MB were read, and found to be no pictures"
    assert page.says("“0.jpg”不是照片")


def test_one_is_taken_away_with_a_trace(desk: Browser, need: Named) -> None:
    crack = need("外墙")
    page = upload(desk, crack, (sent(1), "1.jpg"))
    address = page.one("img").get("src")
    page = desk.send(f"{address}/remove", page.form(f"{address}/remove"))
    assert page.says("照片拿掉了")
    assert page.says("拿掉了“外墙”的一张照片")
    assert desk.see(address).status == 404
    assert not page.all("img")


def test_one_that_was_taken_away_by_mistake_is_taken_back(
    desk: Browser, need: Named, world: World
) -> None:
    page = upload(desk, need("外墙"), (sent(1), "1.jpg"), caption="北墙")
    address = page.one("img").get("src")
    form = page.form(f"{address}/remove")
    page = desk.send(f"{address}/remove", form)
    desk.send(f"{address}/remove", form)  # a double tap
    undo = f"/desk/courtyard/{world.courtyard}/ledger/undo"
    desk.send(undo, page.form(undo))
    assert desk.get(address).status_code == 200
    assert db.session.scalars(db.select(NeedPhoto)).one().caption == "北墙"


def test_the_same_picture_may_come_again_after_it_was_taken_away(need: Named, clerk: str) -> None:
    crack = need("外墙")
    photos.add_photos(crack, [picture()], by=clerk, at=AT)
    later = AT + timedelta(minutes=1)
    photos.remove_photo(photos.of(crack)[0], by=clerk, at=later)
    assert photos.add_photos(crack, [picture()], "北墙", by=clerk, at=AT) == 1
    assert [photo.caption for photo in photos.of(crack)] == ["北墙"]
    last = undoing.last_act(crack.courtyard_id, clerk, later)
    assert last
    with pytest.raises(Refused, match="撤销不了了"):
        undoing.undo(crack.courtyard_id, last.id, by=clerk, at=later)


def test_what_cannot_be_taken_back_any_more_is_gone_for_good(need: Named, clerk: str) -> None:
    crack = need("外墙")
    photos.add_photos(crack, [picture(), picture(1)], by=clerk, at=AT)
    photos.remove_photo(photos.of(crack)[0], by=clerk, at=AT)
    assert photos.forget_removed(AT + undoing.REACH - timedelta(minutes=1)) == 0
    assert photos.forget_removed(AT + undoing.REACH) == 1
    assert len(db.session.scalars(db.select(NeedPhoto)).all()) == 1


def test_pictures_of_a_merged_need_are_shown_where_it_counts(
    desk: Browser, need: Named, clerk: str
) -> None:
    wall, crack = need("外墙"), need("墙裂了")
    photos.add_photos(crack, [picture()], by=clerk, at=AT)
    service.merge(wall, [crack.id], by=clerk, at=AT)
    assert len(desk.see(f"/desk/need/{wall.id}").all("img")) == 1
    with pytest.raises(Refused, match="已经并进"):
        photos.add_photos(crack, [picture(2)], by=clerk, at=AT)


def test_nobody_else_sees_it(browser: Browser, need: Named, world: World, clerk: str) -> None:
    crack = need("外墙")
    photos.add_photos(crack, [picture()], by=clerk, at=AT + timedelta(minutes=1))
    kept = db.session.scalars(db.select(NeedPhoto)).one()
    address = f"/desk/need-photo/{kept.id}"
    assert browser.get(address).status_code == 303
    sign_in(browser, world.accounts["stranger"])
    assert browser.get(address).status_code == 404
    sign_in(browser, world.accounts["observer"])
    assert browser.get(address).status_code == 200
    page = browser.see(f"/desk/need/{crack.id}")
    assert not page.all("form[action$=photos]")
    assert audit.about(crack.id)[0].say % {"title": "外墙", "n": 1} == "给“外墙”加了 1 张照片"
