"""What is built from a checkout works by itself: nothing that the software reads is left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import par_toolkit

INFO = f"par_toolkit-{par_toolkit.__version__}.dist-info"
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("analysis", "datasette_plugins", "forms", "par_toolkit")
SOURCES = (*PACKAGES, "LICENSE", "MANIFEST.in", "README.md", "pyproject.toml", "requirements")


def package_files() -> set[str]:
    """List the files of the four packages in the checkout, as paths from its top."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def run(*command: str | Path, cwd: Path) -> str:
    """Run `command` away from the checkout and return what it printed; fail with all of it."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PAR"))
    }
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, without asking the network for anything."""
    source = tmp_path_factory.mktemp("source")
    for name in (*SOURCES, "setup.cfg"):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-index"]
    run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", ".", cwd=source)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone in a new environment that borrows its dependencies from this one."""
    home = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=home)
    python = home / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=home)
    # A folder named in a .pth file is searched last, and .pth files inside it are not read: the
    # checkout's own editable install cannot get in front of the wheel.
    (packages,) = (home / "env").rglob("site-packages")
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def demo(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the example inquiry with the installed `par`."""
    home = tmp_path_factory.mktemp("demo")
    run(python.with_name("par"), "demo", "--no-serve", "--folder", home / "example", cwd=home)
    return home / "example"


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert package_files() - held == set(), "name these kinds of files in setup.cfg, package_data"


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {*PACKAGES, INFO}


@pytest.mark.parametrize(
    "catalogue",
    [
        "par_toolkit/web/translations/fr/LC_MESSAGES/messages.mo",
        "datasette_plugins/translations/fr/LC_MESSAGES/findings.mo",
    ],
)
def test_the_wheel_carries_compiled_translations(wheel: Path, catalogue: str) -> None:
    assert zipfile.ZipFile(wheel).read(catalogue)[:4] in (b"\xde\x12\x04\x95", b"\x95\x04\x12\xde")


def test_the_wheel_states_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{INFO}/METADATA").decode("utf-8")
        licence = archive.read(f"{INFO}/licenses/LICENSE").decode("utf-8")
    assert HeaderParser().parsestr(metadata)["License-Expression"] == "Apache-2.0"
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_what_is_installed_is_the_wheel(python: Path) -> None:
    for package in PACKAGES:
        found = run(python, "-c", f"import {package} as p; print(p.__path__[0])", cwd=python.parent)
        assert Path(found.strip()).is_relative_to(python.parents[1])


def test_par_says_what_it_can_do(python: Path) -> None:
    assert "demo" in run(python.with_name("par"), "--help", cwd=python.parent)


def test_par_makes_the_example_inquiry(demo: Path) -> None:
    build = (demo / "findings" / "current").read_text(encoding="utf-8").strip()
    assert (demo / "findings" / build).is_file()


def test_the_pages_speak_both_languages(python: Path, demo: Path) -> None:
    """Templates, forms, static files and translations are found where the wheel puts them."""
    script = (
        "import json, sys; from par_toolkit.web.app import create_app;"
        "client = create_app(sys.argv[1]).test_client();"
        "print(json.dumps([client.get('/tell/story?lang=' + code).text for code in ('en', 'fr')]))"
    )
    english, french = json.loads(run(python, "-c", script, demo, cwd=demo))
    assert '<html lang="en"' in english
    assert "What happened?" in english
    assert '<html lang="fr"' in french
    assert "What happened?" not in french


def test_datasette_finds_the_plugin(python: Path) -> None:
    listed = json.loads(run(python, "-m", "datasette", "plugins", cwd=python.parent))
    (ours,) = [plugin for plugin in listed if plugin["name"] == "par-toolkit"]
    assert "register_routes" in ours["hooks"]
