"""What we are made of is listed, under licences that go with ours, as the lock files say today."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import pytest

from tools import audit, sbom

#: Licences with which a program under Apache-2.0 may be handed on beside these packages.
GOES_WITH_OURS = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"),
    *("MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "Zlib"),
}
PINS = audit.pins((sbom.REQUIREMENTS / f"{name}.lock").read_text("utf-8") for name in sbom.LOCKS)


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    """Read the list as it stands in docs/."""
    found: dict[str, Any] = json.loads(sbom.LIST.read_text("utf-8"))
    return found


def test_the_list_is_that_of_the_locks() -> None:
    assert sbom.LIST.read_text("utf-8") == sbom.made(), "run: python tools/sbom.py"


def test_it_names_every_locked_package_and_every_file_for_browsers(listed: dict[str, Any]) -> None:
    """Read from the locks in another way than the list is made."""
    purls = {part["purl"] for part in listed["components"] if part["type"] == "library"}
    assert purls == {f"pkg:pypi/{name}@{version}" for name, version in PINS}
    files = {part["name"] for part in listed["components"] if part["type"] == "file"}
    assert files == {path.relative_to(sbom.ROOT).as_posix() for path in sbom.VENDOR.glob("*.js")}
    inside = [one for part in listed["components"] for one in part.get("components", ())]
    assert {"age-encryption", "idb", "qr"} <= {one["name"] for one in inside}


def test_what_runs_is_told_from_what_only_tests(listed: dict[str, Any]) -> None:
    scopes = {part["name"]: part["scope"] for part in listed["components"]}
    assert (scopes["flask"], scopes["pytest"], scopes["pip-audit"]) == (
        *("required", "excluded", "excluded"),
    )
    needs = {one["ref"]: one["dependsOn"] for one in listed["dependencies"]}
    assert any(ref.startswith("pkg:pypi/werkzeug@") for ref in needs[_ref(listed, "flask")])
    ours = needs[sbom.OURSELVES]
    assert not any(ref.startswith("pkg:pypi/pytest@") for ref in ours)
    known = {part["bom-ref"] for part in listed["components"]} | {sbom.OURSELVES}
    assert {ref for refs in needs.values() for ref in refs} <= known


def _ref(listed: dict[str, Any], name: str) -> str:
    return next(part["bom-ref"] for part in listed["components"] if part["name"] == name)


def alternatives(expression: str) -> list[set[str]]:
    """Read an SPDX expression of ANDs and ORs without brackets: one set of ids for each OR."""
    assert "(" not in expression
    return [set(one.split(" AND ")) for one in expression.split(" OR ")]


def test_every_package_is_under_a_licence_that_goes_with_ours() -> None:
    under = sbom.licences()
    assert set(under) == {name for name, _ in PINS}, "write them in requirements/licences.csv"
    wrong = {
        name: expression
        for name, expression in under.items()
        if not any(one <= GOES_WITH_OURS for one in alternatives(expression))
    }
    assert wrong == {}
    assert list(under) == sorted(under)


def test_a_licence_that_does_not_go_with_ours_is_seen() -> None:
    for expression in ("AGPL-3.0-only", "MIT AND GPL-3.0-only", "SSPL-1.0 OR BUSL-1.1"):
        assert not any(one <= GOES_WITH_OURS for one in alternatives(expression))
    assert any(one <= GOES_WITH_OURS for one in alternatives("GPL-3.0-only OR MIT"))


@pytest.mark.parametrize(("name", "expression"), sbom.licences().items())
def test_the_licence_is_the_one_that_the_package_names_itself(name: str, expression: str) -> None:
    """Where it is installed here and says so in the form of today; a new release may change it."""
    try:
        said = metadata(name).get("License-Expression")
    except PackageNotFoundError:
        return
    assert said is None or re.sub(r"\s+", " ", said) == expression


def test_a_package_without_a_licence_cannot_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "licences", lambda: {"flask": "BSD-3-Clause"})
    with pytest.raises(KeyError):
        sbom.made()
