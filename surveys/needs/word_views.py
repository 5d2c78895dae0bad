"""学到的词: what the sorting of one courtyard has taught, and which of it does not count."""

from flask import Response, flash, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.needs import catalogue, teaching
from surveys.needs.ledger_views import PAGES
from surveys.needs.models import LearntWord
from surveys.needs.proposals.vocabulary import STRONG


@PAGES.get("/desk/courtyard/<courtyard_id>/words")
def words(courtyard_id: str) -> Response:
    """Every word that was learnt here, with how many sentences taught it."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return hx.render(
        "needs/words.html",
        courtyard=courtyard,
        words=teaching.words(courtyard.id),
        entries=catalogue.current().by_key,
        strong=STRONG,
        may_sort=access.allows(courtyard.id, May.KEY_IN),
    )


@PAGES.post("/desk/word/<word_id>/drop")
def drop_word(word_id: str) -> Response:
    """A word that means nothing."""
    word = access.fetch(LearntWord, word_id, May.KEY_IN)
    teaching.drop(word, by=access.me(), at=g.at)
    flash(_("“%(word)s”不算数了，以后也不再学它。", word=word.word), "done")
    return hx.see_other(f"/desk/courtyard/{word.courtyard_id}/words")


@PAGES.post("/desk/word/<word_id>/take-up")
def take_up_word(word_id: str) -> Response:
    """A word that counts after all."""
    word = access.fetch(LearntWord, word_id, May.KEY_IN)
    teaching.take_up(word, by=access.me(), at=g.at)
    flash(_("“%(word)s”又算数了。", word=word.word), "done")
    return hx.see_other(f"/desk/courtyard/{word.courtyard_id}/words")
