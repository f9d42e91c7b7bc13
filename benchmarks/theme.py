"""Measure theming beside its peers: agreement with people, sameness, seconds and memory.

Each run is a process of its own, so that CPU seconds and peak memory are those of one method from
nothing to its groups, sentence vectors and loading included. With a file whose texts have labels
given by people it says how well the groups agree with them. The peers come with
`pip install par-toolkit[benchmark]`; a peer that is not installed is named and passed over.

Example: python benchmarks/theme.py --data feedback.csv --text text --label label
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import suggest, theme_scale, theme_texts  # noqa: E402
from benchmarks.theme_methods import METHODS, Groups, installed  # noqa: E402

WORDS = 10
LEFT_OUT = -1
OWN_NUMBER = "BERTopic"
"""This peer finds its own number of groups; the others are asked for one."""

NAMES = ("numpy", "scipy", "scikit-learn", "spacy", "py3langid")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run one method once, in this process."""
    job = json.loads(options.one)
    if "scale" in job:
        return theme_scale.run(options, job)
    texts = theme_texts.read(options).texts
    places = left(len(texts), job["left_out"])
    reading, started = cpu_seconds(), time.perf_counter()
    kept = Path(job["kept"]) if job["kept"] else None
    groups = METHODS[job["method"]]([texts[p] for p in places], job["seed"], job["count"], kept)
    return {
        "seconds": time.perf_counter() - started,
        "cpu": cpu_seconds() - reading,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "groups": {places[place]: group for place, group in groups.items()},
    }


def cpu_seconds() -> float:
    """Return the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def left(number: int, left_out: int | None) -> list[int]:
    """Return the places of the texts that stay when a fifth, drawn by `left_out`, is left out."""
    places = list(range(number))
    if left_out is not None:
        random.Random(left_out).shuffle(places)
        places = sorted(places[: number * 4 // 5])
    return places


def in_child(options: argparse.Namespace, **job: Any) -> dict[str, Any]:
    """Run one method in a process of its own and read what it measured."""
    job = {"left_out": None, "kept": None, **job}
    command = [sys.executable, __file__, *sys.argv[1:], "--one", json.dumps(job)]
    environment = {**os.environ, "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{job['method']} failed:\n{done.stderr[-2_000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    result["groups"] = {int(place): group for place, group in result["groups"].items()}
    return result


def alike(one: Groups, other: Groups) -> float:
    """Return the adjusted Rand index of two groupings, over the texts that both place."""
    from sklearn.metrics import adjusted_rand_score

    both = sorted(one.keys() & other.keys())
    return float(adjusted_rand_score([one[p] for p in both], [other[p] for p in both]))


def agreement(labels: list[str], groups: Groups) -> tuple[float, float]:
    """Return NMI and ARI with people's labels over the texts that are in a group."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    places = sorted(groups)
    people, machine = [labels[p] for p in places], [groups[p] for p in places]
    return (
        float(normalized_mutual_info_score(people, machine)),
        float(adjusted_rand_score(people, machine)),
    )


def coherence(lemmas: list[set[str]], groups: Groups) -> float:
    """Return the mean NPMI of the ten words most typical of each group (Bouma 2009).

    The words are chosen in one way for all methods (share inside times log of how much greater it
    is than outside), so that groups are judged and not ways to name them. Pairs are counted over
    all texts; a pair that never meets counts -1.
    """
    from math import log

    everywhere = Counter(word for held in lemmas for word in held)
    number = len(lemmas)
    scores = []
    for group in set(groups.values()):
        mine = [place for place, one in groups.items() if one == group]
        inside = Counter(word for place in mine for word in lemmas[place])
        rest = max(1, number - len(mine))
        rank = {
            word: count / len(mine)
            * log(((count + 0.5) / len(mine)) / ((everywhere[word] - count + 0.5) / rest))
            for word, count in inside.items()
            if count >= 3
        }  # fmt: skip
        words = sorted(rank, key=lambda word: (-rank[word], word))[:WORDS]
        held = {word: {p for p, one in enumerate(lemmas) if word in one} for word in words}
        for first, second in combinations(words, 2):
            both = len(held[first] & held[second]) / number
            apart = len(held[first]) * len(held[second]) / number**2
            # both in every text: certain, and no information; it counts as no coherence
            scores.append(-1.0 if not both else log(both / apart) / -log(both) if both < 1 else 0.0)
    return fmean(scores) if scores else 0.0


def measure(options: argparse.Namespace, method: str, count: int, data: Any) -> dict[str, Any]:
    """Return the figures of one method: first run, run again, other seeds, a fifth left out."""
    labels, says, lemmas = data
    with tempfile.TemporaryDirectory() as folder:
        kept = str(Path(folder) / "vectors.npz")
        first = in_child(options, method=method, count=count, seed=0, kept=kept)
        again = in_child(options, method=method, count=count, seed=0, kept=kept)
        seeds = [first["groups"]]
        for seed in range(1, options.seeds):
            seeds.append(
                in_child(options, method=method, count=count, seed=seed, kept=kept)["groups"]
            )
        fewer = [
            in_child(options, method=method, count=count, seed=0, left_out=one, kept=kept)["groups"]
            for one in range(options.left_out)
        ]
    # "Nothing." is no matter of grouping: all are judged on the texts that say something
    groups = {place: group for place, group in first["groups"].items() if place in says}
    nmi, ari = agreement(labels, groups)
    everything = {place: groups.get(place, LEFT_OUT) for place in says}
    return {
        "nmi": nmi,
        "nmi of all": agreement(labels, everything)[0],
        "ari": ari,
        "coherence": coherence(lemmas, groups),
        "left out": 1 - len(groups) / max(1, len(says)),
        "groups": len(set(groups.values())),
        "seeds": fmean([alike(a, b) for a, b in combinations(seeds, 2)]) if seeds[1:] else None,
        "fifth": fmean([alike(first["groups"], one) for one in fewer]) if fewer else None,
        "cpu": first["cpu"],
        "again": again["cpu"],
        "mb": first["mb"],
        "bytes": first["groups"] == again["groups"],
    }


