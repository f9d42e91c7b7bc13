"""`par` and passphrases: an inquiry made with one, given one, opened, changed, and come back to."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest

from par_toolkit.cli import main
from par_toolkit.storage.vault import opening, wrapping
from tests.encrypted import OTHER, PASSPHRASE, holding

CANARY = "Kanarienvogel"
Result = click.testing.Result


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases less than in earnest, and know none from outside."""
    monkeypatch.setattr(wrapping, "COST", 10)
    monkeypatch.delenv("PAR_PASSPHRASE", raising=False)


def forget_all() -> None:
    """Forget every key, as a program does that ends."""
    opening._held.clear()
    opening._read.clear()


class Par:
    """Runs `par` as if each command were a program of its own: none remembers a passphrase."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = place / "inquiry"

    def __call__(
        self,
        *arguments: object,
        phrase: str | None = PASSPHRASE,
        code: int = 0,
        said: str = "",
        folder: Path | None = None,
        typed: str | None = None,
    ) -> str:
        """Run a command and return all that it says; it must end with `code` and say `said`."""
        folder = folder or self.folder
        forget_all()
        words = ["--inquiry", str(folder), *map(str, arguments)]
        ways = {"PAR_PASSPHRASE": phrase} if phrase else {}
        result = click.testing.CliRunner().invoke(main, words, env=ways, input=typed)
        assert result.exit_code == code, f"{words}\n{result.output}\n{result.exception!r}"
        assert said in result.output, result.output
        return result.output

    def tell(self, name: str, *words: str) -> None:
        """Bring in stories from a CSV file that lies elsewhere."""
        file = self.place / f"{name}.csv"
        with file.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([["telling"], *([word] for word in words)])
        self("import", file, "--form", "story", "--map", "telling=telling", "--consent", "analyse")
        file.unlink()

    def stories(self, **more: Any) -> str:
        """Export the stories and return what the file says."""
        out = self.place / f"out-{len(list(self.place.glob('out-*')))}"
        self("export", "--format", "csv", "--out", out, **more)
        return "\n".join(path.read_text("utf-8") for path in sorted(out.rglob("*.csv")))


@pytest.fixture
def par(tmp_path: Path) -> Par:
    return Par(tmp_path)


@pytest.fixture
def made(par: Par, tmp_path: Path) -> Callable[..., Par]:
    """Hand out `made()` and `made(encrypted=False)`, which make an inquiry."""

    def make(encrypted: bool = True) -> Par:
        naming = ("--name", "Care", "--locality", "Exampleton")
        par("init", *naming, *(["--passphrase"] if encrypted else []))
        return par

    return make


def test_a_new_inquiry_is_encrypted_from_its_first_word_on(
    made: Callable[..., Par], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    par = made()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    par.tell("first", f"The {CANARY} sang in the ward. " * 40)
    par("people", "add", CANARY, "--role", "steward")
    par("backup")
    for place in (par.folder, tmp_path / "tmp"):
        for encoding in ("utf-8", "utf-16-le"):
            assert holding(place, CANARY.encode(encoding)) == []
    par("check", said="open with the passphrase only")
    assert CANARY in par.stories()
    (par.folder / "planted").write_text(CANARY)
    assert holding(par.folder, CANARY.encode()) == ["planted"]  # it does look


def test_every_command_asks_once_and_refuses_what_does_not_open_it(
    made: Callable[..., Par], tmp_path: Path
) -> None:
    par = made()
    par("people", "list", phrase=None, code=1, said="No passphrase was given")
    par("people", "list", phrase=OTHER, code=1, said="This passphrase does not open the inquiry")
    par(
        "people", "list", phrase=None, typed=f"{PASSPHRASE}\n", said="The passphrase of the inquiry"
    )
    par("people", "--help", phrase=None)
    file = tmp_path / "words.txt"
    file.write_text(f"{PASSPHRASE}\nanother line\n", encoding="utf-8")
    forget_all()
    words = ["--inquiry", str(par.folder), "--passphrase-file", str(file), "people", "list"]
    assert click.testing.CliRunner().invoke(main, words).exit_code == 0
    wrapping.path_in(par.folder).unlink()
    par("people", "list", code=1, said="is missing or cannot be read. Put it back from a backup")


def test_an_inquiry_is_encrypted_later_and_plain_again(made: Callable[..., Par]) -> None:
    par = made(encrypted=False)
    par.tell("first", CANARY)
    par("backup")
    par("check", said="There is no passphrase")
    assert holding(par.folder, CANARY.encode()) == ["private.db"]  # backups are packed
    par("encrypt", phrase="too short", code=1, said="at least 12 characters")
    par("encrypt", phrase=None, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n", said="is encrypted now")
    assert holding(par.folder, CANARY.encode()) == []
    par("check", code=1, said="anybody can read 1 of the backups")
    par("encrypt", "--forget-backups", "--yes", said="This inquiry is encrypted.")
    par("backup")
    par("check", said="open with the passphrase only")
    par("check", said="the passphrase of its day is all that keeps its stories closed")
    par("verify")
    assert CANARY in par.stories()
    par("encrypt", "--off", code=1, said="nothing was changed")
    par("encrypt", "--off", phrase=OTHER, code=1, said="does not open")
    par("encrypt", "--off", "--yes", said="no longer encrypted")
    par("check", phrase=None, said="There is no passphrase")
    assert holding(par.folder, CANARY.encode()) == ["private.db"]
    par("encrypt", "--off", "--yes", phrase=None, said="not encrypted. Nothing was changed")


def test_another_passphrase(made: Callable[..., Par], tmp_path: Path) -> None:
    par = made()
    par("passphrase", typed="short\nshort\n", code=1, said="at least 12 characters")
    par("passphrase", phrase=OTHER, typed=f"{OTHER}\n{OTHER}\n", code=1, said="does not open")
    par("passphrase", typed=f"{OTHER}\n{OTHER}\n", said="The passphrase is changed")
    par("verify", code=1, said="does not open")
    par("verify", phrase=OTHER)
    file = tmp_path / "new.txt"
    file.write_text(PASSPHRASE)
    par("passphrase", "--new-passphrase-file", file, phrase=OTHER)
    par("verify")
    par("encrypt", "--off", "--yes")
    par("passphrase", code=1, said="not encrypted")


def newest(par: Par) -> Path:
    return max((par.folder / "backups").glob("*.par"))


def test_a_backup_comes_back_under_the_passphrase_of_today(
    made: Callable[..., Par], tmp_path: Path
) -> None:
    par = made()
    par.tell("first", CANARY)
    par("backup")
    backup = newest(par)
    par("passphrase", typed=f"{OTHER}\n{OTHER}\n")
    par("restore", backup, "--yes", phrase=OTHER)
    par("verify", code=1, said="does not open")
    assert CANARY in par.stories(phrase=OTHER)
    elsewhere = tmp_path / "elsewhere"
    par("restore", backup, "--yes", phrase=OTHER, folder=elsewhere, code=1, said="does not open")
    par("restore", backup, "--yes", folder=elsewhere)
    par("verify", folder=elsewhere)
    assert holding(elsewhere, CANARY.encode()) == []


def test_a_backup_in_the_clear_comes_back_encrypted(made: Callable[..., Par]) -> None:
    par = made(encrypted=False)
    par.tell("first", CANARY)
    par("backup")
    backup = newest(par)
    par("encrypt")
    par("restore", backup, "--yes", phrase=None, code=1, said="No passphrase was given")
    par("restore", backup, "--yes")
    assert holding(par.folder, CANARY.encode()) == []
    assert CANARY in par.stories()
    par("backup")
    par("encrypt", "--off", "--yes")
    par("restore", newest(par), "--yes", code=1, said="is not. Run par encrypt there first")
    par("encrypt", phrase=OTHER)  # another key, and another passphrase
    sealed = newest(par)
    par("restore", sealed, "--yes", phrase=OTHER, code=1, said="does not open")


def test_a_lost_key_comes_back_from_a_backup(made: Callable[..., Par]) -> None:
    par = made()
    par.tell("first", CANARY)
    par("backup")
    wrapping.path_in(par.folder).unlink()
    par("verify", code=1, said="Put it back from a backup")
    par("restore", newest(par), "--yes")
    assert CANARY in par.stories()
    par("verify")
