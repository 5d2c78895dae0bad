"""What is typed when a lot was drawn."""

from collections import Counter

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired

from surveys.base.forms import Form

MOST_DIGITS = 3
_PLACE = "place-"


class LotForm(Form):
    """Tied items with the place each was drawn at, and two witnesses."""

    first_witness = StringField(_("见证人一"), [InputRequired()])
    second_witness = StringField(_("见证人二"), [InputRequired()])
    form_errors: list[str] = []

    def witnesses(self) -> list[str]:
        """Who saw it, as typed."""
        return [self.first_witness.data or "", self.second_witness.data or ""]

    @staticmethod
    def places() -> dict[str, str]:
        """What was typed beside each item, by its id."""
        return {
            name.removeprefix(_PLACE): typed.strip()
            for name, typed in request.form.items()
            if name.startswith(_PLACE)
        }

    def order(self) -> list[str]:
        """Item ids by their places. Two in one place, or one without, count as not drawn."""
        placed = [
            (int(place), item)
            for item, place in self.places().items()
            if place.isdecimal() and len(place) <= MOST_DIGITS
        ]
        alone = Counter(place for place, _item in placed)
        return [item for place, item in sorted(placed) if alone[place] == 1]
