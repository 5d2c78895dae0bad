"""What every page shares: headers, the faults worded once, assets, letter size, language."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, flash, g, request, send_file, session, url_for
from flask_compress import Compress
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from surveys.accounts import access
from surveys.accounts.rules import own_path
from surveys.base import clock, hx, long_lists, sample_forms, show
from surveys.base.db import db, say_reading
from surveys.base.language import LOCALES, language_code, say
from surveys.base.language import gettext as _
from surveys.config import ROOT, Config
from surveys.errors import NotFound, SurveysError

compress = Compress()
MOST_TYPED = 512 * 1024
"""bytes of all that is typed into one form"""
MOST_FILES = 36 * 1024 * 1024
"""bytes of a form with photos: three of them, as large as one may be"""
View = TypeVar("View", bound=Callable[..., Response])


def init_app(app: Flask, config: Config) -> None:
    """Hang the shared parts on the app."""
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=5, COMPRESS_MIN_SIZE=600)
    compress.init_app(app)
    app.before_request_funcs.setdefault(None, []).insert(0, _limit)  # before anybody reads the form
    app.before_request(_start)
    app.after_request(_headers(config))
    app.context_processor(_context)
    app.jinja_env.filters.update(show.FILTERS, ago=_ago)
    app.jinja_env.globals.update(asset=asset, config=config, kept=hx.kept, show=show)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(SurveysError, _told)
    app.register_error_handler(access.SignInNeeded, _sign_in)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    if not config.testing:
        app.register_error_handler(Exception, _broken)
    app.add_url_rule("/htmx.js", "htmx", _htmx)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/desk/styleguide", "styleguide", _styleguide)
    app.add_url_rule("/size", "size", _size, methods=["POST"])
    app.add_url_rule("/language", "language", _language, methods=["POST"])


def config_of(app: Flask | None = None) -> Config:
    """The settings of the app that serves now."""
    found: Config = (app or current_app).extensions["surveys_config"]
    return found


def printed_address(path: str) -> str:
    """`path` under the address that is printed and put into QR codes: never the Host header's."""
    base = config_of().public_url or "http://localhost:8000"
    return base + path


@cache
def _version(name: str) -> str:
    path = hx.local_file() if name == "htmx.js" else Path(ROOT / "static" / name)
    return sha256(path.read_bytes()).hexdigest()[:10]


@cache
def asset(name: str) -> str:
    """Address of a static file that changes with its content, so that it may be kept for a year."""
    folder = "/" if name == "htmx.js" else "/static/"
    return f"{folder}{name}?v={_version(name)}"


def reads_first(view: View) -> View:
    """Mark a view that is sent forms but writes, if at all, through one act that is `retrying`.

    Many phones send at once: on SQLite such a view queues as a writer in that act alone.
    """
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Mark a view of the desk that takes so many bytes of files at once, more than others do."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def framed(view: View) -> View:
    """Mark a page that another page of this site may show in a frame."""
    view.policy = ("frame-ancestors 'none'", "frame-ancestors 'self'")  # type: ignore[attr-defined]
    return view


