"""A publish goes live by itself: no failed answer, no mixed answer, no file left open."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import threading
import time
from pathlib import Path

import httpx
import pytest

from par_toolkit.serving.live_build import LiveBuild
from par_toolkit.serving.pointer import BuildProblem, Target
from tests.datasette_plugins.builds import make_build, point

SWAPS = 12
PATHS = (
    "/findings/", "/findings/search?q=waited", "/findings/theme/theme-waiting",
    "/findings/library/inquiry.json?_shape=array", "/findings/library/quotes",
    "/findings/about?lang=fr", "/findings/search?q=wayted", "/findings/question/themes.json",
)  # fmt: skip
NUMBERS = (re.compile(r"(?:Build|Édition) (\d+) \("), re.compile(r'"build": (\d+)'))


def builds_in(response: httpx.Response) -> set[str]:
    """Return the numbers of the builds that an answer shows."""
    return {found for pattern in NUMBERS for found in pattern.findall(response.text)}


def wait_for(condition: object, *, seconds: float = 10.0) -> None:
    """Wait until `condition()` is true, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def open_builds() -> list[str]:
    """List the build files that this process holds open, deleted ones among them."""
    held = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            held.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            continue  # the listing's own descriptor
    return [name for name in held if "/findings/build-" in name]


def test_publishing_under_load_fails_and_mixes_nothing(tmp_path: Path, live: str) -> None:
    make_build(tmp_path, 1, quotes=30)
    point(tmp_path, 1)
    seen: list[tuple[int, str, frozenset[str]]] = []
    stop = threading.Event()

    def browse(first: int) -> None:
        with httpx.Client(base_url=live, timeout=30) as client:
            for turn in range(first, 100_000):
                if stop.is_set():
                    return
                path = PATHS[turn % len(PATHS)]
                response = client.get(path)
                seen.append((response.status_code, path, frozenset(builds_in(response))))

    browsers = [threading.Thread(target=browse, args=(first,)) for first in range(4)]
    for browser in browsers:
        browser.start()
    wait_for(lambda: len(seen) > 10)
    for number in range(2, SWAPS + 2):
        make_build(tmp_path, number, quotes=30)
        point(tmp_path, number)
        shown = str(number)
        wait_for(lambda shown=shown: any(shown in builds for *_, builds in seen[-50:]))
        (tmp_path / "findings" / f"build-{number - 1:06d}.db").unlink()
    stop.set()
    for browser in browsers:
        browser.join()
    assert {status for status, *_ in seen} == {200}
    mixed = [(path, builds) for _, path, builds in seen if len(builds) != 1]
    assert not mixed, mixed[:5]
    assert {number for *_, builds in seen for number in builds} == {
        str(number) for number in range(1, SWAPS + 2)
    }
    wait_for(lambda: {Path(name).name for name in open_builds()} <= {f"build-{SWAPS + 1:06d}.db"})


def test_promise_06_words_taken_back_are_gone_and_their_file_is_freed(
    tmp_path: Path, live: str
) -> None:
    """The build without the words goes live by itself; nothing of the old one is kept or open."""
    make_build(tmp_path, 1, word="marmalade")
    point(tmp_path, 1)
    with httpx.Client(base_url=live) as client:
        assert "marmalade" in client.get("/findings/library/quotes").text
        tag = client.get("/findings/search?q=marm").headers["etag"]
        make_build(tmp_path, 2)
        point(tmp_path, 2)
        (tmp_path / "findings" / "build-000001.db").unlink()
        wait_for(lambda: "marmalade" not in client.get("/findings/library/quotes").text)
        again = client.get("/findings/search?q=marm", headers={"If-None-Match": tag})
        assert again.status_code == 200 and "0 quotes found" in again.text
    wait_for(lambda: not [name for name in open_builds() if "000001" in name])


def test_promise_06_without_a_pointer_nothing_is_shown(tmp_path: Path, live: str) -> None:
    """A restore, or a damaged build after a withdrawal, takes the findings down altogether."""
    make_build(tmp_path, 1, word="marmalade")
    point(tmp_path, 1)
    with httpx.Client(base_url=live) as client:
        assert "marmalade" in client.get("/findings/library/quotes").text
        (tmp_path / "findings" / "current").unlink()
        (tmp_path / "findings" / "build-000001.db").unlink()
        wait_for(lambda: "marmalade" not in client.get("/findings/library/quotes").text)
        assert client.get("/findings/").status_code == 200
        wait_for(lambda: not open_builds())
        make_build(tmp_path, 2)
        point(tmp_path, 2)
        wait_for(lambda: builds_in(client.get("/findings/")) == {"2"})


