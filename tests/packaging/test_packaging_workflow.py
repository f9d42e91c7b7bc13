"""What runs on every change: our two commands, and of others only code that is pinned."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = sorted((Path(__file__).resolve().parents[2] / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")


def problems(workflow: dict[Any, Any]) -> list[str]:
    """List what a workflow may do that it should not."""
    found = []
    if workflow.get("permissions") != {"contents": "read"}:
        found.append("it may write")
    for name, job in workflow["jobs"].items():
        found += [f"{name} may more than the others"] if "permissions" in job else []
        found += [f"{name} has no end"] if "timeout-minutes" not in job else []
        for step in job["steps"]:
            uses = step.get("uses")
            if uses and not PINNED.fullmatch(uses):
                found.append(f"{uses} may change at any time")
            if "continue-on-error" in step or "||" in step.get("run", ""):
                found.append(f"{name} passes over a failure")
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_what_is_pinned_and_may_only_read(path: Path) -> None:
    assert problems(yaml.safe_load(path.read_text("utf-8"))) == []


def test_every_change_is_tested_and_audited() -> None:
    (path,) = WORKFLOWS
    workflow = yaml.safe_load(path.read_text("utf-8"))
    # YAML of before 1.2 reads the bare word `on` as true
    assert {"push", "pull_request", "schedule"} <= set(workflow[True])
    commands = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert commands == [".ci/run", "python3 run.py audit"]
    assert "if" not in workflow["jobs"]["audit"]


def test_a_careless_workflow_is_seen() -> None:
    careless = {
        "permissions": "write-all",
        "jobs": {"one": {"steps": [{"uses": "some/action@v4"}, {"run": "run.py audit || true"}]}},
    }
    assert len(problems(careless)) == 4
