"""Names, passwords, and where one may be led after signing in."""

import pytest

from surveys.accounts import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Duty  ", "duty"),
        ("ＤＵＴＹ０１", "duty01"),
        ("社区值班", "社区值班"),
        ("du\x00ty", "du ty"),
        ("\u202eduty", "duty"),
    ],
)
def test_a_name_is_kept_as_anybody_would_type_it(typed: str, kept: str) -> None:
    assert rules.sign_in_name(typed) == kept


@pytest.mark.parametrize("name", ["duty", "社区值班", "li.na-2", "a_b"])
def test_plain_names_will_do(name: str) -> None:
    assert rules.name_fault(name) is None


@pytest.mark.parametrize("name", ["", "x", "two words", "a/b", "<b>", "n" * 61])
def test_other_names_are_refused(name: str) -> None:
    assert rules.name_fault(name)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short 123", "太短"),
        ("x1y2z3" * 40, "太长"),
        ("Duty-of-the-day", "登录名"),
        ("1111122222", "同样"),
    ],
)
def test_a_weak_password_is_named_so(password: str, word: str) -> None:
    assert word in (rules.password_fault(password, "duty-of-the-day") or "")


def test_ten_signs_are_enough_whatever_they_are() -> None:
    assert rules.password_fault("小板凳坐一坐说说话吧", "duty") is None


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "javascript:alert(1)",
        "/desk/\r\nSet-Cookie: a=b",
    ],
)
def test_signing_in_leads_to_no_other_site(typed: str | None) -> None:
    assert rules.own_path(typed) == "/desk/"


def test_signing_in_leads_back_to_the_page_asked_for() -> None:
    assert rules.own_path("/desk/courtyard/abc/audit?page=2") == "/desk/courtyard/abc/audit?page=2"
    assert (
        rules.own_path("/desk/courtyard/abc/needs?q=x#all") == "/desk/courtyard/abc/needs?q=x#all"
    )
