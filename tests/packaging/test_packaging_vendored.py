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


def test_what_seals_is_small() -> None:
    """At most 60 KB over the line (design: capture)."""
    assert len(gzip.compress((FOLDER / "age.js").read_bytes())) < 60_000
