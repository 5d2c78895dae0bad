"""One resident's request at a time in each process.

Python runs one thread at a time anyway. Let several into the app at once and they wrest the
interpreter from one another between any two statements, above all from the one that holds
SQLite's only place to write: measured, a third fewer votes a second. So whatever waits for the
network is done by as many threads as there are, and the work itself takes turns.

The desk does not stand in this line: an export may take seconds, and no phone waits for it. Nor
does a form with files: a photo is made anew in a second, and most of that outside the interpreter.
"""

import threading
from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_content_length, get_input_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IN_MEMORY_BYTES = 256 * 1024
APART = "/desk"
WITH_FILES = "multipart/form-data"


class Turns:
    """The app behind a gate that lets one request in, once all of its body has come."""

    def __init__(self, app: "WSGIApplication", most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._gate = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").startswith(APART):
            return self._app(environ, start_response)
        length = get_content_length(environ) or 0
        if not 0 < length <= self._most_bytes:  # nothing to wait for, or the app refuses it unread
            return self._in_turn(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            try:
                copyfileobj(get_input_stream(environ), body)
            except HTTPException as gone:  # the phone hung up half-way
                return gone(environ, start_response)
            body.seek(0)
            environ["wsgi.input"] = body
            if environ.get("CONTENT_TYPE", "").startswith(WITH_FILES):
                return self._app(environ, start_response)
            return self._in_turn(environ, start_response)

    def _in_turn(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with self._gate:
            return self._app(environ, start_response)