def frames(view: View) -> View:
    """Mark a page that shows another page of this site in a frame."""
    view.policy = ("base-uri", "frame-src 'self'; base-uri")  # type: ignore[attr-defined]
    return view


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def _limit() -> None:
    """A form without files is short; reading a long one would keep a thread busy for seconds."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MOST_TYPED
    elif most := getattr(_view(), "most_bytes", None):
        request.max_content_length = most


def _start() -> None:
    reads = request.method in {"GET", "HEAD", "OPTIONS"} or getattr(_view(), "reads_first", False)
    say_reading(reads)
    g.at = clock.now()
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise NotFound  # no address of ours has one, and PostgreSQL takes none
    if any("\0" in part for field in request.form.items(multi=True) for part in field):
        request.form = ImmutableMultiDict(_without_nul(request.form))


def _without_nul(form: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in form.items(multi=True):
        yield name.replace("\0", ""), value.replace("\0", "")


def _context() -> dict[str, object]:
    local = asset("htmx.js")
    return {
        "locale": language_code(),
        "big_letters": request.cookies.get("size") == "big",
        "now": g.get("at") or clock.now(),
        "at_desk": _at_desk(),
        "desk_account": access.current_account() if _at_desk() else None,
        "htmx": {
            "cdn_url": config_of().htmx_cdn_url or local,
            "integrity": hx.integrity(),
            "local_url": local,
        },
    }


def _ago(at: datetime, zone: str) -> Markup:
    """A moment as people say it; the exact one is a touch away, and for machines."""
    exact, said = show.stamp(at, zone), show.ago(at, g.at, zone)
    machine = show.local(at, zone).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, exact, said)


def _headers(config: Config) -> Callable[[Response], Response]:
    cdn = urlsplit(config.htmx_cdn_url)
    scripts = f"'self' {cdn.scheme}://{cdn.netloc}" if cdn.netloc else "'self'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    def add(response: Response) -> Response:
        if isinstance(request.routing_exception, RequestRedirect):
            response = _with_its_slash(request.routing_exception)
        headers = response.headers
        headers["Content-Security-Policy"] = policy.replace(*getattr(_view(), "policy", ("", "")))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.endpoint in {"static", "htmx"}:
            _whole(response)
        if request.endpoint in {"static", "htmx"} and "v" in request.args:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif _private():
            headers["Cache-Control"] = "no-store"  # files that are downloaded too
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-cache"
        return response

    return add


def _with_its_slash(error: RequestRedirect) -> Response:
    """Lead on from an address with a slash too many or too few, whatever the Host header says."""
    found = urlsplit(error.new_url)
    path = "/" + found.path.lstrip("/")
    return hx.lead_to(urlunsplit(("", "", path, found.query, "")), error.code)


def _whole(response: Response) -> None:
    """Read a file into memory: what is streamed from the disk would not be gzipped."""
    if response.status_code == HTTPStatus.OK:
        response.direct_passthrough = False
        response.make_sequence()


def _at_desk() -> bool:
    return request.path.startswith("/desk")


def _private() -> bool:
    """What the desk hands out, slips, what one has said and stands behind stay in no cache.

    A shared computer keeps none of it, and a phone that is the next family's shows none of it to
    whoever goes back.
    """
    own = ("/desk", "/h/", "/o/", "/owners/", "/a/", "/s/", "/mine/", "/m/", "/need/", "/needs/")
    return request.path.lower().startswith(own)


def _page(status: int, title: str, words: str) -> Response:
    db.session.rollback()
    links = [(_("回首页"), "/desk/" if _at_desk() else "/")]
    return hx.render("base/error.html", status=status, title=title, say=words, links=links)


def _told(error: SurveysError) -> Response:
    titles = {
        403: _("这件事您不能做"),
        404: _("没找到"),
        409: _("现在不能这样做"),
        422: _("有地方填得不对"),
        429: _("请歇一会儿再试"),
    }
    return _page(error.status, titles.get(error.status, _("没办成")), say(error))


def _sign_in(error: access.SignInNeeded) -> Response:
    asked = request.method == "GET" or hx.wants_part()
    address = url_for("accounts.sign_in", next=hx.page_shown() if asked else "/desk/")
    if asked or not _typed() or not _may_be_given_back():
        return hx.leave_for(address)
    return _give_back(401, sign_in=address)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code == HTTPStatus.NOT_FOUND:
        return _page(
            code,
            _("没找到这一页"),
            _("网址可能少了或错了一个字。请再扫一次墙上的码，或者回首页输入院子的码。"),
        )
    if isinstance(error, MethodNotAllowed):
        response = _page(code, _("这里不能这样打开"), _("请退回上一页，再点一次按钮。"))
        response.allow.update(sorted(error.valid_methods or ()))
        return response
    return _page(code, _("没办成"), _("请退回上一页再试一次。还是不行，就打社区电话。"))


def _broken(error: Exception) -> Response:
    current_app.logger.exception("unexpected fault in %s", request.endpoint)  # a path may be a code
    g.account = None  # whoever it was: the database may be what is broken
    return _page(
        500, _("机器出了点毛病"), _("不怪您。请过一会儿再试；您刚才交上的，要看到“收到了”才算。")
    )


def _too_large(error: RequestEntityTooLarge) -> Response:
    if most := getattr(_view(), "most_bytes", None):
        words = _("一次交的照片加起来最多 %(most)d MB。请分几次交。", most=most >> 20)
    else:
        words = _("文件请不要超过 12 MB，文字请写短一些，再交一次。")
    return _page(413, _("太大了，收不下"), words)


def _stale_form(error: CSRFError) -> Response:
    """A form whose token ran out: everything typed is given back, one tap sends it again."""
    if not _may_be_given_back():
        words = _("这一页放得太久了。请退回上一页，重新打开，再交一次。")
        return _page(400, _("请再来一次"), words)
    return _give_back(400)


def _typed() -> list[tuple[str, str]]:
    return [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]


def _may_be_given_back() -> bool:
    """Whether a form can be offered again: no file came with it, and no other site sent it.

    Old browsers do not say which site sent a form, but all name where it comes from.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    own = {request.host_url, config_of().public_url or request.host_url}
    origin = urlsplit(request.origin or request.host_url).netloc
    has_files = any(file.filename for file in request.files.values())
    return not has_files and origin in {urlsplit(address).netloc for address in own}


def _give_back(status: int, sign_in: str | None = None) -> Response:
    db.session.rollback()
    return hx.render(
        "base/resend.html",
        status=status,
        fields=_typed(),
        address=request.full_path,
        sign_in=sign_in,
    )


def _healthz() -> Response:
    db.session.execute(db.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


def _styleguide() -> Response:
    access.require_account()
    narrowed = {"q": None, "lane": {"menu"}}
    listed = long_lists.View.read(request.path, request.args, ["-households", "title"], narrowed)
    faulty, sound = sample_forms.forms()
    for kind in ("done", "mind"):
        flash(_("存好了") if kind == "done" else _("有 3 户没存，看一看"), kind)
    return hx.render("base/styleguide.html", long_list=listed, faulty=faulty, sound=sound, at=g.at)


def _htmx() -> Response:
    return send_file(hx.local_file(), mimetype="text/javascript")


def _back() -> Response:
    """Lead back to the page: a path of this site, never another one's.

    With an address of its own the form that was on the page came along: it is sent on as it is, to
    be shown again with nothing lost.
    """
    kept = own_path(request.args.get("back"), otherwise="")
    if kept:
        return hx.lead_to(kept, HTTPStatus.TEMPORARY_REDIRECT)
    return hx.see_other(own_path(request.form.get("back"), otherwise="/"))


@takes_files(MOST_FILES)  # the form with its files comes along
def _size() -> Response:
    response = _back()
    size = "big" if request.values.get("size") == "big" else "usual"
    response.set_cookie("size", size, max_age=400 * 24 * 3600, samesite="Lax", httponly=True)
    return response


@takes_files(MOST_FILES)
def _language() -> Response:
    wanted = request.values.get("locale")
    if wanted in LOCALES:
        session.permanent = True
        session["locale"] = wanted
    return _back()
