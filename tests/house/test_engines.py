"""Nothing of ours is newer than Chrome 87 where an old phone would miss it."""

from pathlib import Path

import pytest

from surveys.config import ROOT
from tests.house.engines import in_script, in_style

STYLES = sorted((ROOT / "static").glob("*.css"))
SCRIPTS = sorted((ROOT / "static").glob("*.js"))
HARMLESS = {
    "property accent-color": "a ticked box is blue instead of red",
    "property -webkit-text-size-adjust": "it is for iPhones",
    "property text-wrap": "without it a heading breaks where it happens to",
    "value text-wrap balance": "the same",
    "media forced-colors": "an engine without the setting has nobody who set it",
}
"""what an old engine does without, and what people then see"""


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_a_style_holds_nothing_that_an_old_engine_would_miss(path: Path) -> None:
    assert set(in_style(path.read_text("utf-8"))) - HARMLESS.keys() == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_script_holds_nothing_that_an_old_engine_would_stumble_over(path: Path) -> None:
    assert in_script(path.read_text("utf-8")) == []


def test_what_is_called_harmless_is_still_used() -> None:
    told = {fault for path in STYLES for fault in in_style(path.read_text("utf-8"))}
    assert HARMLESS.keys() <= told


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("a { aspect-ratio: 1 }", "property aspect-ratio"),
        ("a { colour: red }", "property colour"),
        ("a { height: 100dvh }", "unit dvh"),
        ("a { overflow: clip }", "value overflow clip"),
        ("a { all: revert-layer }", "value * revert-layer"),
        ("a { color: color-mix(in srgb, red, blue) }", "function color-mix"),
        ("a { width: calc(sin(1) * 2px) }", "function sin"),
        ("a { --ink: oklch(1 0 0) }", "function oklch"),
        ("a:has(b) { top: 0 }", "selector has"),
        ("a:is(b, c) { top: 0 }", "selector is"),
        ("a:not(b, c) { top: 0 }", "selector not with a list"),
        ("a { top: 0; b & { top: 1px } }", "selector nesting"),
        ("@layer one { a { top: 0 } }", "at-rule layer"),
        ("@container (width > 3px) { a { top: 0 } }", "at-rule container"),
        ("@media (width >= 600px) { a { top: 0 } }", "media range"),
        ("@media print { a { aspect-ratio: 1 } }", "property aspect-ratio"),
        ("@page { @bottom-center { content: counter(page) } }", "at-rule bottom-center"),
        ("a { height: 100dvh; height: 100vh }", "unit dvh"),
    ],
)
def test_what_is_too_new_in_a_style_is_found(style: str, fault: str) -> None:
    assert fault in in_style(style)


@pytest.mark.parametrize(
    "style",
    [
        "a { height: 100vh; height: 100dvh }",
        "a { -webkit-print-color-adjust: exact; print-color-adjust: exact }",
        "a { outline: 1px solid; text-decoration-thickness: 1px }",
        "@supports (aspect-ratio: 1) { a { aspect-ratio: 1 } }",
        "a:not(b):focus-visible::before { inset: 0; --any: thing; width: min(1rem, 50%) }",
        "@page whole { size: A4; margin: 0 }",
    ],
)
def test_what_is_old_enough_or_has_a_fallback_passes(style: str) -> None:
    assert in_style(style) == []


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("[1].at(-1)", "name at"),
        ("const copy = structuredClone({});", "name structuredClone"),
        ("Object.hasOwn(a, 'b')", "name hasOwn"),
        ("const { toSorted } = [];", None),
        ("[].toSorted()", "name toSorted"),
        ("class A { static { this.b = 1; } }", "syntax class_static_block"),
        ("await go();", "syntax top-level await"),
        ("class A { #a; has(b) { return #a in b; } }", "syntax private in"),
        ("/a/v.test(b)", "syntax regex flag v"),
        ("/(?i:a)/.test(b)", "syntax regex (?i:"),
        ("document.querySelector('a:has(b)')", "selector has"),
        ("a.addEventListener('scrollend', go)", "event scrollend"),
        ("a.showPopover()", "name showPopover"),
        ("navigator.share({})", None),
        ("if (", "not a script"),
        ("const f = (a) => a?.b ?? 1; words.dataset.at = 1; const at = 2; go(at);", None),
    ],
)
def test_what_is_too_new_in_a_script_is_found(script: str, fault: str | None) -> None:
    found = in_script(script)
    assert fault in found if fault else "name at" not in found
