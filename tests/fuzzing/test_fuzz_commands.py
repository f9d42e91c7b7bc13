"""Every command with made-up options and arguments: an answer in a sentence, and no traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import click.testing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit.cli import COMMANDS, main
from par_toolkit.commands import refusals
from par_toolkit.inquiry import Inquiry
from par_toolkit.serving import server
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept
from tests.web.test_web_api import CODE

#: Calls in CI, and in the long run.
FEW, MANY = 60, 10_000
#: Makes a whole example each time; the tests of the demo try its options.
NOT_TRIED = {"demo"}
#: No system hands a program a NUL; a byte that is no text comes as half a letter, as in ODD.
TYPED = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ODD = (
    *("", " ", "-", "--", "0", "-1", "1", "7", "9" * 30, "1e9", "nan", "en", "xx", "all", "auto"),
    *("../x", "a/../../x", "nowhere/at/all", ".", "\x01", "a\nb", "\u202eevil", "ï" * 300),
    *("%s%n{0}", "'; drop table stories; --", "=1+1", "🏴", "\udcff", "12345678901234567890"),
)
#: Made in the folder that commands are run in.
FILES = ("words.csv", "empty.csv", "no.zip", "settings.toml", "secret.txt", "folder")


def commands(group: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give each command that can be run, with the words that call it."""
    if isinstance(group, click.Group) or group is main:
        context = click.Context(group)
        for each in group.list_commands(context):
            if each not in NOT_TRIED:
                yield from commands(group.get_command(context, each), (*name, each))
    else:
        yield name, group


ALL = sorted(commands(main), key=lambda one: one[0])


def value_for(parameter: click.Parameter) -> st.SearchStrategy[str]:
    """Return what may be typed for an option or an argument, rightly or not."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return st.sampled_from([*map(str, kind.choices), *ODD])
    if isinstance(kind, click.Path | click.File):
        return st.sampled_from([*FILES, *ODD])
    return st.sampled_from([*ODD, CODE, "telling=words", "Made-up Mara", "1"]) | st.text(
        max_size=20
    )


@st.composite
def calls(draw: st.DrawFn) -> list[str]:
    """Write one call of one command."""
    name, command = draw(st.sampled_from(ALL))
    words = list(name)
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            # nargs is -1 where there may be many
            few = 2 if parameter.nargs == -1 else 1
            for _ in range(draw(st.integers(0 if draw(st.integers(0, 4)) == 0 else 1, few))):
                words.append(draw(value_for(parameter)))
        elif parameter.name != "help" and draw(st.integers(0, 2 if parameter.required else 4)) == (
            draw(st.integers(0, 1)) if not parameter.required else 0
        ):
            words.append(draw(st.sampled_from(parameter.opts)))
            if not getattr(parameter, "is_flag", False) and parameter.opts:
                words.append(draw(value_for(parameter)))
    return words


@pytest.fixture
def place(
    inquiry: Inquiry,
    db: PrivateDatabase,
    tell: Callable[..., Kept],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Make an inquiry with a story in it, and files of several kinds beside it."""
    people.add(db, "Made-up Mara", "steward")
    tell("The well is open again.", receipt=CODE)
    db.close()
    work = tmp_path / "work"
    (work / "folder").mkdir(parents=True)
    (work / "words.csv").write_text("words,group\nThe bus stopped.,residents\n", "utf-8")
    (work / "empty.csv").write_bytes(b"")
    (work / "no.zip").write_bytes(b"PK\x03\x04nothing")
    (work / "settings.toml").write_text("[inquiry]\nname = 1\n", "utf-8")
    (work / "secret.txt").write_text("four made up words\n", "utf-8")
    monkeypatch.chdir(work)
    monkeypatch.delenv("PAR_PASSPHRASE", raising=False)
    monkeypatch.setattr(server._Server, "run", lambda self, sockets: None)
    # People are told of a fault of ours in a sentence as well; here it must be seen.
    monkeypatch.setattr(refusals, "_fault", lambda error: None)
    return inquiry.folder


def run(place: Path, words: list[str]) -> click.testing.Result:
    """Run one command on a fresh copy of the inquiry, with nobody at the keyboard."""
    folder = place.with_name("copy")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(place, folder)
    call = ["--inquiry", str(folder), *words]
    return click.testing.CliRunner().invoke(main, call, input="", prog_name="par")


def looked_at(result: click.testing.Result) -> None:
    """Fail where a command ended other than in 0, 1 or 2, or in anything but sentences."""
    fault = result.exception
    assert fault is None or isinstance(fault, SystemExit), repr(fault)
    assert result.exit_code in (0, 1, 2)
    said = result.output + result.stderr
    assert "Traceback" not in said
    assert result.exit_code == 0 or said.strip(), "nobody is told why"


def tried(place: Path, times: int) -> None:
    """Run so many calls."""

    @settings(max_examples=times, deadline=None, suppress_health_check=list(HealthCheck))
    @given(words=calls())
    def call(words: list[str]) -> None:
        looked_at(run(place, words))

    call()


def test_promise_16_no_made_up_call_of_a_command_ends_in_a_traceback(place: Path) -> None:
    tried(place, FEW)


@pytest.mark.long
def test_promise_16_no_made_up_call_of_a_command_ends_in_a_traceback_long(place: Path) -> None:
    tried(place, MANY)


def test_every_command_is_tried_and_its_help_reads(place: Path) -> None:
    assert {name[0] for name, _ in ALL} == set(COMMANDS) - NOT_TRIED
    for name, _ in ALL:
        result = run(place, [*name, "--help"])
        assert result.exit_code == 0 and "Usage: par" in result.output


def test_a_command_that_stumbles_is_seen(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at(run(place, ["people", "list"]))

    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(people, "listing", stumble)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        looked_at(run(place, ["people", "list"]))
