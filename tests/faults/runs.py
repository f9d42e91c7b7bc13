"""One seeded run: a tablet tells, the line is bad, and at the end everything is there once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from par_toolkit.storage import consents, devices, stories
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.faults.proxy import FaultProxy
from tests.faults.tablet import Story, Tablet

#: Rounds after which a queue that is not empty counts as stuck.
MOST_ROUNDS: Final = 60
#: Runs that go on at once: they share the server, as tablets in a hall do.
AT_ONCE: Final = 4
TIMEOUT: Final = httpx.Timeout(5.0)


@dataclass
class Report:
    """What some runs came to: the seeds that failed with what was wrong, and what was tried."""

    runs: int = 0
    told: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {count:,}" for name, count in sorted(self.faults.items()))
        lines = [f"{self.runs:,} runs, {self.told:,} stories told, {len(self.wrong)} runs wrong"]
        lines += [f"what the line did: {faults}"]
        for seed, found in self.wrong.items():
            lines += [f"seed {seed} (alone: benchmarks/faults.py --seed {seed} --runs 1):"]
            lines += [f"  {one}" for one in found]
        return "\n".join(lines)


def run_seeds(
    folder: Path,
    port: int,
    seeds: Sequence[int],
    *,
    kind: type[Tablet] = Tablet,
    recipient: str | None = None,
    before_looking: Callable[[], object] = lambda: None,
) -> Report:
    """Run each seed once, some at a time, against the server of `folder` at `port`; then look.

    Tablets of `kind` seal what they send where there is a `recipient`.
    """
    report = Report()
    tablets: dict[int, Tablet] = {}

    async def all_of_them() -> None:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(seed: int) -> None:
            async with turn:
                how = {"kind": kind, "recipient": recipient}
                tablets[seed], line = await run_seed(folder, port, seed, **how)
            report.faults += line.counts

        await asyncio.gather(*(one(seed) for seed in seeds))

    asyncio.run(all_of_them())
    before_looking()
    for seed, tablet in sorted(tablets.items()):
        report.runs += 1
        report.told += len(tablet.told)
        found = look(folder, tablet)
        if found:
            report.wrong[seed] = found
    return report


async def run_seed(
    folder: Path,
    port: int,
    seed: int,
    *,
    kind: type[Tablet] = Tablet,
    recipient: str | None = None,
) -> tuple[Tablet, FaultProxy]:
    """Tell 1 to 12 stories over a bad line until the queue is empty, some while others wait."""
    rng = random.Random(seed)
    with open_database(folder) as db:
        token = devices.add(db, f"Tablet of run {seed}")
    tablet = kind(token, rng, recipient=recipient)
    async with FaultProxy(port, seed=seed) as line, new_client(line.address) as client:
        for _ in range(rng.randint(1, 4)):
            for _ in range(rng.randint(1, 3)):
                tablet.tell()
            await tablet.send_round(client)
        for _ in range(MOST_ROUNDS):
            if not tablet.queue:
                break
            await tablet.send_round(client)
    return tablet, line


def new_client(address: str) -> httpx.AsyncClient:
    """Make a client that trusts no proxy of this machine and keeps no line open."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=address, timeout=TIMEOUT, limits=limits, trust_env=False)


def look(folder: Path, tablet: Tablet) -> list[str]:
    """Return what is wrong: stories lost, doubled or altered, and counts that do not agree."""
    with open_database(folder) as db:
        device = devices.by_token(db, tablet.token)
        assert device is not None
        wrong = [f"{len(tablet.queue)} still wait"] if tablet.queue else []
        wrong += compare(db, device, tablet)
        report = devices.report(db, device)
    if len(tablet.acknowledged) != len(tablet.told) or tablet.quarantined:
        wrong.append(
            f"{len(tablet.told)} were told, {len(tablet.acknowledged)} acknowledged, "
            f"{len(tablet.quarantined)} refused"
        )
    if (report.arrived, report.of, report.missing) != (len(tablet.told), len(tablet.told), ()):
        wrong.append(
            f"{report.arrived} of {report.of} arrived, {report.missing} are missing, "
            f"{len(tablet.told)} were told"
        )
    return wrong


def compare(db: PrivateDatabase, device: devices.Device, tablet: Tablet) -> list[str]:
    """Compare what a tablet's people told with what the inquiry keeps of that tablet."""
    rows = db.rows(
        """
        select id, uuid, device_seq,
            (select count(*) from siblings where siblings.story = stories.id) as siblings
        from stories where device = :device
        """,
        {"device": device.id},
    )
    kept = {row["uuid"]: row for row in rows}
    lost = [story.seq for story in tablet.told.values() if story.uuid not in kept]
    wrong = [f"lost: numbers {lost}"] if lost else []
    seqs = Counter(row["device_seq"] for row in rows)
    doubled = sorted(seq for seq, count in seqs.items() if count > 1)
    doubled += [row["device_seq"] for row in rows if row["siblings"]]
    wrong += [f"doubled: numbers {doubled}"] if doubled else []
    strangers = [row["device_seq"] for row in rows if row["uuid"] not in tablet.told]
    wrong += [f"never told: numbers {strangers}"] if strangers else []
    altered = [
        story.seq
        for story in tablet.told.values()
        if story.uuid in kept and not same(db, kept[story.uuid], story)
    ]
    return wrong + ([f"altered: numbers {altered}"] if altered else [])


def same(db: PrivateDatabase, row: Any, story: Story) -> bool:
    """Say whether the kept story is what was told: words, choices, language, number and wishes."""
    kept = stories.get(db, row["id"])
    told = story.told
    wishes = {use: given for use, given in told["consent"].items() if use != "wording"}
    return (
        kept is not None
        and kept.answers == told["answers"]
        and kept.language == told["language"]
        and row["device_seq"] == story.seq
        and consents.today(db, kept.id) == wishes
    )
