"""Arrows run one way: what a room may import, and where SQL may stand (ARCHITECTURE.md).

It reads the source and imports nothing. An import inside a function counts like any other. What
counts as SQL is a text in the code that begins as a statement of SQLite does; one that is put
together from pieces, or runs under another name, is not seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAR = "par_toolkit"

#: room -> the rooms it may know beside itself; a room that is not named here may know every room.
KNOWS = {
    "analysis": (),
    "forms": (),
    "datasette_plugins": (),
    f"{PAR}/inquiry": (),
    f"{PAR}/storage": (f"{PAR}/inquiry",),
    f"{PAR}/publishing": (f"{PAR}/inquiry", f"{PAR}/storage", "analysis", "forms"),
    f"{PAR}/importing": (f"{PAR}/inquiry", f"{PAR}/storage", "forms"),
    f"{PAR}/keeping": (
        *(f"{PAR}/{folder}" for folder in ("inquiry", "storage", "publishing")),
        f"{PAR}/sealing.py",
    ),
    f"{PAR}/exporting": (
        *(f"{PAR}/{folder}" for folder in ("inquiry", "storage", "publishing", "keeping")),
        *(f"{PAR}/sealing.py", "analysis", "forms"),
    ),
    f"{PAR}/reporting": (f"{PAR}/inquiry", f"{PAR}/storage", f"{PAR}/publishing"),
    f"{PAR}/coding": (f"{PAR}/storage", f"{PAR}/importing", "analysis", "forms"),
    f"{PAR}/web": (
        *(
            f"{PAR}/{folder}"
            for folder in "inquiry storage publishing coding reporting exporting".split()
        ),
        *(
            f"{PAR}/{name}.py"
            for name in (
                *"paper permissions reviewing run_reports sealing".split(),
                *"theming tone_errors wording".split(),
            )
        ),
        *("analysis", "forms"),
    ),
    f"{PAR}/serving": (
        *(f"{PAR}/{folder}" for folder in ("inquiry", "storage", "publishing", "web")),
        "datasette_plugins",
    ),
}
#: In the web, these places know nothing of one another; what two of them need stands beside them
#: (`handling` for those on which people work), and knows none of them. Only the app knows all.
PLACES = ("circles", "desk")
#: room -> libraries it must not know.
NEVER = {
    "analysis": {"flask", "datasette", "sqlite3", "sqlite_utils"},
    "forms": {"datasette", "sqlite3", "sqlite_utils"},
    "datasette_plugins": {"flask", "sqlite_utils"},
    f"{PAR}/inquiry": {"flask", "datasette", "sqlite3", "sqlite_utils"},
    f"{PAR}/storage": {"flask", "datasette"},
    f"{PAR}/publishing": {"flask", "datasette"},
    f"{PAR}/exporting": {"flask", "datasette", "sqlite3", "sqlite_utils"},
    f"{PAR}/reporting": {"flask", "datasette", "sqlite3", "sqlite_utils"},
    f"{PAR}/web": {"datasette", "sqlite3", "sqlite_utils"},
}
SQL_ROOMS = (f"{PAR}/storage", f"{PAR}/publishing", "datasette_plugins")
SQL = re.compile(
    r"\s*(select\s.+\sfrom|insert\s+(or\s+\w+\s+)?into|update\s+\w+\s+set|delete\s+from|"
    r"(create|drop|alter)\s+(table|view|index|trigger)|pragma\s+\w|vacuum\b|begin\s+immediate)",
    re.DOTALL,
)
MODULES = [
    path.relative_to(ROOT)
    for top in ("analysis", "forms", "datasette_plugins", PAR)
    for path in sorted((ROOT / top).rglob("*.py"))
]


def room_of(module: Path) -> str:
    """Return the room a module is in: a top folder, a folder of par_toolkit, or a file there."""
    return "/".join(module.parts[: 2 if module.parts[0] == PAR else 1])


def imported(module: Path, tree: ast.Module) -> Iterator[str]:
    """Give the dotted names that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.parts[: len(module.parts) - node.level] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room_named(dotted: str) -> str | None:
    """Return the room that an imported name is in; None for a library or the bare par_toolkit."""
    first, *rest = dotted.split(".")
    if first != PAR:
        return first if (ROOT / first / "__init__.py").exists() else None
    if rest and (ROOT / PAR / rest[0]).is_dir():
        return f"{PAR}/{rest[0]}"
    return f"{PAR}/{rest[0]}.py" if rest and (ROOT / PAR / f"{rest[0]}.py").exists() else None


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_arrow_runs_the_way_the_architecture_says(module: Path) -> None:
    room = room_of(module)
    names = list(imported(module, ast.parse((ROOT / module).read_text("utf-8"))))
    rooms = {found for name in names if (found := room_named(name)) not in (None, room)}
    if room in KNOWS:
        assert rooms <= set(KNOWS[room])
    assert not {name.split(".")[0] for name in names} & NEVER.get(room, set())


def test_places_of_the_web_know_nothing_of_one_another() -> None:
    web = Path(PAR) / "web"
    for module in (one for one in MODULES if web in one.parents and one != web / "app.py"):
        names = imported(module, ast.parse((ROOT / module).read_text("utf-8")))
        places = {place for name in names for place in PLACES if place_named(name, place)}
        assert places <= {module.parts[2]}, module


def place_named(dotted: str, place: str) -> bool:
    """Say whether an imported name is in a place of the web."""
    return f"{dotted}.".startswith(f"{PAR}.web.{place}.")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_sql_stands_only_where_databases_are(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert room_of(module) in SQL_ROOMS or not [text for text in texts if SQL.match(text)]


def test_the_rules_see_what_they_are_for() -> None:
    """Both readers find a wrong arrow and a statement, however they are written."""
    module = Path(PAR) / "storage" / "example.py"
    tree = ast.parse("def f():\n    from ..web import app\nimport flask.views\nfrom forms import x")
    assert [room_named(name) for name in imported(module, tree)] == [None, "forms", f"{PAR}/web"]
    assert place_named(f"{PAR}.web.desk", "desk") and place_named(f"{PAR}.web.desk.x", "desk")
    assert not place_named(f"{PAR}.web.desks", "desk")
    assert SQL.match("\n  select id from stories") and SQL.match("pragma quick_check")
    assert not SQL.match("Select some words first.") and not SQL.match("update the page")
