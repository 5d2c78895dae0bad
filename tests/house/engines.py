"""Reads a style or a script as an old engine does, and names what that has never heard of."""

import json
import re
from collections.abc import Iterator
from typing import Any

import tinycss2
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from tests.house.since import NEVER, OLDEST, TABLE

SINCE = json.loads(TABLE.read_text("utf-8"))
STYLE: dict[str, dict[str, int]] = SINCE["style"]
SCRIPT: dict[str, dict[str, int]] = SINCE["script"]
JAVASCRIPT = Parser(Language(tree_sitter_javascript.language()))
SCOPES = {"arrow_function", "function_declaration", "function_expression", "method_definition"}


def too_new(table: dict[str, int], name: str, what: str, *, unknown: bool = True) -> Iterator[str]:
    """The name, where no engine of ours has it; also where nobody has ever heard of it."""
    if table.get(name, NEVER if unknown else 0) > OLDEST:
        yield f"{what} {name}"


def in_style(source: str) -> list[str]:
    """What of a stylesheet an old engine would pass over, without a fallback before it.

    A fallback is an earlier declaration of the same property in the same rule, with the engine's
    prefix or not, or `@supports`. A media query that is not understood hides what is in it.
    """
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    return [fault for rule in rules for fault in _rule(rule, page=False)]


def _rule(rule: Any, *, page: bool) -> Iterator[str]:
    if rule.type == "error":
        yield f"not a style: {rule.message}"
    elif rule.type == "qualified-rule":
        yield from _selectors(rule.prelude)
        yield from _block(rule.content, page=page, inside=True)
    elif rule.type == "at-rule":
        name = rule.lower_at_keyword
        yield from too_new(STYLE["at-rules"], name, "at-rule")
        passed_over = list(_media(rule.prelude)) if name == "media" else []
        yield from passed_over
        if name != "supports" and not passed_over and rule.content is not None:
            yield from _block(rule.content, page=name == "page", inside=False)


def _block(content: Any, *, page: bool, inside: bool) -> Iterator[str]:
    good: set[str] = set()
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            if inside and part.type == "qualified-rule":
                yield from too_new(STYLE["selectors"], "nesting", "selector")
            yield from _rule(part, page=page)
            continue
        faults = list(_declaration(part, page=page))
        if not faults:
            good.add(part.lower_name.removeprefix("-webkit-"))
        elif part.lower_name not in good:
            yield from faults


def _declaration(part: Any, *, page: bool) -> Iterator[str]:
    name = part.lower_name
    if part.name.startswith("--"):
        yield from _values(part.value, "--")
    elif page and name in STYLE["of a page"]:
        yield from too_new(STYLE["of a page"], name, "property")
    else:
        yield from too_new(STYLE["properties"], name, "property")
        yield from _values(part.value, name)


def _values(tokens: Any, name: str) -> Iterator[str]:
    for token in tokens:
        if token.type == "ident":
            for of in (name, "*"):
                yield from too_new(
                    STYLE["values"], f"{of} {token.lower_value}", "value", unknown=False
                )
        elif token.type == "dimension":
            yield from too_new(STYLE["units"], token.lower_unit, "unit", unknown=False)
        elif token.type == "function":
            known = f"{name} {token.lower_name}" in STYLE["values"]
            yield from too_new(STYLE["functions"], token.lower_name, "function", unknown=known)
            yield from _values(token.arguments, name)


def _media(prelude: Any) -> Iterator[str]:
    for block in (token for token in prelude if token.type == "() block"):
        words = [token.lower_value for token in block.content if token.type == "ident"]
        feature = re.sub(r"^(min|max)-", "", words[0])
        yield from too_new(STYLE["media"], feature, "media")
        if any(token.type == "literal" and token.value in "<>=" for token in block.content):
            yield from too_new(STYLE["media"], "range", "media")


