"""Which templates take part in a page."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask


@contextmanager
def noting(app: Flask) -> Iterator[set[str]]:
    """The names of all templates that are asked for from now on."""
    used: set[str] = set()
    ways = {name: getattr(app.jinja_env, name) for name in ("get_template", "select_template")}

    def noted(name: str) -> object:
        def find(*asked: object, **more: object) -> object:
            found = ways[name](*asked, **more)
            used.add(found.name)
            return found

        return find

    for name in ways:
        setattr(app.jinja_env, name, noted(name))
    try:
        yield used
    finally:
        for name, way in ways.items():
            setattr(app.jinja_env, name, way)
