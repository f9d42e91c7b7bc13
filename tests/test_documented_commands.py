"""What the guides tell people exists: every command, option, setting and link in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib import resources
from pathlib import Path

import click
import pytest

from par_toolkit.cli import COMMANDS, main
from par_toolkit.inquiry import Privacy, Retention

ROOT = Path(__file__).parents[1]
GUIDES = (
    *("README.md", "SECURITY.md"),
    *(f"docs/{name}.md" for name in ("threat-model", "privacy", "hub", "promises")),
)
#: `par command …` between backquotes or at the beginning of a line that is typed.
TYPED = re.compile(r"(?:`|^\$ |^)par ([a-z][a-z-]*)([^`\n#]*)", re.MULTILINE)
OPTION = re.compile(r"--[a-z][a-z-]*")


def typed(text: str) -> Iterator[tuple[str, str]]:
    """Give each command in a text with what is typed after it."""
    yield from TYPED.findall(text)


def problems(text: str) -> list[str]:
    """List the commands and options in a text that do not exist."""
    found = []
    context = click.Context(main)
    for name, rest in typed(text):
        command = main.get_command(context, name)
        if command is None:
            found.append(f"par {name}")
            continue
        words = rest.split()
        if isinstance(command, click.Group) and words and words[0].isalpha():
            inner = command.get_command(context, words[0])
            if inner is None:
                found.append(f"par {name} {words[0]}")
                continue
            command = inner
        options = {option for one in command.params for option in one.opts} | {"--help"}
        found += [f"par {name} {one}" for one in OPTION.findall(rest) if one not in options]
    return found


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_in_a_guide_exists(guide: str) -> None:
    assert problems((ROOT / guide).read_text("utf-8")) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_in_a_guide_leads_to_a_file_and_a_heading(guide: str) -> None:
    path = ROOT / guide
    for place, heading in re.findall(
        r"\]\((?!https?:|mailto:)([^)#]*)#?([^)]*)\)", path.read_text("utf-8")
    ):
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), place
        if heading:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in titles}
            assert heading in slugs, f"{place}#{heading}"


def test_a_command_that_does_not_exist_is_seen() -> None:
    text = (
        "Run `par retain`.\n$ par backup --wrap\nOr `par people invite NAME`, `par check --json`."
    )
    assert problems(text) == ["par retain", "par backup --wrap", "par people invite"]


def test_the_guides_name_the_commands_that_keep_an_inquiry_safe() -> None:
    told = {name for guide in GUIDES for name, _ in typed((ROOT / guide).read_text("utf-8"))}
    safe = {"backup", "check", "devices", "drill", "encrypt", "export", "init", "keepers", "lock"}
    assert safe | {"passphrase", "restore", "retention", "unlock"} <= told & set(COMMANDS)


def test_the_privacy_guide_names_every_setting_with_what_it_is_at_first() -> None:
    guide = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    blocks = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)]
    shown = {name: table for block in blocks for name, table in block.items()}
    assert shown["retention"] == {one.name: str(one.default) for one in fields(Retention)}
    assert set(shown["privacy"]) == {one.name for one in fields(Privacy)}
    template = resources.files("par_toolkit.inquiry").joinpath("template.toml").read_text("utf-8")
    for name, value in shown["retention"].items():
        assert re.search(rf'^{name} = "{value}" ', template, re.MULTILINE), name
