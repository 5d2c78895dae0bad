"""What is typed to sign in, to change a password, and on the pages of administrators."""

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from surveys.accounts import lists
from surveys.accounts.models import PlaceLevel
from surveys.accounts.rules import PASSWORD_MOST, ROLE_NAMES, RoleKind, tidy
from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import WORDS_MOST
from surveys.errors import SurveysError

CHOSEN = InputRequired(_l("请选一个。"))


def blame(field: Field, error: SurveysError) -> None:
    """Show a refusal of a service beside the field that it is about."""
    field.errors = [*field.errors, say(error)]


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
    where = StringField(_l("找一处"), [Length(max=WORDS_MOST, message=_l("太长了。"))])
    find = SubmitField()
    """shows the places that are looked for, and does nothing else"""

    def offer(self, within: Sequence[str]) -> None:
        """Offer every post, and the places inside; of many those that are looked for."""
        self.kind.choices = {kind.value: _(ROLE_NAMES[kind]) for kind in RoleKind}
        if not lists.are_many(within):
            del self.where, self.find
            self.place_id.choices = lists.places_offered(within)
            return
        kept = None if self.find.data else self.place_id.data
        self.place_id.choices = lists.places_offered(within, self.where.data or "", kept)

    @property
    def finds(self) -> bool:
        """Whether a place is only looked for."""
        return bool(self.find and self.find.data)


class AccountForm(RoleForm):
    """A new account with its first post."""

    name = StringField(
        _l("登录名"), [InputRequired(_l("请写登录名。")), Length(max=60, message=_l("太长了。"))]
    )
    title = StringField(
        _l("称呼"), [InputRequired(_l("请写称呼。")), Length(max=60, message=_l("太长了。"))]
    )


class BeginForm(Form):
    """The first community, and who organizes there."""

    community = StringField(
        _l("社区叫什么"),
        [InputRequired(_l("请写上名字。")), Length(max=80, message=_l("太长了。"))],
    )
    who = RadioField(
        _l("谁来组织"),
        [InputRequired(_l("请选一个。"))],
        choices=lambda: {"me": _("我自己"), "other": _("另一位同事，给对方开一个账号")},
    )
    name = StringField(_l("对方的登录名"), [Length(max=60, message=_l("太长了。"))])
    title = StringField(_l("对方的称呼"), [Length(max=60, message=_l("太长了。"))])

    @classmethod
    def asking_community(cls, asked: bool) -> "BeginForm":
        """The form with or without the community, which may be there already."""
        form = cls()
        if not asked:
            del form.community
        return form

    def validate_community(self, field: Field) -> None:
        """Signs that nobody sees are no name."""
        if not tidy(field.data or ""):
            raise ValidationError(_("请写上名字。"))

    def validate_name(self, field: Field) -> None:
        """Somebody else needs a name to sign in with; oneself has one."""
        if self.who.data == "other" and not field.data:
            raise ValidationError(_("请写登录名。"))
        if self.who.data == "me" and field.data:
            raise ValidationError(_("自己来，这里就空着；要给对方开账号，上面选“另一位同事”。"))


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