def written(figures: dict[str, Any]) -> str:
    """Return one row of the table."""
    shown = [f"{figures[name]:.3f}" for name in ("nmi", "nmi of all", "ari", "coherence")]
    shown.append(f"{figures['left out']:.0%}")
    shown.append(str(figures["groups"]))
    shown += [
        "–" if figures[name] is None else f"{figures[name]:.2f}" for name in ("seeds", "fifth")
    ]
    shown += [f"{figures['cpu']:.1f}", f"{figures['again']:.1f}", str(figures["mb"])]
    return " | ".join(shown)


def goals(found: dict[str, dict[str, Any]]) -> list[str]:
    """Say for each goal whether it was reached in this run."""
    us = found.get("par-toolkit")
    peers = {name: one for name, one in found.items() if not name.startswith("par-toolkit")}
    if us is None or not peers:
        return []
    matched = {name: one for name, one in peers.items() if name != OWN_NUMBER} or peers
    best = max(matched, key=lambda name: matched[name]["nmi"])
    of_all = max(peers, key=lambda name: peers[name]["nmi of all"])
    said = [
        (
            f"NMI within 0.02 of the best peer at the same number ({best})",
            us["nmi"] >= matched[best]["nmi"] - 0.02,
        ),
        ("NMI best of all at the same number", us["nmi"] >= matched[best]["nmi"]),
        (
            f"NMI of all texts within 0.02 of any peer at any number ({of_all})",
            us["nmi of all"] >= peers[of_all]["nmi of all"] - 0.02,
        ),
        ("ARI best of all", us["ari"] >= max(one["ari"] for one in peers.values())),
    ]
    if us["seeds"] is not None:
        said.append(("identical for every seed", us["seeds"] == 1))
    if us["fifth"] is not None:
        said.append(("at least 0.60 with a fifth left out", us["fifth"] >= 0.60))
        said.append(("at least 0.65 with a fifth left out", us["fifth"] >= 0.65))
    if default := peers.get(OWN_NUMBER):
        said += [
            ("a third of BERTopic's CPU on a first run", us["cpu"] * 3 <= default["cpu"]),
            (
                "a thirtieth of the CPU of BERTopic's first run on a run again",
                us["again"] * 30 <= default["cpu"],
            ),
        ]
    if brought_down := peers.get("BERTopic, matched"):
        said.append(("NMI above BERTopic at the same number", us["nmi"] > brought_down["nmi"]))
    return [f"- {'reached' if reached else 'NOT reached'}: {goal}" for goal, reached in said]


def compare(options: argparse.Namespace) -> None:
    """Print the table of all methods and the goals."""
    from analysis import tokens
    from analysis.little_said import says_little

    data = theme_texts.read(options)
    count = options.themes or len(data.names)
    says = {place for place, text in enumerate(data.texts) if says_little(text) is None}
    lemmas = [{word.lemma for word in tokens.words(text)} for text in data.texts]
    print(
        f"texts: {len(data.texts):,} from {options.data or 'made up'}, {len(says):,} say something;"
    )
    print(f"{count} themes asked of each; command: {' '.join(sys.argv)}\n")
    print("| method | NMI | NMI of all | ARI | coherence | left out | groups | seeds "
          "| a fifth left out | CPU s | again | MB |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    found = {}
    for method in options.method or METHODS:
        if not installed(method):
            print(f"| {method} | not installed: pip install par-toolkit[benchmark] |", flush=True)
            continue
        found[method] = measure(options, method, count, (data.first, says, lemmas))
        print(f"| {method} | {written(found[method])} |", flush=True)
    print("\n" + "\n".join(goals(found)))


def main() -> None:
    """Print the machine and the versions, and measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    theme_texts.add_options(parser)
    parser.add_argument("--themes", type=int, help="themes asked of each (default: labels)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--left-out", type=int, default=2, help="times a fifth is left out")
    parser.add_argument("--method", action="append", choices=METHODS, help="only these")
    parser.add_argument("--scale", type=int, nargs="+", metavar="SIZE", help="only how it grows")
    parser.add_argument("--words-only", action="store_true", help="--scale without vectors")
    parser.add_argument(
        "--engine", action="append", choices=theme_scale.ENGINES, help="of --scale; again for more"
    )
    suggest.add_options(parser)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options)))
        return
    from benchmarks.shared import machine  # not in the children: it would count in their memory

    print(machine(*NAMES))
    if options.scale:
        print(f"command: {' '.join(sys.argv)}\n")
        print("\n" + "\n".join(theme_scale.measure(options)))
    elif options.suggest:
        suggest.measure(options)
    else:
        compare(options)


if __name__ == "__main__":
    main()
