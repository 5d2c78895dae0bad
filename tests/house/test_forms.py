"""What forms object to is said in the reader's words, whatever nonsense is typed into them."""

import importlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm

from surveys.base.forms import Form
from surveys.config import ROOT

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
NONSENSE = ["", " ", "没有", "长" * 5_000, "\u202e", "9" * 40, "-1", "2026-13-45T99:99", "\x00"]
STIFF = re.compile("字段|有效的")
"""how the library itself would say it, where nobody said it better"""


BASES = (FlaskForm, Form)


def forms() -> Iterator[type[FlaskForm]]:
    """Every form of the product."""
    for path in sorted((ROOT / "surveys").glob("*/*forms.py")):
        module = importlib.import_module(f"surveys.{path.parent.name}.{path.stem}")
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, FlaskForm) and thing not in BASES:
                yield thing


def typed_into(app: Flask, form: type[FlaskForm], nonsense: str) -> list[str]:
    """What the form says when this is typed into every field of it."""
    with app.test_request_context("/"):
        names = [field.short_name for field in form()]
    with app.test_request_context("/", method="POST", data=dict.fromkeys(names, nonsense)):
        filled = form()
        for field in filled:
            if hasattr(field, "choices") and field.choices is None:
                field.choices = [("one", "One")]
        filled.validate()
        return [str(said) for field in filled for said in field.errors]


@pytest.mark.parametrize("form", dict.fromkeys(forms()), ids=lambda form: form.__name__)
def test_what_a_form_objects_to_is_said_in_chinese(
    app: Flask, monkeypatch: pytest.MonkeyPatch, form: type[FlaskForm]
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    wrong = set()
    for nonsense in NONSENSE:
        for said in typed_into(app, form, nonsense):
            if LATIN.search(said) or STIFF.search(said) or not HAN.search(said):
                wrong.add(said)
    assert wrong == set()
