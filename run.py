"""Set the project up in .venv, then show the example inquiry, run every check, or audit packages.

    python3.11 run.py demo [options of `par demo`]
    python3.11 run.py test [options of pytest]
    python3.11 run.py audit

The first time needs the internet; after that nothing is fetched until a lock file changes. `audit`
asks on the internet, each time, which of the packages are known to be unsafe.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        f"This project needs Python 3.11, 3.12 or 3.13; this is Python {sys.version.split()[0]}. "
        "Install one of them and start this again with it, for example: python3.11 run.py demo"
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
#: What looks at our packages must not be among them.
AUDIT_VENV = ROOT / ".venv-audit"
#: Tests of one group share what is made once for them. The order stays: browsers come last.
TOGETHER = ("--dist", "loadgroup", "--no-loadscope-reorder")
CHECKS = (
    ("The style of the code (ruff check)", ["ruff", "check", "."]),
    ("The layout of the code (ruff format)", ["ruff", "format", "--check", "."]),
    ("The types (mypy)", ["mypy"]),
    ("The tests (pytest)", ["pytest", "--numprocesses", "auto", "--maxprocesses", "4", *TOGETHER]),
)


def main(arguments: list[str]) -> int:
    """Do what the first argument names and return the exit code; the rest is passed on."""
    commands = {"demo": demo, "test": test, "audit": audit}
    if not arguments or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]](arguments[1:])


def demo(options: list[str]) -> int:
    """Make and serve the example inquiry until Ctrl+C."""
    set_up("run")
    command = [str(programs(VENV) / "par"), "demo", *options]
    if os.name == "nt":
        return wait_for(command)
    os.execv(command[0], command)  # becomes `par`, so that every signal reaches it


def test(options: list[str]) -> int:
    """Run every check, the tests last, and return 0 only if all of them passed."""
    set_up("test")
    os.chdir(ROOT)
    python = str(python_of(VENV))
    if wait_for([python, "-m", "tests.browser.chromium"]):
        return 1
    failed = []
    for sentence, command in CHECKS:
        say(f"\n{sentence} …")
        extra = options if command[0] == "pytest" else []
        if wait_for([python, "-m", *command, *extra]):
            failed.append(sentence)
    if failed:
        say("\nNot everything passed: " + "; ".join(failed) + ".")
    return 1 if failed else 0


def audit(options: list[str]) -> int:
    """Ask about every locked package; return 0 only if all were checked and none is unsafe."""
    if options:
        print(__doc__, file=sys.stderr)
        return 2
    set_up("audit", venv=AUDIT_VENV, ourselves=False)
    return wait_for([str(python_of(AUDIT_VENV)), str(ROOT / "tools" / "audit.py")])


def programs(venv: Path) -> Path:
    """Return the folder of programs in an environment."""
    return venv / ("Scripts" if os.name == "nt" else "bin")


def python_of(venv: Path) -> Path:
    """Return the Python of an environment."""
    return programs(venv) / ("python.exe" if os.name == "nt" else "python")


def set_up(lock: str, *, venv: Path | None = None, ourselves: bool = True) -> None:
    """Bring an environment to what requirements/LOCK.lock says, if it is not so already.

    It is .venv unless another is given, and holds par-toolkit beside the packages if `ourselves`.
    """
    venv = venv or VENV
    requirements = ROOT / "requirements" / f"{lock}.lock"
    parts = [path.read_bytes() for path in (requirements, ROOT / "setup.cfg")]
    identity = f"{sys.version} {ROOT}".encode()  # scripts in .venv hold the folder's path
    wanted = hashlib.sha256(b"\0".join([identity, *parts])).hexdigest()
    stamp = venv / f"{lock}.stamp"
    python = python_of(venv)
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not has_same_python(venv):
        say(f"Making a place for Python packages in {venv} …")
        quietly(
            [sys.executable, "-m", "venv", "--clear", str(venv)],
            "Python could not make it. On Debian and Ubuntu, install python3-venv first.",
        )
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    say("Installing the packages of the lock file; the first time takes a few minutes …")
    quietly(
        [*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)],
        "The packages could not be installed. Check the internet connection and start this again.",
    )
    if ourselves:
        say("Installing par-toolkit itself …")
        quietly(
            [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
            "par-toolkit could not be installed from this folder.",
        )
    stamp.write_text(wanted, encoding="ascii")


def has_same_python(venv: Path) -> bool:
    """Say whether an environment was made in full by this version of Python."""
    settings, python = venv / "pyvenv.cfg", python_of(venv)
    version = f"version = {sys.version.split()[0]}\n"
    if not python.exists() or version not in settings.read_text(encoding="utf-8"):
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def quietly(command: list[str], trouble: str) -> None:
    """Run `command` without its chatter; where it fails, show that and `trouble`, and end."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{trouble}")


def wait_for(command: list[str]) -> int:
    """Run `command` to its end and return its exit code; Ctrl+C is left for it to answer."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def say(sentence: str) -> None:
    """Print `sentence` at once, so that it comes before what the next command prints."""
    print(sentence, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped. Start it again to go on.")
