"""What the code imports is named in setup.cfg, and what setup.cfg names is locked, by hash."""

from __future__ import annotations

import ast
import configparser
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("analysis", "datasette_plugins", "forms", "par_toolkit")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def requirements(section: str, option: str) -> list[Requirement]:
    """Read one list of requirements from setup.cfg."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return [Requirement(line) for line in settings[section][option].split("\n") if line]


def lock(name: str) -> str:
    """Read one lock file."""
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", ROOMS)
def test_every_library_that_a_room_imports_is_named(room: str) -> None:
    """A library that only comes along with another may be gone after that one's next release."""
    named = {canonicalize_name(each.name) for each in requirements("options", "install_requires")}
    modules = set().union(*(imports(path) for path in (ROOT / room).rglob("*.py")))
    distributions = packages_distributions()
    libraries = {
        canonicalize_name(distributions[module][0])
        for module in modules - set(sys.stdlib_module_names) - set(ROOMS)
    }
    assert libraries - named == set()


def imports(path: Path) -> set[str]:
    """List the modules that a file imports, by the first part of their names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize(
    ("name", "section", "option"),
    [
        ("run", "options", "install_requires"),
        ("test", "options", "install_requires"),
        ("test", "options.extras_require", "test"),
    ],
)
def test_locks_are_in_step_with_setup_cfg(name: str, section: str, option: str) -> None:
    pins = dict(PIN.findall(lock(name)))
    wanted = requirements(section, option)
    assert wanted
    off = [str(each) for each in wanted if not each.specifier.contains(pins[each.name.lower()])]
    assert off == [], "run: python requirements/renew.py"


def test_both_commands_use_the_same_versions() -> None:
    """The second lock adds to the first: testing does not change what the demo runs on."""
    assert set(PIN.findall(lock("run"))) < set(PIN.findall(lock("test")))


@pytest.mark.parametrize("name", ["run", "test", "names"])
def test_every_package_has_a_hash(name: str) -> None:
    packages = re.split(r"\n(?=[a-z0-9])", lock(name))[1:]
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
