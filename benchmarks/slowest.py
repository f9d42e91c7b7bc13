"""Which texts cost most: milliseconds for each kilobyte, through the doors of `par serve`.

Texts of many kinds (marks on one letter, joiners, right to left, what looks like a name, a number
or an address everywhere) are sent as stories, redactions are suggested for each, and the slowest
are said. The goal is 100 ms for a kilobyte, however long the text.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import shared

from par_toolkit import inquiry, reviewing
from par_toolkit.storage import stories
from par_toolkit.storage.database import open_database

GOAL = 100.0


def texts(seed: int, size: int) -> Iterator[tuple[str, str]]:
    """Give the name of each kind of text, and the text, about `size` kilobytes of UTF-8."""
    draw = random.Random(seed)
    kinds = {
        "words": "The bus to the clinic stopped running in May, and nobody told us why. ",
        "one letter": "a",
        "no spaces": "waitingroom",
        "marks on letters": "e\u0301\u0302\u0303\u0304",
        "one run of marks": "\u0301",
        "joiners": "\u200d",
        "emoji": "👩‍👩‍👧🏴",
        "right to left": "انتظار بہت طویل تھا، کسی نے کچھ نہیں بتایا ",
        "turned about": "\u202ea\u2066b",
        "names": "Ama Example of Exampleton told Kofi Example. ",
        "numbers": "07700 900123, 1/2/2026, SW1A 1AA, 12:30. ",
        "addresses": "ama@example.org https://example.org/a?b=c ",
        "dashes and quotes": "--“’‘”––''\"\" ",
        "line ends": "\r\n\u2028",
        "spaces": " ",
        "brackets": "((((([[[[[{{{{{",
        "markup": "<script>&amp;</b>",
        "dots": "a.b.c.d.",
        "at signs": "a@a@a@",
        "digits": "1234567890",
    }
    for name, piece in kinds.items():
        yield name, piece * (size * 1024 // len(piece.encode()) + 1)
    for number in range(5):
        letters = [chr(draw.choice([draw.randrange(32, 0x250), draw.randrange(0x300, 0xD7FF)]))
                   for _ in range(size * 400)]  # fmt: skip
        yield f"random {number}", "".join(letters)


def sent(port: int, token: str, text: str) -> float:
    """Send one text as a story, and return the seconds until it was kept."""
    body = json.dumps(
        {
            "form": "story",
            "form_version": 1,
            "language": "en",
            "receipt": f"{random.randrange(10**16):016d}",
            "answers": {"telling": text + " words"},
            "consent": {"analyse": True, "quote": True, "wording": 1},
        }
    ).encode()
    line = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    before = time.perf_counter()
    line.request("PUT", f"/api/stories/{uuid4()}", body, headers)
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - before
    line.close()
    if answer.status != 201:
        sys.exit(f"A story was answered with {answer.status}.")
    return took


def main() -> int:
    """Measure, print, and return 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kilobytes", type=int, default=16)
    options = parser.parse_args()
    print(shared.machine())
    keeping: dict[str, float] = {}
    reading: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        folder, token = shared.new_inquiry(Path(place) / "inquiry")
        with shared.serving(shared.par_serve(folder)) as port:
            sent(port, token, "to warm up")
            for name, text in texts(options.seed, options.kilobytes):
                kilobytes = len(text.encode()) / 1024
                best = min(sent(port, token, text) for _ in range(3))
                keeping[name] = best * 1000 / kilobytes
        here = inquiry.load(folder)
        with open_database(folder) as db:
            known = dict(texts(options.seed, options.kilobytes))
            for story in stories.listing(db):
                told = story.answers["telling"].removesuffix(" words")
                name = next((one for one, text in known.items() if text == told), "")
                before = time.perf_counter()
                reviewing.suggest_redactions(db, here, story.id)
                took = (time.perf_counter() - before) * 1000 / (len(told.encode()) / 1024 or 1)
                if name:
                    reading[name] = min(took, reading.get(name, took))
    for what, found in (("keeping a story", keeping), ("suggesting redactions", reading)):
        print(f"\n{what}, ms for each KB, the slowest first; goal {GOAL:.0f}:")
        for name, cost in sorted(found.items(), key=lambda one: -one[1])[:8]:
            print(f"  {cost:8.2f}  {name}")
    worst = max([*keeping.values(), *reading.values()])
    print(
        f"\nThe goal is {'reached' if worst < GOAL else 'missed'}: {worst:.2f} ms for a KB at most."
    )
    return 0 if worst < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
