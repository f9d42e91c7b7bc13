"""Write the lock files anew from setup.cfg: `python requirements/renew.py [--upgrade]`.

Needs uv (`python -m pip install uv`), which, unlike pip-compile, locks for Linux, macOS and
Windows and for Python 3.11 to 3.13 at once. Without --upgrade, versions stay where they are
wherever they can.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes"
#: In this order: what tests need beside the rest keeps to the versions of the first lock.
LOCKS = {
    "run": "setup.cfg requirements/build.in",
    "test": "setup.cfg requirements/build.in --extra test --constraint requirements/run.lock",
    "audit": "setup.cfg --extra audit --constraint requirements/run.lock",
    "names": "requirements/names.in --no-deps",
}


def main(options: list[str]) -> None:
    """Compile each lock, with `options` for uv."""
    for name, sources in LOCKS.items():
        command = [*COMPILE.split(), *sources.split(), *options]
        command += ["--custom-compile-command", "python requirements/renew.py"]
        command += ["--output-file", f"requirements/{name}.lock"]
        subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
