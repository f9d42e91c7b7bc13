"""The libraries that tablets are sent are the ones named beside them, byte for byte."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "par_toolkit" / "web" / "static" / "vendor"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
HASHES = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", README, re.M)}
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.js"))


def test_every_file_is_the_one_in_the_list() -> None:
    found = {path.name for path in FOLDER.iterdir()} - {"README.md"}
    assert found == set(HASHES), "run: python tools/vendor.py"
    changed = [
        name
        for name, digest in HASHES.items()
        if hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest
    ]
    assert not changed, f"edited by hand? {changed}"


def test_versions_are_pinned_and_their_packages_hashed() -> None:
    source = ROOT / "tools" / "vendor"
    wanted = json.loads((source / "package.json").read_text(encoding="utf-8"))
    pinned = wanted["dependencies"] | wanted["devDependencies"]
    locked = json.loads((source / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in pinned.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned"
        assert locked[f"node_modules/{name}"]["version"] == version
        assert f"{name} {version}" in README
    packages = {name: each for name, each in locked.items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_library_keeps_to_our_rules_and_comes_with_its_licence(name: str) -> None:
    code = (FOLDER / name).read_text(encoding="utf-8")
    # The pages' rules allow neither, and nothing is fetched from elsewhere.
    assert not re.search(r"\beval\(|new Function|WebAssembly|\bfetch\(|importScripts", code)
    assert not re.search(r"""(\bfrom|\bimport\(?)\s*["']""", code)
    licence = (FOLDER / name.replace(".js", ".LICENSE.txt")).read_text(encoding="utf-8")
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}` |"))
    for package in re.findall(r"(@?[a-z/-]+) \d+\.\d+\.\d+", row):
        assert f"{package} " in licence


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_whole_licence_is_there_and_goes_with_ours(name: str) -> None:
    """Each package with who holds the right to it and what is allowed, as its lock names it."""
    text = (FOLDER / name.replace(".js", ".LICENSE.txt")).read_text(encoding="utf-8")
    lock = (ROOT / "tools" / "vendor" / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(lock)["packages"]
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}` |"))
    made_of = re.findall(r"(@?[a-z/-]+) (\d+\.\d+\.\d+)", row)
    assert text.count("Copyright") >= len(made_of)
    for package, version in made_of:
        begins = text.index(f"{package} {version}\n")
        own = text[begins : begins + 2500]
        assert re.search(r"Permission (is hereby granted|to use)|Redistribution and use", own), (
            package
        )
        licences = set(re.split(r" OR | AND |[()]", locked[f"node_modules/{package}"]["license"]))
        assert licences & {"MIT", "ISC", "BSD-3-Clause", "Apache-2.0"}, package


def strange(path: Path) -> bool:
    """Say whether a file looks like one that was not written here: packed, or no text of ours."""
    if path.suffix not in {".js", ".css", ".svg", ".png"}:
        return path.suffix in {".woff", ".woff2", ".ttf", ".otf", ".wasm", ".map", ".mjs"}
    if path.suffix in {".svg", ".png"}:
        return False
    return max(map(len, path.read_text(encoding="utf-8").splitlines()), default=0) > 400


def test_nothing_of_others_lies_among_our_own_files(tmp_path: Path) -> None:
    places = (ROOT / "par_toolkit", ROOT / "datasette_plugins", ROOT / "forms", ROOT / "analysis")
    found = [
        path.relative_to(ROOT).as_posix()
        for place in places
        for path in sorted(place.rglob("*"))
        if path.is_file() and FOLDER not in path.parents and strange(path)
    ]
    assert found == []
    assert all(strange(FOLDER / name) for name in SCRIPTS)  # it sees what is packed
    (tmp_path / "font.woff2").touch()
    assert strange(tmp_path / "font.woff2")


def test_what_seals_is_small() -> None:
    """At most 60 KB over the line (design: capture)."""
    assert len(gzip.compress((FOLDER / "age.js").read_bytes())) < 60_000
