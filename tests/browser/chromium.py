"""Find a headless Chromium, or install one; `run.py test` runs this file before the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error, Playwright, sync_playwright

#: Many containers have neither a sandbox nor shared memory. The rest keeps the browser quiet.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
HELP = (
    "The browser tests need Chromium, and none could be found, started or installed here. "
    "Install it with your system's package manager (Debian: apt-get install chromium; "
    "macOS: brew install --cask chromium) or with `.venv/bin/python -m playwright install "
    "--with-deps chromium`, or name one in PAR_CHROMIUM. Then start the tests again."
)


class NoChromium(Exception):
    """No Chromium that starts; the message says what to do."""


def launch(playwright: Playwright) -> Browser:
    """Start the first Chromium that works: the one named, the system's, then Playwright's own."""
    return start(playwright.chromium)


def start(kind: BrowserType, *flags: str) -> Browser:
    """Start the first Chromium that works, with more flags; `browser.browser_type` is its kind."""
    for path in candidates():
        try:
            return kind.launch(executable_path=path, args=[*FLAGS, *flags])
        except Error:
            continue  # a stub, or one whose libraries are missing: try the next
    raise NoChromium(HELP)


def candidates() -> list[str | None]:
    """List the programs to try, in order; None stands for the one Playwright keeps itself."""
    named = os.environ.get("PAR_CHROMIUM")
    if named:
        return [named]
    found = [path for name in PROGRAMS if (path := shutil.which(name))]
    return [*found, *(place for place in PLACES if Path(place).exists()), None]


def install_with_playwright() -> str:
    """Fetch the Chromium that belongs to the installed Playwright; return what was said."""
    print("No Chromium that starts is here. Asking Playwright to install one …", flush=True)
    return _output([sys.executable, "-m", "playwright", "install", "chromium"])


def install_with_system() -> str:
    """Install Debian's Chromium, where this is a Debian and we may; return what was said."""
    if not shutil.which("apt-get"):
        return ""
    print("That did not work. Asking the system's package manager for Chromium …", flush=True)
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt, "install", "--yes", "--no-install-recommends", "chromium"]
    return _output([*apt, "update"]) + _output(install)


def main() -> int:
    """Make sure that a Chromium starts; return 1, having said what to do, where none can."""
    said = ""
    for prepare in (None, install_with_playwright, install_with_system):
        said += prepare() if prepare else ""
        try:
            with sync_playwright() as playwright, launch(playwright) as browser:
                print(f"The browser tests will use Chromium {browser.version}.", flush=True)
                return 0
        except NoChromium:
            continue
    print(f"{said}\n{HELP}", file=sys.stderr)
    return 1


def _output(command: list[str]) -> str:
    """Run an installer and return what it said; whether it worked is seen by starting Chromium."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=900,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{error}\n"
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
