"""What is typed to begin a round."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from surveys.base.forms import Form


class RoundForm(Form):
    """A round's name and the ladder it climbs."""

    name = StringField(
        _("这一轮叫什么"),
        [DataRequired(_("请写个名字。")), Length(max=80, message=_("名字太长了，最多 80 个字。"))],
    )
    template = RadioField(_("照哪一套步骤"), [DataRequired(_("请选一套。"))])
    sure = BooleanField(
        _("那一轮到此为止，台账和菜单从新的一轮重新记"), [InputRequired(_("请勾上。"))]
    )

    @classmethod
    def asking_whether_sure(cls, asked: bool, name: str) -> "RoundForm":
        """The form with or without the box that says: the present round is over.

        Args:
            name: what is proposed until something else is typed.
        """
        form = cls(name=name)
        if not asked:
            del form.sure
        return form

    def offer(self, templates: Mapping[str, str]) -> None:
        """Let one of these be chosen (key → name); where there is only one, it is chosen already.

        A ring that must be pressed although nothing else can be is only missed.
        """
        self.template.choices = list(templates.items())
        if len(templates) == 1:
            self.template.data = next(iter(templates))
