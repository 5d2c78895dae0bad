"""The form that all others are made of: what WTForms itself objects to is said in our words."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_wtf import FlaskForm

from surveys.base.language import gettext, say
from surveys.base.words import N_
from surveys.errors import SurveysError

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "This field is required.": N_("请填这一项。"),
        "Not a valid choice.": N_("请从列出来的里面选。"),
        "Not a valid date value.": N_("日期看不明白，请写成 2026-11-30 这样。"),
        "Not a valid datetime value.": N_("时间看不明白，请写成 2026-11-30 20:00 这样。"),
        "Field cannot be longer than %(max)d characters.": N_("最多 %(max)d 个字。"),
    }
)
"""what WTForms says → what is said instead"""


class _Worded:
    """What WTForms asks for the words of its own messages."""

    def gettext(self, said: str) -> str:
        """This message in the reader's language."""
        return gettext(WORDS[said]) if said in WORDS else said

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The same for a message about a number of things."""
        return self.gettext(many)


class Form(FlaskForm):
    """A form of this product."""

    class Meta(FlaskForm.Meta):
        """What the library asks the form about."""

        def get_translations(self, form: FlaskForm) -> _Worded:
            """Our words for its messages."""
            return _Worded()


def blame(form: FlaskForm, fault: SurveysError) -> None:
    """Put a refusal above the form."""
    form.form_errors = [*form.form_errors, say(fault)]
