"""Ask which of the locked packages are known to be unsafe: `run.py audit`.

Every version that any lock file names is asked about, also those for other systems than this one.
pip-audit alone ends well where it was told nothing: it passes over a package that it cannot find,
and says that no fault is known. Here each package needs an answer of its own, or the audit fails.

A fault that cannot harm us can be explained in requirements/explained.toml, until a day.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

REQUIREMENTS: Final = Path(__file__).resolve().parents[1] / "requirements"
LOCKS: Final = ("run", "test", "audit")
EXPLAINED: Final = REQUIREMENTS / "explained.toml"
PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

Pin = tuple[str, str]


class AuditError(Exception):
    """The audit could not be made; the message says why."""


@dataclass(frozen=True)
class Fault:
    """A known fault of one locked version; `mended` are versions without it."""

    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    mended: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say what is wrong and which version mends it."""
        mended = f"mended in {', '.join(self.mended)}" if self.mended else "not mended yet"
        return f"{self.package} {self.version} has a known fault, {self.id}: {mended}."


@dataclass(frozen=True)
class Answer:
    """What was said of the packages that were asked about; `unanswered` maps each to a reason."""

    faults: tuple[Fault, ...]
    unanswered: Mapping[Pin, str]


def pins(texts: Iterable[str]) -> list[Pin]:
    """List each (package, version) that lock files name, once."""
    return sorted({(name, version) for text in texts for name, version in PIN.findall(text)})


def rounds(asked: Collection[Pin]) -> list[list[Pin]]:
    """Part pins so that no package is twice in a round: pip-audit takes one version of each."""
    parts: list[dict[str, str]] = []
    for name, version in asked:
        part = next((part for part in parts if name not in part), None)
        if part is None:
            parts.append(part := {})
        part[name] = version
    return [list(part.items()) for part in parts]


def read(asked: Collection[Pin], report: Mapping[str, Any]) -> Answer:
    """Read pip-audit's JSON. Raises AuditError where it has another form than we know."""
    try:
        said = list(report["dependencies"])
        skipped = {one["name"]: one["skip_reason"] for one in said if "skip_reason" in one}
        answered = {(one["name"], one["version"]): one["vulns"] for one in said if "vulns" in one}
        faults = tuple(
            Fault(
                *pin,
                fault["id"],
                tuple(fault.get("aliases", ())),
                tuple(fault["fix_versions"]),
            )
            for pin, found in sorted(answered.items())
            for fault in found
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise AuditError(f"pip-audit's answer cannot be read ({problem!r}).") from problem
    unanswered = {
        pin: skipped.get(pin[0], "pip-audit said nothing of it")
        for pin in asked
        if pin not in answered
    }
    return Answer(faults, unanswered)


def ask(asked: Collection[Pin], folder: Path) -> Answer:
    """Ask pip-audit about these pins. Raises AuditError where it could not ask at all."""
    listed, answer = folder / "asked.txt", folder / "answer.json"
    listed.write_text("".join(f"{name}=={version}\n" for name, version in asked), "utf-8")
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(listed), "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(
        [*command, "--output", str(answer)], capture_output=True, text=True, errors="replace"
    )
    try:  # exit code 1 says that there are faults, and also that there was no answer
        report = json.loads(answer.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise AuditError(f"pip-audit gave no answer: {last}") from problem
    return read(asked, report)


def explained(text: str, today: date) -> tuple[dict[str, str], list[str]]:
    """Read the explained faults: id -> why; and a sentence for each whose day is over."""
    why, over = {}, []
    for one in tomllib.loads(text).get("fault", []):
        if one["until"] < today:
            over.append(f"{one['id']} was explained until {one['until']}. Look at it again.")
        else:
            why[str(one["id"])] = str(one["why"])
    return why, over


def verdict(answers: Iterable[Answer], why: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return what must be mended, and what is explained, as sentences."""
    mend, fine = [], []
    for answer in answers:
        for fault in answer.faults:
            known = next((why[one] for one in (fault.id, *fault.aliases) if one in why), None)
            if known:
                fine.append(f"{fault.sentence} Explained: {known}")
            else:
                mend.append(fault.sentence)
        for (name, version), reason in answer.unanswered.items():
            mend.append(f"{name} {version} was not checked: {reason}.")
    return mend, fine


def main() -> int:
    """Audit every lock; return 0 only where every package was checked and none is unsafe."""
    asked = pins((REQUIREMENTS / f"{name}.lock").read_text("utf-8") for name in LOCKS)
    why, mend = explained(EXPLAINED.read_text("utf-8"), date.today())
    print(f"Asking about {len(asked)} packages of requirements/{{{','.join(LOCKS)}}}.lock …")
    answers = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            answers = [ask(part, Path(folder)) for part in rounds(asked)]
    except AuditError as problem:
        mend.append(str(problem))
    wrong, fine = verdict(answers, why)
    mend += wrong
    for sentence in [*fine, *mend]:
        print(sentence)
    if not asked:
        mend.append("The lock files name no package.")
    print("The audit failed." if mend else f"All {len(asked)} were checked: no fault is known.")
    return 1 if mend else 0


if __name__ == "__main__":
    sys.exit(main())
