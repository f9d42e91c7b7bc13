"""Fixtures for tests of `par`: run it in this process on an inquiry, and look at what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click.testing
import pytest

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.database import open_database

Result = click.testing.Result


@pytest.fixture
def par(inquiry: Inquiry) -> Callable[..., Result]:
    """Hand out `par("people", "list")`; it fails the test unless the exit code is `code`."""
    open_database(inquiry.folder, create=True).close()

    def run(*arguments: object, code: int = 0, answer: str | None = None) -> Result:
        words = ["--inquiry", str(inquiry.folder), *map(str, arguments)]
        result = click.testing.CliRunner().invoke(main, words, input=answer, prog_name="par")
        assert result.exit_code == code, f"{words}\n{result.output}\n{result.stderr}"
        assert "Traceback" not in result.output + result.stderr
        return result

    return run


@pytest.fixture
def par_json(par: Callable[..., Result]) -> Callable[..., Any]:
    """Hand out `par_json("people", "list")`, which returns what `--json` says."""
    return lambda *arguments, **more: json.loads(par(*arguments, "--json", **more).stdout)


@pytest.fixture
def two_people(par: Callable[..., Result]) -> tuple[str, str]:
    """Add two example people who may release and endorse, and return their names."""
    par("people", "add", "Example Facilitator", "--role", "facilitator")
    par("people", "add", "Example Steward", "--role", "steward")
    return "Example Facilitator", "Example Steward"
