"""Every address of the application, read from it, so that no test can forget a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

#: What stands in for each kind of thing that an address names.
ARGUMENTS = {"uuid": "0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d", "name": "story"}
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def knocks(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Give every address with every method it answers, but for our files."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            if rule.endpoint != "static":
                yield rule, method


def changing(app: Flask) -> list[tuple[Rule, str]]:
    """List the addresses with each method that may change something."""
    return [(rule, method) for rule, method in knocks(app) if method not in READING]


def path_of(app: Flask, rule: Rule, **given: Any) -> str:
    """Write an address, with an example for each thing it names, or what is `given`."""
    values = {
        name: 1 if is_number(rule, name) else ARGUMENTS.get(name, "1") for name in rule.arguments
    }
    return str(app.url_map.bind("localhost").build(rule.endpoint, values | given))


def is_number(rule: Rule, name: str) -> bool:
    """Say whether an argument of an address must be a whole number."""
    return type(rule._converters[name]).__name__ == "IntegerConverter"


class Reached:
    """Notes which views were run, and keeps them from running where they are `shut`."""

    def __init__(self, app: Flask, *, shut: bool) -> None:
        self.names: list[str] = []
        for endpoint, view in app.view_functions.items():
            if endpoint != "static":
                app.view_functions[endpoint] = self._noted(endpoint, view, shut)

    def _noted(self, endpoint: str, view: Callable[..., Any], shut: bool) -> Callable[..., Any]:
        def note(**values: Any) -> Any:
            self.names.append(endpoint)
            return "reached" if shut else view(**values)

        note.__dict__.update(view.__dict__)
        return note
