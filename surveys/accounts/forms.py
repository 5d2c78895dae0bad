"""What is typed to sign in, to change a password, and on the pages of administrators."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from surveys.accounts.models import Place, PlaceLevel
from surveys.accounts.rules import PASSWORD_MOST, ROLE_NAMES, RoleKind
from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.errors import SurveysError

CHOSEN = InputRequired(_l("请选一个。"))
INDENT = "\N{IDEOGRAPHIC SPACE}"


def blame(field: Field, error: SurveysError) -> None:
    """Show a refusal of a service beside the field that it is about."""
    field.errors = [*field.errors, _(error.msgid, **error.params)]


class SignInForm(Form):
    """Name and password of somebody on the staff."""

    name = StringField(
        _l("登录名"), [InputRequired(_l("请写登录名。")), Length(max=120, message=_l("太长了。"))]
    )
    password = PasswordField(
        _l("密码"),
        [InputRequired(_l("请写密码。")), Length(max=PASSWORD_MOST, message=_l("太长了。"))],
    )


class PasswordForm(Form):
    """A new password, typed twice; the present one too, except after a one-time one."""

    present = PasswordField(
        _l("现在的密码"),
        [InputRequired(_l("请写现在的密码。")), Length(max=PASSWORD_MOST, message=_l("太长了。"))],
    )
    new = PasswordField(_l("新密码"), [InputRequired(_l("请写新密码。"))])
    again = PasswordField(
        _l("新密码再写一遍"),
        [
            InputRequired(_l("请把新密码再写一遍。")),
            EqualTo("new", message=_l("两遍写得不一样。")),
        ],
    )

    @classmethod
    def asking_present(cls, asked: bool) -> "PasswordForm":
        """The form with or without the present password."""
        form = cls()
        if not asked:
            del form.present
        return form


class RoleForm(Form):
    """A post: what, and where."""

    kind = SelectField(_l("职务"), [CHOSEN], default=RoleKind.CLERK.value)
    place_id = SelectField(_l("在哪里"), [CHOSEN])

    def offer(self, places: Iterable[tuple[Place, int]]) -> None:
        """Offer every post, on these places; each place moved in by its depth."""
        self.kind.choices = {kind.value: _(ROLE_NAMES[kind]) for kind in RoleKind}
        self.place_id.choices = {place.id: INDENT * depth + place.name for place, depth in places}


class AccountForm(RoleForm):
    """A new account with its first post."""

    name = StringField(
        _l("登录名"), [InputRequired(_l("请写登录名。")), Length(max=60, message=_l("太长了。"))]
    )
    title = StringField(
        _l("称呼"), [InputRequired(_l("请写称呼。")), Length(max=60, message=_l("太长了。"))]
    )


class NameForm(Form):
    """The name of a place."""

    name = StringField(
        _l("名字"), [InputRequired(_l("请写上名字。")), Length(max=80, message=_l("太长了。"))]
    )


class PlaceForm(NameForm):
    """A new place below another."""

    level = SelectField(_l("哪一级"), [CHOSEN])

    def offer(self, levels: Iterable[PlaceLevel]) -> None:
        """Offer these levels."""
        self.level.choices = {level.key: level.name for level in levels}


def levels_form(levels: Iterable[PlaceLevel]) -> Form:
    """A form with one field for each level's name, called by the level's key."""
    levels = list(levels)
    needed = [InputRequired(_l("请写上名字。")), Length(max=40, message=_l("太长了。"))]
    fields = {level.key: StringField(level.name, needed) for level in levels}
    form: Form = type("LevelsForm", (Form,), fields)(
        data={level.key: level.name for level in levels}
    )
    return form