def _selectors(tokens: Any) -> Iterator[str]:
    before = None
    for token in tokens:
        if token == "&":
            yield from too_new(STYLE["selectors"], "nesting", "selector")
        if before == ":" and token.type == "ident":
            yield from too_new(STYLE["selectors"], token.lower_value, "selector")
        if before == ":" and token.type == "function":
            yield from too_new(STYLE["selectors"], token.lower_name, "selector")
            yield from _within(token)
        before = token


def _within(function: Any) -> Iterator[str]:
    name = function.lower_name
    if name == "not" and any(token == "," for token in function.arguments):
        yield from too_new(STYLE["selectors"], "not with a list", "selector")
    if any(t.type == "ident" and t.value == "of" for t in function.arguments):
        yield from too_new(STYLE["selectors"], "nth-child of", "selector")
    if not name.startswith("nth"):
        yield from _selectors(function.arguments)


def in_script(source: str) -> list[str]:
    """What of a script an old engine would stumble over, by kinds of nodes and by names."""
    root = JAVASCRIPT.parse(source.encode()).root_node
    nodes = list(_all(root))
    own = {_text(node) for node in nodes if _declares(node)}
    theirs = set(re.findall(r"const (\w+) = [\w.()]*\.dataset;", source)) | {"dataset", "htmx"}
    faults = ["not a script"] if root.has_error else []
    for node in nodes:
        faults += [fault for kind in _kinds(node) for fault in _syntax(kind)]
        if node.type == "string_fragment":
            faults += list(_string(node))
        elif not _is_ours(node, own, theirs):
            faults += too_new(SCRIPT["names"], _text(node), "name", unknown=False)
    return faults


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _declares(node: Node) -> bool:
    """Whether this word is a name that the script itself gives to something."""
    above = node.parent
    if above is None or node.type not in {"identifier", "shorthand_property_identifier_pattern"}:
        return False
    if above.type in {"variable_declarator", "function_declaration"}:
        return above.child_by_field_name("name") == node
    if above.type == "arrow_function":
        return above.child_by_field_name("parameter") == node
    return above.type in {"formal_parameters", "array_pattern"}


def _is_ours(node: Node, own: set[str], theirs: set[str]) -> bool:
    """Whether this is no word, or one of the script's own, of `data-` attributes, or of htmx."""
    if node.type == "identifier":
        return _text(node) in own
    if node.type == "property_identifier" and node.parent is not None:
        of = node.parent.child_by_field_name("object")
        if node.parent.type != "member_expression" or of is None:
            return True  # the key of an object
        return _text(of).split(".")[-1] in theirs
    return node.type != "shorthand_property_identifier_pattern"


def _kinds(node: Node) -> Iterator[str]:
    yield node.type
    if node.type == "regex_pattern":
        text = _text(node)
        yield from (f"regex {sign}" for sign in ("(?i:", "(?<=") if sign in text)
        if re.search(r"\(\?<[A-Za-z]", text):
            yield "regex (?<name>"
    elif node.type == "regex_flags":
        yield from (f"regex flag {flag}" for flag in _text(node))
    elif node.type == "await_expression" and not _is_inside(node, SCOPES):
        yield "top-level await"
    elif _text(node).startswith("#") and node.type == "binary_expression":
        yield "private in"


def _is_inside(node: Node, kinds: set[str]) -> bool:
    above = node.parent
    return above is not None and (above.type in kinds or _is_inside(above, kinds))


def _syntax(kind: str) -> Iterator[str]:
    return too_new(SCRIPT["syntax"], kind, "syntax", unknown=False)


def _string(node: Node) -> Iterator[str]:
    """A selector that is searched for, or the name of something that is listened for."""
    for pseudo in re.findall(r"::?([a-z-]+)", _text(node)):
        yield from too_new(STYLE["selectors"], pseudo, "selector", unknown=False)
    call = node.parent.parent.parent if node.parent and node.parent.parent else None
    called = call.child_by_field_name("function") if call else None
    if called is not None and _text(called).endswith("addEventListener"):
        yield from too_new(SCRIPT["events"], _text(node), "event", unknown=False)
