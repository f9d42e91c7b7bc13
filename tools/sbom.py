"""Write docs/sbom.json, the list of all that par-toolkit is made of: `tools/sbom.py [--check]`.

It is in the form of CycloneDX 1.6, made from the lock files, requirements/licences.csv and the
libraries in static/vendor. Nothing is asked of a network, and the same files give the same list.
With --check nothing is written: it says whether the list is up to date.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

ROOT: Final = Path(__file__).resolve().parents[1]
REQUIREMENTS: Final = ROOT / "requirements"
LIST: Final = ROOT / "docs" / "sbom.json"
VENDOR: Final = ROOT / "par_toolkit" / "web" / "static" / "vendor"
#: What runs comes first; what is only needed to test or to audit is marked as not part of it.
LOCKS: Final = ("run", "test", "audit")
OURSELVES: Final = "par-toolkit"
_BLOCK: Final = re.compile(r"^(?=[a-z0-9][a-z0-9._-]*==)", re.MULTILINE)
_PIN: Final = re.compile(r"([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)(?: ; ([^\\\n]+))?")
_VIA: Final = re.compile(r"^    #(?: via)?   *([a-z0-9][a-z0-9._-]*|-r \S+)", re.MULTILINE)

Part = dict[str, Any]


def main() -> int:
    """Write the list; with --check return 1 where it is not up to date."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = options.parse_args().check
    text = made()
    if check:
        same = LIST.is_file() and LIST.read_text("utf-8") == text
        print("It is up to date." if same else "Out of date: python tools/sbom.py")
        return 0 if same else 1
    LIST.write_text(text, "utf-8")
    print(f"Wrote {LIST.relative_to(ROOT)}.")
    return 0


def made() -> str:
    """Return the list as the files are now. Raises KeyError for a package without a licence."""
    libraries, needs = _libraries()
    us = {
        "type": "application",
        "bom-ref": OURSELVES,
        "name": OURSELVES,
        "version": _version(),
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    everything = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": us},
        "components": [*libraries, *_vendored()],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs) if needs[ref]
        ],
    }
    return json.dumps(everything, indent=1, ensure_ascii=False) + "\n"


def licences() -> dict[str, str]:
    """Read which licence each package is under: name -> SPDX expression."""
    with (REQUIREMENTS / "licences.csv").open(encoding="utf-8", newline="") as file:
        return {row["package"]: row["licence"] for row in csv.DictReader(file)}


def _version() -> str:
    text = (ROOT / "par_toolkit" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    assert found, "par_toolkit/__init__.py names no version"
    return found[1]


def _libraries() -> tuple[list[Part], dict[str, set[str]]]:
    """Return the Python packages of all locks, and which of them each one needs."""
    under = licences()
    found: dict[tuple[str, str], Part] = {}
    needed_by: dict[str, set[str]] = {}
    for lock in LOCKS:
        text = (REQUIREMENTS / f"{lock}.lock").read_text("utf-8")
        for name, version, marker, via in _packages(text):
            part = found.setdefault(
                (name, version), _library(name, version, marker, under[name], lock)
            )
            part["properties"][0]["value"] += f" {lock}" if lock not in _locks(part) else ""
            # what we need ourselves is what runs; the other locks name us for their tools too
            needed_by.setdefault(name, set()).update(via if lock == LOCKS[0] else via - {OURSELVES})
    refs: dict[str, set[str]] = {OURSELVES: {OURSELVES}}
    for (name, _version), part in found.items():
        refs.setdefault(name, set()).add(part["bom-ref"])
    needs: dict[str, set[str]] = {ref: set() for of in refs.values() for ref in of}
    for name, dependants in needed_by.items():
        for one in dependants & set(refs):
            for ref in refs[one]:
                needs[ref] |= refs[name]
    return [found[key] for key in sorted(found)], needs


def _locks(part: Part) -> list[str]:
    return str(part["properties"][0]["value"]).split()


def _packages(text: str) -> Iterator[tuple[str, str, str, set[str]]]:
    """Give each package of a lock: name, version, the systems it is for, and what needs it."""
    for block in _BLOCK.split(text)[1:]:
        pin = _PIN.match(block)
        assert pin, block
        via = {OURSELVES if one.startswith("-r ") else one for one in _VIA.findall(block)}
        yield pin[1], pin[2], (pin[3] or "").strip(), via


def _library(name: str, version: str, marker: str, licence: str, lock: str) -> Part:
    purl = f"pkg:pypi/{name}@{version}"
    properties = [{"name": "par-toolkit:locks", "value": lock}]
    if marker:
        properties.append({"name": "par-toolkit:only-where", "value": marker})
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "scope": "required" if lock == LOCKS[0] else "excluded",
        "licenses": [_licence(licence)],
        "purl": purl,
        "properties": properties,
    }


def _licence(expression: str) -> Part:
    if " " in expression:
        return {"expression": expression}
    return {"license": {"id": expression}}


def _vendored() -> Iterator[Part]:
    """Give each file that browsers are sent, with the packages it was built from."""
    locked = json.loads((ROOT / "tools" / "vendor" / "package-lock.json").read_text("utf-8"))
    readme = (VENDOR / "README.md").read_text("utf-8")
    for file, made_of in re.findall(
        r"^\| `(\S+\.js)` \| [^|]* \| ([^|]*) \|", readme, re.MULTILINE
    ):
        path = VENDOR / file
        place = path.relative_to(ROOT).as_posix()
        yield {
            "type": "file",
            "bom-ref": place,
            "name": place,
            "scope": "required",
            "hashes": [
                {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
            ],
            "components": [_npm(each.strip(), locked["packages"]) for each in made_of.split(",")],
        }


def _npm(named: str, locked: Mapping[str, Any]) -> Part:
    name, _, version = named.rpartition(" ")
    entry = locked[f"node_modules/{name}"]
    assert entry["version"] == version, f"{name}: README and package-lock.json differ"
    group, _, bare = name.rpartition("/")
    purl = f"pkg:npm/{quote(group, safe='') + '/' if group else ''}{bare}@{version}"
    part: Part = {"type": "library", "name": bare, "version": version, "purl": purl}
    if group:
        part["group"] = group
    return part | {"licenses": [_licence(entry["license"].strip("()"))]}


if __name__ == "__main__":
    sys.exit(main())
