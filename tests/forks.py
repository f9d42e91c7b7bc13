"""Starts `par` from a process that has read its modules and templates once, by a fork.

What starts is the command itself, in a process of its own that can be stopped and killed. Only the
reading is spared, which takes longer than most of what a test then asks of a server. That `par`
starts from nothing as well is for `tests/commands` and `tests/serving` to try.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

#: Windows cannot fork, and libraries of macOS do not stand it: there each starts from nothing.
FORKS = sys.platform not in ("win32", "darwin")


class Forked:
    """A process that was started so: what tests use of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while it runs, then 0: its parent alone knows how it ended."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Return once it has ended. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("par", timeout)
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | Forked


def start(arguments: list[str], log: Path) -> Process:
    """Start `par` with `arguments` in this process's place and settings; it adds to `log`."""
    if not FORKS:
        command = [sys.executable, "-m", "par_toolkit", *arguments]
        with log.open("ab") as output:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
    parent = _parent()
    assert parent.stdin is not None and parent.stdout is not None
    wanted = {"arguments": arguments, "log": str(log), "cwd": os.getcwd(), "env": {**os.environ}}
    parent.stdin.write(f"{json.dumps(wanted)}\n")
    parent.stdin.flush()
    return Forked(int(parent.stdout.readline()))


@cache
def _parent() -> subprocess.Popen[str]:
    """Start the process that forks, once for all tests of this one; it ends with this one."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.forks"],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(parent.communicate)  # closes what it reads from, which ends it
    return parent


def main() -> None:
    """Read everything, then fork for each line of what is asked, until nobody asks any more."""
    _read_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests
    while line := sys.stdin.readline():
        pid = os.fork()
        if not pid:
            _become(**json.loads(line))
        print(pid, flush=True)


def _read_everything() -> None:
    """Import what serving needs, and compile every template and every language's rules of words.

    Nothing is worked out here: what threads a library has begun would not be there after a fork.
    """
    import textblob

    from analysis import suggestions, themes, tokens, tone_learned
    from par_toolkit import cli
    from par_toolkit.commands import serve
    from par_toolkit.serving import root
    from par_toolkit.web.app import create_app
    from tests import quick

    assert cli and serve and root and textblob and suggestions and themes and tone_learned
    assert all(tokens.has_lemmas(language) for language in ("en", "fr"))
    quick.compile_once()
    with tempfile.TemporaryDirectory() as place:
        app = create_app(quick.new_inquiry(Path(place) / "inquiry"))
        for name in app.jinja_env.list_templates(extensions=["html"]):
            app.jinja_env.get_template(name)


def _become(*, arguments: list[str], log: str, cwd: str, env: dict[str, str]) -> None:
    """Become `par` with `arguments`, with nothing open of the process that forked."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(output, number)
    ended = 1
    try:
        from par_toolkit.cli import main as par

        sys.argv = ["par", *arguments]
        par(arguments, prog_name="par")
    except SystemExit as end:
        ended = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(ended)


if __name__ == "__main__":
    main()
