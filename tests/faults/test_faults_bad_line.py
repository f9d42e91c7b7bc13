"""Promises 1 and 2 over a bad line: nothing is lost and nothing doubled, whatever it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import sealing
from par_toolkit.storage import inbox
from par_toolkit.storage.database import open_database
from par_toolkit.web import intake
from tests.faults.proxy import FAULTS
from tests.faults.runs import look, run_seed, run_seeds
from tests.faults.server import Served
from tests.faults.tablet import (
    BelievesAnyAnswer,
    DeletesWhenSent,
    NewUuidEachTry,
    SealsEachTry,
    Tablet,
)

#: Enough for each fault to be met several times.
SHORT = 40
FULL = 1_000


@pytest.fixture
def sealed_to(server: Served) -> Callable[[bool], str | None]:
    """Hand out whom stories are sealed to; nobody where they are not."""
    return lambda sealed: sealing.recipient(server.folder) if sealed else None


@pytest.mark.parametrize("sealed", [False, True], ids=["json", "sealed"])
def test_promise_02_over_a_bad_line_each_story_arrives_once(
    server: Served, sealed_to: Callable[[bool], str | None], sealed: bool
) -> None:
    report = run_seeds(server.folder, server.port, range(SHORT), recipient=sealed_to(sealed))
    assert not report.wrong, str(report)
    assert report.runs == SHORT
    assert len(report.faults) > len(set(FAULTS)), "each fault, and tries without one"


@pytest.mark.long
@pytest.mark.parametrize("sealed", [False, True], ids=["json", "sealed"])
def test_promise_02_over_a_thousand_bad_lines(
    server: Served, sealed_to: Callable[[bool], str | None], sealed: bool
) -> None:
    report = run_seeds(server.folder, server.port, range(FULL), recipient=sealed_to(sealed))
    assert not report.wrong, str(report)
    assert report.runs == FULL


@pytest.mark.parametrize("kind", [Tablet, SealsEachTry])
def test_promise_02_a_locked_inquiry_keeps_each_sealed_story_once(
    server: Served, tmp_path: Path, inquiry: Any, kind: type[Tablet]
) -> None:
    """Also where each try is sealed anew and thus in other bytes: opened, they are one story."""
    recipient, away = sealing.recipient(server.folder), tmp_path / "stick.key"
    sealing.put_away(server.folder, away)

    def unlock() -> None:
        with open_database(server.folder) as db:
            assert db.value("select count(*) from stories") == 0, "nobody could open them"
            opened = intake.open_inbox(db, inquiry, key=sealing.read_key(away))
            assert not opened.refusals
            assert inbox.waits(db).stories == 0

    report = run_seeds(
        server.folder,
        server.port,
        range(12),
        kind=kind,
        recipient=recipient,
        before_looking=unlock,
    )
    assert not report.wrong, str(report)
    assert report.told > report.runs


@pytest.mark.parametrize(
    ("careless", "found"),
    [
        (DeletesWhenSent, "lost: "),
        (BelievesAnyAnswer, "lost: "),
        (NewUuidEachTry, "doubled: "),
    ],
)
def test_promise_02_a_careless_tablet_is_caught(
    server: Served, careless: type[Tablet], found: str
) -> None:
    report = run_seeds(server.folder, server.port, range(4), kind=careless)
    caught = [line for lines in report.wrong.values() for line in lines]
    assert any(line.startswith(found) for line in caught), str(report)


def test_promise_02_an_altered_story_is_caught(server: Served) -> None:
    """The same check sees one letter, one wish and one number that differ from what was told."""
    tablet, _ = asyncio.run(run_seed(server.folder, server.port, 1))
    assert not look(server.folder, tablet)
    story = next(iter(tablet.told.values()))
    told = dict(story.told)
    for other in (
        replace(story, told=told | {"answers": told["answers"] | {"telling": "x"}}),
        replace(story, told=told | {"consent": told["consent"] | {"quote": None}}),
        replace(story, seq=story.seq + 100),
    ):
        tablet.told[story.uuid] = other
        assert any(line.startswith("altered: ") for line in look(server.folder, tablet))
