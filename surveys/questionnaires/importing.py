"""A questionnaire made of a file or of pasted text, looked at before it is kept."""

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid
from surveys.questionnaires import rules, service, shipped
from surveys.questionnaires.files import pasted, workbook
from surveys.questionnaires.files.incoming import Incoming
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.service import LONGEST
from surveys.questionnaires.shipped import Template

FROM_FILE = "file"
"""stands where else the template does that a questionnaire was made from"""
_USUAL = "needs"
"""the template whose promises are made where a file makes none"""


def read_file(data: bytes, name: str) -> Incoming:
    """What a workbook or a text file says; its first bytes tell which it is.

    Raises:
        Invalid: the whole file is refused.
    """
    if data.startswith(b"PK") or not name.lower().endswith(".txt"):
        return workbook.read(data, name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return pasted.read(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Invalid(N_("看不懂这个文件里的字。请把字复制了，直接贴进来。"))


@retrying
def create(courtyard: Courtyard, found: Incoming, *, by: str, at: datetime) -> Questionnaire:
    """Make a questionnaire of what came in, in the courtyard's current round. It is not open yet.

    Whoever presses twice is given the one that was made.

    Raises:
        Refused: no round has begun.
        Invalid: it has no title.
    """
    usual = shipped.templates()[_USUAL]
    if not found.head.get("title"):
        raise Invalid(N_("还没有名称，请给问卷起个名。"))
    promises = {name: usual[name] for name in ("keeps", "seen_by")}
    head = dict.fromkeys(LONGEST, "") | promises | {n: t for n, t in found.head.items() if t}
    start = Template(FROM_FILE, head, usual["kept_days"], tuple(found.questions))
    made = service._create(courtyard, start, by, at)
    db.session.commit()
    return made


# between looking and saving it travels in the form itself, signed: nothing is kept meanwhile


def pack(found: Incoming, seen: str, *, place_id: str, secret: bytes) -> str:
    """What came in, for one hidden field.

    Args:
        seen: digest of the questions that it is to replace; none for a new questionnaire.
        place_id: of the courtyard or questionnaire that it is for.
    """
    plain = [seen, dict(found.head), rules.write_questions(found.questions)]
    return str(_signer(place_id, secret).dumps(plain))


def unpack(packed: str, *, place_id: str, secret: bytes) -> tuple[Incoming, str]:
    """What `pack` packed for this place, and the digest beside it.

    Raises:
        Invalid: it came from elsewhere or was changed on the way.
    """
    try:
        seen, head, questions = _signer(place_id, secret).loads(packed)
    except BadData as error:
        raise Invalid(N_("这一页不完整了。请把文件再交一次，重新看一遍。")) from error
    return Incoming(head, rules.read_questions(questions)), seen


def _signer(place_id: str, secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"questions to save:{place_id}")
