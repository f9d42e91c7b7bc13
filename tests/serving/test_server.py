"""Starting, stopping and the work beside the answers."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from par_toolkit.serving import ServingError, make_app, serve
from par_toolkit.serving import root as root_module
from par_toolkit.storage.database import open_database
from tests.datasette_plugins.builds import make_build, point
from tests.serving.conftest import echo, listening

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from par_toolkit.serving import root, serve
from tests.serving.conftest import echo
root._own_pages = lambda *given: echo
serve(Path(sys.argv[1]), port=0, background=(), on_started=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def test_it_starts_says_where_and_ends_when_asked(tmp_path: Path) -> None:
    make_build(tmp_path, 1)
    point(tmp_path, 1)
    open_database(tmp_path, create=True).close()
    checkout = str(Path(__file__).parents[2])
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path), checkout]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        address = process.stdout.readline().strip()
        page = httpx.get(address + "/findings/search?q=secretsearch")
        process.send_signal(signal.SIGINT)
        printed, logged = process.communicate(timeout=30)
    assert page.status_code == 200
    assert process.returncode == 0 and "ended" in printed
    assert "secretsearch" not in logged and "Traceback" not in logged


def test_a_port_in_use_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_module, "_own_pages", lambda *given: echo)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServingError, match=r"Choose another with --port"):
            serve(tmp_path, port=taken.getsockname()[1], background=())


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_is_none_is_a_sentence(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root_module, "_own_pages", lambda *given: echo)
    with pytest.raises(ServingError):
        serve(tmp_path, port=port, background=())


def test_https_needs_both_files_and_they_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match="both"):
        serve(tmp_path, tls_cert=tmp_path / "cert.pem")
    with pytest.raises(ServingError, match="not there"):
        serve(tmp_path, tls_cert=tmp_path / "cert.pem", tls_key=tmp_path / "key.pem")


def test_background_work_goes_on_after_a_failure_and_ends_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(root_module, "BACKGROUND_EVERY", 0.02)
    folders: list[Path] = []
    enough = threading.Event()

    def fails(folder: Path) -> None:
        raise RuntimeError("secret words")

    def works(folder: Path) -> None:
        folders.append(folder)
        if len(folders) > 5:
            enough.set()

    with listening(make_app(tmp_path, flask_app=echo, background=(fails, works))):
        assert enough.wait(10)
    stopped = len(folders)
    time.sleep(0.1)
    assert len(folders) == stopped and set(folders) == {tmp_path}
    assert caplog.text.count("fails failed (RuntimeError)") == 1
    assert "secret words" not in caplog.text


def test_many_readers_at_once_are_all_answered(tmp_path: Path, live: str) -> None:
    """Keep-alive connections through the Flask bridge: none fails, none gets another's answer."""
    wrong: list[str] = []

    def ask(reader: int) -> None:
        with httpx.Client(base_url=live) as client:
            for turn in range(40):
                asked = f"/tell/{reader}/{turn}"
                answered = client.post(asked, content=b"words").text
                if answered != f"POST {asked}  words":
                    wrong.append(answered)

    readers = [threading.Thread(target=ask, args=(reader,)) for reader in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not wrong
