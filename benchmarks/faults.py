"""Send stories over a bad line, again and again: none may be lost and none doubled.

    .venv/bin/python benchmarks/faults.py [--runs 1000] [--seed 0] [--sealed]

Each seeded run pairs a tablet with a new inquiry's `par serve`, tells 1 to 12 stories, and sends
them through a proxy that cuts requests and answers, repeats, delays and reorders them, and gives
answers of its own. A run ends when the tablet's queue is empty; then each story told must be on
disk once, and whole. A seed that fails is printed, to be run alone with `--seed N --runs 1`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.shared import machine, new_inquiry, par_serve, serving  # noqa: E402
from par_toolkit import sealing  # noqa: E402
from tests.faults.runs import run_seeds  # noqa: E402


def main() -> None:
    """Run the seeds, print what was told and what went wrong, and fail if anything did."""
    options = _options()
    print(f"{machine('uvicorn', 'httpx')}\n", flush=True)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        folder, _ = new_inquiry(Path(place) / "served")
        with serving(par_serve(folder)) as port:
            seeds = range(options.seed, options.seed + options.runs)
            recipient = sealing.recipient(folder) if options.sealed else None
            report = run_seeds(folder, port, seeds, recipient=recipient)
    print(f"{report}\n{time.perf_counter() - began:.0f} s")
    if report.wrong:
        raise SystemExit("Stories were lost, doubled or altered: see the seeds above.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Send stories over a bad line.")
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--sealed", action="store_true", help="send sealed stories, as tablets do")
    return parser.parse_args()


if __name__ == "__main__":
    main()
