"""Measure theming: seconds and peak memory by number of texts, beside scikit-learn's NMF.

Each line is made by a process of its own, so that peak memory is that of one run. With a file whose
texts have labels given by people it also says how well the groups agree with them (NMI, ARI), and
whether another seed gives the same groups.

Example: python benchmarks/theme.py --data feedback.csv --text text --label label
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000)
THEMES = 20

SUBJECTS = (
    "bus route driver stop ticket".split(),
    "nurse ward bed kindness night".split(),
    "interpreter language dialect letter translation".split(),
    "waiting room queue hours appointment".split(),
    "garden bench tree park playground".split(),
    "form website password phone message".split(),
    "food kitchen meal lunch menu".split(),
    "school children teacher crossing uniform".split(),
)
AROUND = "the a was very we really often last week again for us there and people here".split()


def texts_from(path: Path | None, text: str, label: str, size: int) -> tuple[list[str], list[str]]:
    """Return `size` texts with labels: from a CSV file, repeated if it is short, or made up."""
    if path is None:
        chance = random.Random(0)
        texts, labels = [], []
        for _ in range(size):
            subject = chance.randrange(len(SUBJECTS))
            words = chance.choices(SUBJECTS[subject], k=5) + chance.choices(AROUND, k=10)
            chance.shuffle(words)
            texts.append(" ".join(words))
            labels.append(str(subject))
        return texts, labels
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if text not in rows[0]:
        raise SystemExit(f"{path} has no column {text!r}. It has: {', '.join(rows[0])}.")
    rows = [rows[place % len(rows)] for place in range(size)]
    return [row[text] for row in rows], [row.get(label, "") for row in rows]


def agreement(labels: list[str], groups: dict[int, int]) -> dict[str, float]:
    """Return NMI and ARI over the texts that are in a group."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    places = sorted(groups)
    people = [labels[place] for place in places]
    machine = [groups[place] for place in places]
    if len(set(people)) < 2:
        return {}
    return {
        "nmi": round(float(normalized_mutual_info_score(people, machine)), 3),
        "ari": round(float(adjusted_rand_score(people, machine)), 3),
    }


def ours(texts: list[str], seed: int, count: int) -> dict[int, int]:
    """Group with `analysis.themes`; return the group of each text that has one."""
    from analysis import themes

    proposal = themes.propose(texts, count=count, seed=seed)
    return {
        member.index: place
        for place, theme in enumerate(proposal.themes)
        for member in theme.members
    }


def nmf(texts: list[str], seed: int, count: int) -> dict[int, int]:
    """Group with scikit-learn as its own guide does it: TF-IDF, then NMF."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    counts = TfidfVectorizer(stop_words="english", min_df=2).fit_transform(texts)
    weights = NMF(count, random_state=seed, max_iter=400).fit_transform(counts)
    known = weights.sum(axis=1) > 0
    best = weights.argmax(axis=1)
    return {place: int(best[place]) for place in range(len(texts)) if known[place]}


METHODS = {"par-toolkit": ours, "scikit-learn NMF": nmf}


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one method once, in this process."""
    from analysis.little_said import says_little

    texts, labels = texts_from(arguments.data, arguments.text, arguments.label, arguments.one[0])
    started, cpu = time.perf_counter(), time.process_time()
    groups = METHODS[arguments.method](texts, arguments.seed, arguments.themes)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    # "Nothing." is no matter of grouping: both methods are judged on the texts that say something.
    judged = {place: group for place, group in groups.items() if not says_little(texts[place])}
    return {
        "seconds": round(seconds, 2),
        "cpu": round(cpu, 2),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "themes": len(set(groups.values())),
        "placed": round(len(groups) / max(1, len(texts)), 3),
        "groups": groups,
        **agreement(labels, judged),
    }


def in_child(arguments: argparse.Namespace, size: int, method: str, seed: int) -> dict[str, Any]:
    """Run one method in a process of its own and read what it measured."""
    command = [sys.executable, __file__, "--one", str(size), "--method", method]
    command += ["--seed", str(seed), "--themes", str(arguments.themes)]
    command += ["--text", arguments.text, "--label", arguments.label]
    if arguments.data is not None:
        command += ["--data", str(arguments.data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    """Print the machine, the versions and a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="CSV file; without it texts are made up")
    parser.add_argument("--text", default="text", help="its column of texts")
    parser.add_argument("--label", default="label", help="its column of labels by people")
    parser.add_argument("--themes", type=int, default=THEMES, help="themes asked of each method")
    parser.add_argument("--size", type=int, action="append", help="numbers of texts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", type=int, nargs=1, help=argparse.SUPPRESS)
    parser.add_argument("--method", choices=METHODS, default="par-toolkit", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments)))
        return
    sys.path.insert(0, str(ROOT))
    from benchmarks.shared import machine  # not in the children: it would count in their memory

    names = ("numpy", "scipy", "scikit-learn", "spacy", "spacy-lookups-data", "py3langid")
    print(machine(*names))
    print(f"texts: {arguments.data or 'made up'}; {arguments.themes} themes asked of each\n")
    print("| texts | method | seconds | CPU s | peak MB | themes | placed | NMI | ARI | seed + 1 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for size in arguments.size or SIZES:
        for method in METHODS:
            first = in_child(arguments, size, method, arguments.seed)
            again = in_child(arguments, size, method, arguments.seed + 1)
            same = "same" if first["groups"] == again["groups"] else "differs"
            print(
                f"| {size:,} | {method} | {first['seconds']} | {first['cpu']} | {first['mb']} "
                f"| {first['themes']} | {first['placed']:.0%} | {first.get('nmi', '–')} "
                f"| {first.get('ari', '–')} | {same} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
