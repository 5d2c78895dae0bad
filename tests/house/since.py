"""Boils MDN's browser-compat-data (CC0) down to what our own styles and scripts are read against.

Run it when a style or a script uses a name that `since.json` has never heard of:

    npm pack @mdn/browser-compat-data && tar xzf mdn-browser-compat-data-*.tgz
    .venv/bin/python -m tests.house.since package/data.json
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("since.json")
OLDEST = 87
"""the Chrome inside the WeChat of a phone that is some years old"""
NEVER = 999
"""a version for what no Chrome has"""
GROUPS = {
    "viewport_percentage_units_small": "svw svh svi svb svmin svmax",
    "viewport_percentage_units_large": "lvw lvh lvi lvb lvmin lvmax",
    "viewport_percentage_units_dynamic": "dvw dvh dvi dvb dvmin dvmax",
    "container_query_length_units": "cqw cqh cqi cqb cqmin cqmax",
}
"""units that the data holds under one name"""
SYNTAX = {
    "class_static_block": "classes.static.initialization_blocks",
    "private in": "classes.private_class_fields_in",
    "top-level await": "operators.await.top_level",
    "using_declaration": "statements.using",
    "import_attribute": "statements.import.import_attributes",
    "optional_chain": "operators.optional_chaining",
    "??": "operators.nullish_coalescing",
    "??=": "operators.nullish_coalescing_assignment",
    "||=": "operators.logical_or_assignment",
    "&&=": "operators.logical_and_assignment",
    "field_definition": "classes.public_class_fields",
    "private_property_identifier": "classes.private_class_methods",
    "regex (?i:": "regular_expressions.modifier",
    "regex (?<=": "regular_expressions.lookbehind_assertion",
    "regex (?<name>": "regular_expressions.named_capturing_group",
    "regex flag d": "builtins.RegExp.hasIndices",
    "regex flag v": "builtins.RegExp.unicodeSets",
    "regex flag s": "builtins.RegExp.dotAll",
}
"""kinds of nodes of a parsed script, and where the data speaks of them"""


def since(entry: dict[str, Any]) -> int:
    """The first version of Chrome, on desks and on Android, that has this as it stands written.

    What it had in part before it had it whole counts from then (an outline was square at first).
    """
    support = entry.get("__compat", {}).get("support", {})
    return max((_first(support.get(name, [])) for name in ("chrome", "chrome_android")), default=0)


def _first(statements: Any, prefix: str | None = None) -> int:
    told = statements if isinstance(statements, list) else [statements]
    whole = [
        one["version_added"]
        for one in told
        if one.get("prefix") == prefix
        and not {"flags", "alternative_name"} & {*one}
        and ("version_removed" not in one or "partial_implementation" in one)
    ]
    return min((_number(version) for version in whole), default=NEVER)


def _number(version: object) -> int:
    digits = str(version).removeprefix("≤").split(".")[0]
    return int(digits) if digits.isdigit() else NEVER


def below(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The features right below one that are names in a style or a script."""
    for name, entry in node.items():
        if "_" not in name and "__compat" in entry:
            yield name, entry


def styles(css: dict[str, Any]) -> dict[str, dict[str, int]]:
    """What a style may be made of: everything known with its version; of values what is newer."""
    properties = dict(below(css["properties"]))
    known = {name: since(entry) for name, entry in properties.items()}
    for name, entry in properties.items():
        prefixed = _first(entry["__compat"]["support"]["chrome"], "-webkit-")
        if prefixed < NEVER:
            known[f"-webkit-{name}"] = prefixed
    values = {
        f"{name} {value}": since(held)
        for name, entry in properties.items()
        for value, held in below(entry)
    }
    values |= {f"* {name}": since(e) for name, e in below(css["types"]["global_keywords"])}
    page = css["at-rules"]["page"]
    rules = dict(below(css["at-rules"])) | {
        name.removeprefix("at_"): entry for name, entry in page.items() if name.startswith("at_")
    }
    selectors = {name: since(entry) for name, entry in below(css["selectors"])}
    selectors["not with a list"] = since(css["selectors"]["not"]["selector_list"])
    selectors["nth-child of"] = since(css["selectors"]["nth-child"]["of_syntax"])
    media = {name: since(entry) for name, entry in below(css["at-rules"]["media"])}
    media["range"] = since(css["at-rules"]["media"]["range_syntax"])
    return {
        "properties": known,
        "of a page": {name: since(entry) for name, entry in below(page)},
        "values": newer(values),
        "functions": _functions(css["types"]),
        "units": newer(_units(css["types"]["length"])),
        "at-rules": {name: since(entry) for name, entry in rules.items()},
        "media": media,
        "selectors": selectors,
    }


def _functions(types: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, entry in below(types):
        found[name] = since(entry)
        for inner, version in _functions(entry).items():
            found.setdefault(inner, version)
    return found


def _units(length: dict[str, Any]) -> dict[str, int]:
    found = {name: since(entry) for name, entry in below(length)}
    for group, names in GROUPS.items():
        found |= dict.fromkeys(names.split(), since(length[group]))
    return found


def scripts(data: dict[str, Any]) -> dict[str, dict[str, int]]:
    """What a script may be made of: kinds of nodes, and newer names.

    A script does not say what a name is a member of: one counts as old where anything has it so.
    """
    names: dict[str, int] = {}
    events: dict[str, int] = {}
    for owner, entry in [*data["javascript"]["builtins"].items(), *data["api"].items()]:
        if owner == "__compat":
            continue
        _least(names, owner, since(entry))
        for member, held in entry.items():
            if member.endswith("_event"):
                _least(events, member.removesuffix("_event"), since(held))
            elif "_" not in member.removesuffix("_static"):
                _least(names, member.removesuffix("_static"), since(held))
    syntax = {kind: since(_at(data["javascript"], path)) for kind, path in SYNTAX.items()}
    return {"syntax": syntax, "names": newer(names), "events": newer(events)}


def _least(found: dict[str, int], name: str, version: int) -> None:
    found[name] = min(version, found.get(name, NEVER))


def _at(data: dict[str, Any], path: str) -> dict[str, Any]:
    for name in path.split("."):
        data = data[name]
    return data


def newer(found: dict[str, int]) -> dict[str, int]:
    """Only what the oldest engine that we serve does not have."""
    return {name: version for name, version in found.items() if version > OLDEST}


def main() -> None:
    """Write the table anew."""
    data = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    table = {
        "source": f"MDN browser-compat-data {data['__meta']['version']}, CC0-1.0",
        "style": styles(data["css"]),
        "script": scripts(data),
    }
    TABLE.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
