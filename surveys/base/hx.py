"""The one place that knows htmx: who asks for a part, and how a page or a part is answered."""

from base64 import b64encode
from collections.abc import MutableMapping
from functools import cache
from hashlib import sha384
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Response, current_app, make_response, render_template, request
from flask.templating import Environment
from markupsafe import Markup

from surveys.base.language import language_code

MOST_KEPT = 512
"""parts kept by one process; a courtyard has a few, and they are made again when they are gone"""


class Templates(Environment):
    """Templates that hold what all of them know in one plain mapping.

    Every import of a macro compares it with the page's; a chain of mappings, which is the usual
    way, makes that a tenth of the work of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows besides what it is given."""
        return {**self.globals, **(d or {})}


def wants_part() -> bool:
    """Whether htmx asks for a part: boosted and history requests get the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(page: str, part: str | None = None, /, status: int = 200, **context: object) -> Response:
    """Answer with `part` where htmx asks for one and there is one, else with the whole `page`.

    Templates know its `status` too.
    """
    name = part if part and wants_part() else page
    response = make_response(render_template(name, status=status, **context), status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def kept(name: str, /, *key: str, **context: object) -> Markup:
    """A part of a page that is the same for everybody, rendered once for each language and kept.

    Args:
        key: names what the part shows, such as the digest of a version. Whatever is in `context`
            must follow from it, and nothing in the part may depend on who reads it.
    """
    parts: dict[tuple[str, ...], Markup] = current_app.extensions.setdefault("kept_parts", {})
    known = (name, language_code(), *key)
    if known not in parts:
        if len(parts) >= MOST_KEPT:
            parts.clear()
        parts[known] = Markup(render_template(name, **context))  # noqa: S704 - a template escapes
    return parts[known]


def see_other(address: str) -> Response:
    """Answer a POST that was carried out: 303, so that a reload sends nothing twice."""
    return lead_to(address, 303)


def lead_to(address: str, status: int) -> Response:
    """Lead on to a path of this site, without a page that nobody would see."""
    response = make_response("", status)
    response.location = address
    return response


def leave_for(address: str) -> Response:
    """Lead the whole page on, also where only a part of it was asked for."""
    if not wants_part():
        return see_other(address)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = address
    return response


def page_shown() -> str:
    """Path and query of the page in sight, where it asked for a part; else of the one asked for."""
    if not wants_part():
        return request.full_path.rstrip("?")
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return urlunsplit(("", "", shown.path, shown.query, ""))


def page_asked() -> int:
    """Which page of a list the address asks for; the first where that makes no sense."""
    typed = request.args.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def local_file() -> Path:
    """The copy of htmx that the pinned wheel brought, for when the CDN fails."""
    spec = find_spec("django_htmx")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the wheel that brings htmx is missing: run `python3 run.py`")
    return Path(spec.submodule_search_locations[0]) / "static" / "django_htmx" / "htmx-2.min.js"


@cache
def integrity() -> str:
    """Subresource integrity of htmx: the CDN must serve the very file that we hold."""
    return "sha384-" + b64encode(sha384(local_file().read_bytes()).digest()).decode()
