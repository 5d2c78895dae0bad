"""Which language a page speaks. Message ids are Chinese, so zh-CN needs no catalogue.

The other catalogues are read from their `.po` files when the first reader asks for them: there is
nothing to compile and nothing that can be stale.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

import flask_babel
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request, session

from surveys.config import Config

LOCALES = ("zh_CN", "en")
CATALOGUES = Path(__file__).parent.parent / "translations"


def gettext(msgid: str, **params: object) -> str:
    """The text in the reader's language, with its parameters."""
    return str(flask_babel.gettext(msgid, **params))


def ngettext(one: str, many: str, num: int, **params: object) -> str:
    """The text in the reader's language for this number of things, which it may name `num`."""
    return str(flask_babel.ngettext(one, many, num, **params))


class Sayable(Protocol):
    """What carries words that nobody has said yet: a fault, a doubt about a table's row."""

    @property
    def msgid(self) -> str:
        """The words, a message id."""

    @property
    def params(self) -> Mapping[str, object]:
        """What they name."""


def say(one: Sayable) -> str:
    """What it carries, in the reader's words."""
    return gettext(one.msgid, **one.params)


def language_code() -> str:
    """The language of the page that is being made, as pages name it: zh-CN, en."""
    locale = flask_babel.get_locale()
    return "zh-CN" if locale is None or locale.language == "zh" else str(locale.language)


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into `language`, an ISO code; texts without one stay as they are."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


class Pseudo(NullTranslations):
    """Marks every text that passes the catalogues, so that a test finds what does not."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1}⟧"

    ugettext = gettext
    ungettext = ngettext


class Catalogues(flask_babel.Domain):  # type: ignore[misc]  # it ships no types
    """The texts of the reader's language, looked up once a request."""

    def __init__(self, pseudo: bool) -> None:
        super().__init__()
        self._pseudo = pseudo

    def get_translations(self) -> NullTranslations:
        """The reader's catalogue; outside of a request every text stays as it is."""
        if not has_app_context():
            return NullTranslations()
        held = g.get("catalogue")
        if held is None:
            locale = flask_babel.get_locale()
            held = g.catalogue = Pseudo() if self._pseudo else catalogue(locale.language)
        found: NullTranslations = held
        return found


def init_app(app: Flask, config: Config) -> None:
    """Choose the language by the reader's own choice, then the browser's, then the setting."""
    spoken = {code: Locale.parse(code) for code in {*LOCALES, config.default_locale}}

    def chosen() -> Locale:
        if not has_request_context():  # a command: only the setting tells
            return spoken[config.default_locale]
        held = session.get("locale")
        if held in LOCALES:
            return spoken[held]
        wanted = request.accept_languages.best_match(["zh-CN", "zh", "en"])
        return spoken["en" if wanted == "en" else config.default_locale]

    babel = flask_babel.Babel(
        app,
        default_locale=config.default_locale,
        default_timezone=config.default_zone,
        locale_selector=chosen,
    )
    texts = babel.domain_instance = Catalogues(config.pseudo_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts.get_translations().gettext(text),
        ngettext=lambda one, many, n: texts.get_translations().ngettext(one, many, n),
        newstyle=True,
    )
