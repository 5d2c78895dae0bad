"""What may be done to the questions at the desk: one card typed, one act on the list. Pure.

What is taken away is switched off and may be put back; it goes for good only where it was never
asked. A key never changes its meaning: what was asked keeps its type.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.questionnaires import logic
from surveys.questionnaires.cards import Card, Faulty, blank, filled, is_untouched, next_key
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import ASIDE, Choice, Question, asked

Questions = tuple[Question, ...]
MOST_QUESTIONS = 100
MOST_KEPT = 300
"""questions with those that were taken away"""
_STEPS = {"up": -1, "down": 1}
NEW, HEAD = "new", "head"
"""cards that are no question's: of one not made yet, and of the first screen's words"""


@dataclass(frozen=True, slots=True)
class Edit:
    """All that the desk sent: what was typed on the open card, and the button that was pressed."""

    seen: str
    """digest of the questions as they were shown when somebody began to type"""
    place: str = ""
    """the card that is open: a question's key, `NEW`, `HEAD`, or none"""
    card: Card | None = None
    after: str = ""
    """the question after which a new one comes; none: at the end"""
    head: Mapping[str, str] = field(default_factory=dict)
    """title, intro, keeps, seen_by; those not named stay"""
    act: str = ""
    on: str = ""
    """what the act is about: a key, a type"""
    to: str = ""
    """where it moves, as it was typed; after which question one is added"""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it, and which card is open now."""

    questions: Questions
    place: str = ""
    type: str = ""
    """of a new one"""
    after: str = ""
    gone: str = ""
    """what was taken away just now, to be put back with one press"""


def edited(questions: Questions, edit: Edit, published: Sequence[Questions] = ()) -> Edited:
    """The questions after the card was saved and the act done.

    Args:
        published: the questions of every version that was asked.

    Raises:
        Invalid: something typed cannot stand so; `Faulty` where it is known in which field.
        Refused: there are too many questions, or what was asked would change its meaning.
    """
    saved = _saved(questions, edit, published)
    done = _ACTS.get(edit.act, _stay)(saved, edit, published)
    shown = [question for question in done.questions if not question.off]
    if len(shown) > MOST_QUESTIONS or len(done.questions) > MOST_KEPT:
        raise Refused(N_("一份问卷最多 %(most)d 题。太长了没人答得完。"), most=MOST_QUESTIONS)
    _check_conditions(questions, done.questions, saved.place if edit.card else "")
    return done


def _check_conditions(before: Questions, after: Questions, place: str) -> None:
    """Let pass what breaks no condition; a fault of the open card's own is told at its field."""
    found = logic.broken(before, after)
    own = next((fault for fault in found if fault.key == place), None)
    if own is not None:
        raise Faulty({"when": own.error}, N_("这一题还存不了，请看红字。"))
    logic.refuse(found)


def done_already(
    questions: Questions, edit: Edit, published: Sequence[Questions] = ()
) -> Edited | None:
    """What came of this very edit when it was sent before: a button was pressed twice.

    Nothing where it was not done yet, or cannot be done.
    """
    try:
        done = edited(questions, edit, published)
    except (Invalid, Refused):
        return None
    if done.questions == questions:
        return done
    if edit.place != NEW or len(done.questions) != len(questions) + 1:
        return None
    made = next(q for q in done.questions if q.key not in {one.key for one in questions})
    here = done.questions.index(made)
    twin = done.questions[here + 1] if here + 1 < len(done.questions) else None
    same = twin is not None and replace(made, key=twin.key) == twin
    return replace(done, questions=questions, place=twin.key if twin else "") if same else None


def check_ready(questions: Questions) -> None:
    """Raise Invalid where nobody can be asked this.

    Raises:
        Invalid: there is no question, or the condition of one cannot stand.
    """
    logic.refuse(logic.faults(questions))
    if all(question.type in ASIDE for question in asked(questions)):
        raise Invalid(N_("还没有题目。至少要有一道题，才能开放。"))


def _saved(questions: Questions, edit: Edit, published: Sequence[Questions]) -> Edited:
    if edit.card is None or (edit.place == NEW and edit.act == "remove"):
        return Edited(questions, edit.place)
    card = _acted(edit.card, edit)
    if edit.place == NEW:
        return _saved_new(questions, edit, card, published)
    here = _index(questions, edit.place)
    try:
        made = filled(questions[here], card, questions, published)
    except Faulty:
        if edit.act != "remove":
            raise
        made = questions[here]
    return Edited((*questions[:here], made, *questions[here + 1 :]), edit.place)


def _saved_new(
    questions: Questions, edit: Edit, card: Card, published: Sequence[Questions]
) -> Edited:
    if is_untouched(card) and edit.act not in {"", "save"}:
        return Edited(questions)
    if card.type not in KINDS:
        raise Invalid(N_("没有这种题型。"))
    key = _new_key(questions, published)
    around = _after(questions, edit.after, blank(key, card.type))
    made = filled(around[_index(around, key)], card, around, published)
    return Edited(_after(questions, edit.after, made), key)


def _new_key(questions: Questions, published: Sequence[Questions]) -> str:
    return next_key([q.key for version in (questions, *published) for q in version])


