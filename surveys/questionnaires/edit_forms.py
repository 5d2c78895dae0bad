"""What is typed in the editor: the open card, the first screen's words, and a button."""

from werkzeug.datastructures import MultiDict

from surveys.questionnaires.cards import Card, Line
from surveys.questionnaires.editing import HEAD, Edit
from surveys.questionnaires.service import LONGEST

Typed = MultiDict[str, str]
LIMITS = ("least", "most", "lowest", "highest", "decimals", "unit")


def typed_edit(form: Typed) -> Edit:
    """All that the editor sent. The button says `act`, `act:on` or `act:on:to`."""
    place = form.get("place", "")
    act, _sep, rest = form.get("act", "").partition(":")
    on, _sep, to = rest.partition(":")
    return Edit(
        seen=form.get("seen", ""),
        place=place,
        card=typed_card(form) if "type" in form else None,
        after=form.get("after", ""),
        head={name: form[name] for name in LONGEST if name in form} if place == HEAD else {},
        act=act,
        on=on,
        to=form.get("to", "").strip() if act == "to" else to,
    )


def typed_card(form: Typed) -> Card:
    """The card of one question, as it was typed."""
    return Card(
        type=form.get("type", ""),
        title=form.get("title", ""),
        help=form.get("help", ""),
        required="required" in form,
        takes_suggestions="takes_suggestions" in form,
        limits={name: form[name] for name in LIMITS if name in form},
        when=form.get("when", ""),
        choices=_lines(form, "choice-"),
        more=form.get("choices-more", ""),
        rows=_lines(form, "row-"),
        more_rows=form.get("rows-more", ""),
    )


def _lines(form: Typed, prefix: str) -> tuple[Line, ...]:
    """Choices or rows in the order of their fields."""
    found = []
    for name in form:
        if name.startswith(prefix):
            key = name.removeprefix(prefix)
            marks = form.get(f"marks-{name}", "").split()
            found.append(Line(key, form[name], "alone" in marks, "writes" in marks))
    return tuple(found)