def test_a_slow_reader_cannot_keep_an_old_build(
    tmp_path: Path, live: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Promise 6 holds against a slow line: an answer that drags on is cut."""
    caplog.set_level(logging.CRITICAL, "uvicorn.error")
    monkeypatch.setattr("par_toolkit.serving.live_build.DRAIN_SECONDS", 0.5)
    make_build(tmp_path, 1, quotes=60_000)
    point(tmp_path, 1)
    asking = httpx.Client(base_url=live, timeout=30)
    with asking as client, client.stream("GET", "/findings/library.db") as response:
        assert response.status_code == 200
        make_build(tmp_path, 2)
        point(tmp_path, 2)
        (tmp_path / "findings" / "build-000001.db").unlink()
        wait_for(lambda: "000002" in str(open_builds()) and "000001" not in str(open_builds()))
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


def test_rolling_back_is_rewriting_the_pointer(tmp_path: Path, live: str) -> None:
    for number in (1, 2):
        make_build(tmp_path, number)
        point(tmp_path, number)
    with httpx.Client(base_url=live) as client:
        wait_for(lambda: builds_in(client.get("/findings/")) == {"2"})
        point(tmp_path, 1)
        wait_for(lambda: builds_in(client.get("/findings/")) == {"1"})


def test_the_pointer_may_be_a_symlink(tmp_path: Path, live: str) -> None:
    make_build(tmp_path, 3)
    (tmp_path / "findings" / "current").symlink_to("build-000003.db")
    with httpx.Client(base_url=live) as client:
        assert builds_in(client.get("/findings/")) == {"3"}


@pytest.mark.parametrize(
    "damage", ["missing", "no database", "torn", "no build", "outside", "bytes"]
)
def test_a_bad_build_is_refused_and_the_old_one_goes_on(
    tmp_path: Path, live: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_build(tmp_path, 1)
    point(tmp_path, 1)
    with httpx.Client(base_url=live) as client:
        assert builds_in(client.get("/findings/")) == {"1"}
        _damage(tmp_path, damage)
        wait_for(lambda: "refused" in caplog.text)
        assert builds_in(client.get("/findings/")) == {"1"}
        assert "build-000001.db is still shown" in caplog.text
        make_build(tmp_path, 9)
        point(tmp_path, 9)
        wait_for(lambda: builds_in(client.get("/findings/")) == {"9"})


def test_promise_06_a_build_that_could_not_start_is_tried_again(
    tmp_path: Path, live: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A machine that was busy must not leave words on show that were taken back."""
    make_build(tmp_path, 1, word="marmalade")
    point(tmp_path, 1)
    real = LiveBuild.start
    refused: list[str] = []

    async def busy(target: Target) -> LiveBuild:
        if len(refused) < 2:
            refused.append(target.path.name)
            raise BuildProblem(f"{target.path.name} does not show its first page.")
        return await real(target)

    with httpx.Client(base_url=live) as client:
        assert "marmalade" in client.get("/findings/library/quotes").text
        monkeypatch.setattr("par_toolkit.serving.findings.TRY_AGAIN_AFTER", 0.1)
        monkeypatch.setattr(LiveBuild, "start", busy)
        make_build(tmp_path, 2)
        point(tmp_path, 2)
        wait_for(lambda: "marmalade" not in client.get("/findings/library/quotes").text)
    assert refused == ["build-000002.db"] * 2
    assert caplog.text.count("does not show its first page") == 1


def _damage(folder: Path, damage: str) -> None:
    findings = folder / "findings"
    bad = findings / "build-000002.db"
    if damage == "no database":
        bad.write_bytes(b"these are no tables " * 500)
    elif damage == "torn":
        make_build(folder, 2, quotes=400)
        whole = bad.read_bytes()
        bad.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    elif damage == "no build":
        with sqlite3.connect(bad) as db:
            db.execute("create table notes (text)")
        db.close()
    elif damage == "outside":
        (findings / "current").write_text("../private.db", "utf-8")
        return
    elif damage == "bytes":
        (findings / "current").write_bytes(b"\xff\xfe\x00")
        return
    point(folder, 2)
