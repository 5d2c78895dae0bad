"""What is handed in to make a questionnaire of: a file, or pasted text."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from surveys.base.forms import Form
from surveys.questionnaires.files.pasted import LONGEST_TEXT


class FileForm(Form):
    """A workbook, or a text file."""

    file = FileField(_("问卷文件"), [FileRequired(_("请先选一个文件。"))])


class TextForm(Form):
    """The text of a questionnaire."""

    text = TextAreaField(
        _("问卷的文字"),
        [
            InputRequired(_("还没有文字。请把问卷贴进来。")),
            Length(max=LONGEST_TEXT, message=_("这段文字太长了。")),
        ],
    )
