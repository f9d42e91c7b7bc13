"""Promises 1 and 2 over a bad line: nothing is lost and nothing doubled, whatever it does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.faults.proxy import FAULTS
from tests.faults.runs import look, run_seed, run_seeds
from tests.faults.server import Served
from tests.faults.tablet import BelievesAnyAnswer, DeletesWhenSent, NewUuidEachTry, Tablet

#: Enough for each fault to be met several times.
SHORT = 40
FULL = 1_000


def test_promise_02_over_a_bad_line_each_story_arrives_once(server: Served) -> None:
    report = asyncio.run(run_seeds(server.folder, server.port, range(SHORT)))
    assert not report.wrong, str(report)
    assert report.runs == SHORT
    assert len(report.faults) > len(set(FAULTS)), "each fault, and tries without one"


@pytest.mark.long
def test_promise_02_over_a_thousand_bad_lines(server: Served) -> None:
    report = asyncio.run(run_seeds(server.folder, server.port, range(FULL)))
    assert not report.wrong, str(report)
    assert report.runs == FULL


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
    report = asyncio.run(run_seeds(server.folder, server.port, range(4), kind=careless))
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
