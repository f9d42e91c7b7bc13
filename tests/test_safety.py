"""Our own code, read for what is unsafe: by bandit, and for how SQL is put together."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("analysis", "datasette_plugins", "forms", "par_toolkit", "tools", "run.py")
SETTINGS = ROOT / "pyproject.toml"


def found_by_bandit(*paths: Path) -> list[str]:
    """Return what bandit finds, with our settings, as `file:line test` and a sentence."""
    asked = ["--quiet", "--recursive", "--format", "json", "--configfile", str(SETTINGS)]
    command = [sys.executable, "-m", "bandit", *asked, *(str(path) for path in paths)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    told = json.loads(done.stdout)
    assert told["errors"] == [] and len(told["metrics"]) > 1, done.stderr
    return [
        f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}"
        for one in told["results"]
    ]


def test_bandit_finds_nothing_that_is_not_explained() -> None:
    assert found_by_bandit(*(ROOT / room for room in ROOMS)) == []


def test_bandit_sees_what_is_unsafe(tmp_path: Path) -> None:
    unsafe = {
        "subprocess.run('ls ' + name, shell=True)": "B602",
        "os.system(name)": "B605",
        "eval(name)": "B307",
        "pickle.loads(name)": "B301",
        "yaml.load(name)": "B506",
        "hashlib.md5(name)": "B324",
        "markupsafe.Markup(name)": "B704",
        "tempfile.mktemp()": "B306",
    }
    names = "hashlib markupsafe os pickle subprocess tempfile yaml".split()
    lines = [*(f"import {name}" for name in names), *unsafe, ""]
    (tmp_path / "unsafe.py").write_text("\n".join(lines), "utf-8")
    found = " ".join(found_by_bandit(tmp_path / "unsafe.py"))
    for number, test in enumerate(unsafe.values(), len(names) + 1):
        assert f":{number} {test} " in found


# --- SQL ---------------------------------------------------------------------------------------

BEGINNINGS = (
    "select insert update delete with create drop alter pragma attach detach vacuum".split()
)
#: Calls whose first argument is SQL, wherever it was put together.
NAMES = {
    "names of tables and columns, from our own lists or from what the database says of itself": {
        *("table", "table.name", "column", "columns", "index", "of", "name", "other", "schema"),
        *("trigger['name']", "names", "first", "last", "words", "those", "here", "places"),
        *("', '.join(columns)", "', '.join((f':{column}' for column in columns))", "given"),
        *("stretch", "step", "order", "others", "emptied", "which", "values"),
    },
    "pieces of SQL of our own": {"query", "found", "KEPT_ROWS.get(table, 'true')"},
    "columns of our own lists, one under another": {"',\\n           '.join(rows)"},
    "the key of an encrypted file, for which SQLite has no parameter": {"literal(key)"},
    "numbers of our own": {"READER_SECONDS * 1000", "WAIT_SECONDS * 1000", "version"},
}
ALLOWED = {name for names in NAMES.values() for name in names}


def pieces(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the line and the source of each thing that is put into a text of SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
            if is_sql(text):
                for one in node.values:
                    if isinstance(one, ast.FormattedValue):
                        yield node.lineno, ast.unparse(one.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            left, right = node.left, node.right
            for text, other in ((left, right), (right, left)):
                if isinstance(text, ast.Constant) and is_sql(text.value):
                    yield node.lineno, ast.unparse(other)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "format_map", "join")
            and isinstance(node.func.value, ast.Constant)
            and is_sql(node.func.value.value)
        ):
            yield node.lineno, ast.unparse(node)


def is_sql(text: object) -> bool:
    """Say whether a text begins as a statement of SQL does."""
    return isinstance(text, str) and next(iter(text.lower().split()), "") in BEGINNINGS


def is_constant(piece: str) -> bool:
    """Say whether a name, or what is looked up in one, is of what never changes in a module."""
    return re.fullmatch(r"(\w+\.)?_?[A-Z][A-Z_]*(\[\w+\])?", piece) is not None


def not_allowed(source: str) -> list[str]:
    """List what is put into SQL and is neither a constant nor explained above."""
    return [
        f"line {line}: {piece}"
        for line, piece in pieces(ast.parse(source))
        if not is_constant(piece) and piece not in ALLOWED
    ]


def test_sql_is_put_together_from_names_of_our_own_and_no_values() -> None:
    found = {}
    for room in ("datasette_plugins", "par_toolkit/publishing", "par_toolkit/storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if wrong := not_allowed(path.read_text("utf-8")):
                found[str(path.relative_to(ROOT))] = wrong
    assert found == {}, "give values as named parameters; explain a name of our own in this file"


@pytest.mark.parametrize(
    "line",
    [
        "db.rows(f'select * from stories where title = {title}')",
        'db.rows(f"""\n  delete from stories where id = \'{story_id}\'""")',
        "db.rows('select * from stories where id = ' + request.args['id'])",
        "db.rows('select * from stories where id = %s' % story_id)",
        "db.rows('select * from {}'.format(where))",
    ],
)
def test_a_value_in_sql_is_seen(line: str) -> None:
    assert not_allowed(line)
    assert not_allowed("db.rows('select * from stories where id = :id', {'id': story_id})") == []