def _acted(card: Card, edit: Edit) -> Card:
    """The card after an act on one of its choices or rows."""
    part, _sep, act = edit.act.partition("-")
    if part not in {"choice", "row"}:
        return card
    if act == "restore":
        return replace(card, back=f"{part}-{edit.on}")
    lines = list(card.choices if part == "choice" else card.rows)
    here = next((n for n, line in enumerate(lines) if line.key == edit.on), None)
    if here is None:
        return card
    line = lines.pop(here)
    if act in _STEPS:
        lines.insert(max(0, here + _STEPS[act]), line)
    moved = tuple(lines)
    return replace(card, choices=moved) if part == "choice" else replace(card, rows=moved)


# Acts on the list


Act = Callable[[Edited, Edit, Sequence[Questions]], Edited]


def _stay(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    return saved


def _open(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    known = {question.key for question in saved.questions if not question.off}
    return replace(saved, place=edit.on if edit.on in {*known, HEAD} else "")


def _add(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    if edit.on not in KINDS:
        raise Invalid(N_("没有这种题型。"))
    after = (saved.place or edit.after) if edit.to == NEW else edit.to
    return replace(saved, place=NEW, type=edit.on, after=after)


def _copy(saved: Edited, edit: Edit, published: Sequence[Questions]) -> Edited:
    if not saved.place:
        return saved
    key = _new_key(saved.questions, published)
    one = saved.questions[_index(saved.questions, saved.place)]
    copied = _after(saved.questions, one.key, replace(one, key=key))
    return replace(saved, questions=copied, place=key)


def _remove(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    if edit.place in {NEW, HEAD, ""}:
        return replace(saved, place="")
    here = _index(saved.questions, edit.place)
    return Edited(_switched(saved.questions, here, off=True), gone=edit.place)


def _restore(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    here = _index(saved.questions, edit.on)
    return Edited(_switched(saved.questions, here, off=False), edit.on)


def _switched(questions: Questions, here: int, *, off: bool) -> Questions:
    return (*questions[:here], replace(questions[here], off=off), *questions[here + 1 :])


def _up(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    return replace(saved, questions=moved(saved.questions, saved.place, -1))


def _down(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    return replace(saved, questions=moved(saved.questions, saved.place, 1))


def _to(saved: Edited, edit: Edit, _published: Sequence[Questions]) -> Edited:
    if not (edit.to.isascii() and edit.to.isdigit() and 1 <= int(edit.to[:6]) <= MOST_QUESTIONS):
        raise Invalid(N_("“移到第几题”请填数字，比如 3。"))
    return replace(saved, questions=moved_to(saved.questions, saved.place, int(edit.to)))


def _purge(saved: Edited, edit: Edit, published: Sequence[Questions]) -> Edited:
    return replace(saved, questions=purged(saved.questions, published))


_ACTS: Mapping[str, Act] = {
    "open": _open,
    "add": _add,
    "copy": _copy,
    "remove": _remove,
    "restore": _restore,
    "up": _up,
    "down": _down,
    "to": _to,
    "purge": _purge,
}


def moved(questions: Questions, key: str, step: int) -> Questions:
    """The questions with the one of `key` moved up (-1) or down (1); at the end it stays.

    Those that were taken away do not count as neighbours.
    """
    order = list(questions)
    shown = [n for n, question in enumerate(order) if not question.off]
    here = next((n for n in shown if order[n].key == key), None)
    if here is not None and 0 <= shown.index(here) + step < len(shown):
        there = shown[shown.index(here) + step]
        order.insert(there, order.pop(here))
    return tuple(order)


def moved_to(questions: Questions, key: str, number: int) -> Questions:
    """The questions with the one of `key` as number `number` of those that are asked.

    A note goes before the question of that number. Beyond the last it goes to the end.
    """
    one = questions[_index(questions, key)]
    others = [question for question in questions if question.key != key]
    counted = [q for q in others if not q.off and q.type not in ASIDE]
    here = others.index(counted[number - 1]) if number <= len(counted) else len(others)
    return (*others[:here], one, *others[here:])


def purged(questions: Questions, published: Sequence[Questions]) -> Questions:
    """Without what was taken away and never asked: nobody's answer speaks of it."""
    held = {q.key: q for version in published for q in version}
    kept = (q for q in questions if not q.off or q.key in held)
    return tuple(
        replace(
            question,
            choices=_kept(question.choices, [q.choices for q in _named(published, question.key)]),
            rows=_kept(question.rows, [q.rows for q in _named(published, question.key)]),
        )
        for question in kept
    )


def _named(published: Sequence[Questions], key: str) -> list[Question]:
    return [q for version in published for q in version if q.key == key]


def _kept(choices: tuple[Choice, ...], held: Sequence[tuple[Choice, ...]]) -> tuple[Choice, ...]:
    keys = {choice.key for version in held for choice in version}
    return tuple(choice for choice in choices if not choice.off or choice.key in keys)


def _after(questions: Questions, key: str, one: Question) -> Questions:
    """With `one` after the question of `key`; at the end where there is none of it."""
    here = next((n for n, q in enumerate(questions, 1) if q.key == key), len(questions))
    return (*questions[:here], one, *questions[here:])


def _index(questions: Questions, key: str) -> int:
    for n, question in enumerate(questions):
        if question.key == key:
            return n
    raise Refused(N_("这一题刚才被别人去掉了。您打的字都还在，存一次就另加一题。"))
