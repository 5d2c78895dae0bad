"""What can go wrong, said once.

Each error carries a message id (in Chinese) and its parameters. Whoever shows it words it in the
reader's language; nobody else builds sentences.
"""

from surveys.base.words import N_


class SurveysError(Exception):
    """Something the reader must be told. `status` is the HTTP status a page answers with."""

    status = 500

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


class NotFound(SurveysError):
    """There is no such thing, or this viewer may not know of it."""

    status = 404

    def __init__(self, msgid: str = N_("这里什么也没有。"), **params: object) -> None:
        super().__init__(msgid, **params)


class Forbidden(SurveysError):
    """The viewer sees the thing but has no part in this act."""

    status = 403

    def __init__(self, msgid: str = N_("您的职务不能做这件事。"), **params: object) -> None:
        super().__init__(msgid, **params)


class Invalid(SurveysError):
    """What was typed cannot be read; it is kept on the page."""

    status = 422


class Refused(SurveysError):
    """Well formed, but the rules do not allow it now."""

    status = 409


class TooOften(SurveysError):
    """Tried too many times in a short while."""

    status = 429
