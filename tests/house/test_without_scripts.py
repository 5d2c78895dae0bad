"""Whatever a script does on a page, a form or a link does as well.

(The whole path of a wish is walked without scripts in `tests/browser/test_path.py`.)
"""

from collections import Counter
from typing import Any

import pytest
from lxml import html

from tests.house.grounds import Grounds

SENDS = ("hx-post", "hx-put", "hx-patch", "hx-delete")


def dead_without_scripts(source: str) -> list[str]:
    """What of a page does nothing where no script runs, and yet is shown."""
    tree = html.fromstring(source)
    for closed in tree.cssselect("dialog:not([open])"):
        closed.drop_tree()
    found = [_say(e) for e in tree.cssselect("button:not([hidden])") if not _belongs(e, tree)]
    found += [_say(e) for e in tree.cssselect("button[type=button]:not([hidden])")]
    found += [_say(e) for e in tree.cssselect("a:not([href])")]
    for name in SENDS:
        found += [_say(e) for e in tree.cssselect(f"[{name}]") if not _belongs(e, tree)]
    return found


def _belongs(element: Any, tree: Any) -> bool:
    """Whether it is a form with an address, or stands in one."""
    if named := element.get("form"):
        forms = tree.cssselect(f"form[id='{named}']")
    else:
        forms = [one for one in (element, *element.iterancestors()) if one.tag == "form"]
    return bool(forms) and bool(forms[0].get("action")) and bool(forms[0].get("method"))


def _say(element: Any) -> str:
    return f"{element.tag} {' '.join(element.text_content().split())[:30]}"


@pytest.mark.parametrize("who", ["resident", "organizer"])
def test_nothing_that_is_shown_needs_a_script(demo_house: Grounds, who: str) -> None:
    visitor, found = demo_house.visitor(who), {}
    for address in set(demo_house.pages()) - {"/desk/styleguide"}:  # its buttons are only shown
        answer = visitor.get(address, follow_redirects=True)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            source = answer.get_data(as_text=True)
            if "<!doctype" in source[:200].lower() and (dead := dead_without_scripts(source)):
                found[address] = dead
        answer.close()
    assert found == {}


def test_what_is_not_sent_yet_is_kept_for_one_form_alone(demo_house: Grounds) -> None:
    """`static/unsent.js` tells the forms of a page apart by their address and their `data-of`."""
    visitor, alike = demo_house.visitor("organizer"), {}
    for address in (a for a in set(demo_house.pages()) if a.startswith("/desk")):
        answer = visitor.get(address, follow_redirects=True)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            tree = html.fromstring(answer.get_data(as_text=True))
            forms = [form for form in tree.cssselect("main form[method=post]") if _is_written(form)]
            names = Counter((form.get("action"), form.get("data-of")) for form in forms)
            if shared := [name for name, times in names.items() if times > 1]:
                alike[address] = shared
        answer.close()
    assert alike == {}


def _is_written(form: Any) -> bool:
    """Whether there is something in it that is kept."""
    fields = "textarea, input:not([type]), " + ", ".join(
        f"input[type={kind}]" for kind in ("text", "date", "datetime-local", "number")
    )
    return bool(form.cssselect(fields))


def test_what_needs_a_script_would_be_found() -> None:
    assert dead_without_scripts("<p><button>A</button><a>B</a><i hx-post='/x'>C</i></p>") == [
        "button A",
        "a B",
        "i C",
    ]
    assert dead_without_scripts("<form method=post action=/x><button>A</button></form>") == []
