"""CSV that a spreadsheet opens as words: no cell of it runs as a formula.

A teller's `=HYPERLINK(…)` is words on the page and in JSON. A spreadsheet would run it, so in CSV
such a cell begins with an apostrophe, and everything else stays as Datasette wrote it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Any, Final

#: What makes a spreadsheet calculate when a cell begins with it, however it is written.
STARTS: Final = "=+-@"
#: What spreadsheets pass over, or take for the end of a cell, before they look at what follows.
RAW_STARTS: Final = "\t\r\n\0"

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
#: One cell with the comma or the end of line after it.
_CELL = re.compile(r'("[^"]*(?:""[^"]*)*"|[^",\r\n]*)(,|\r?\n|\Z)')
_PLAIN = (b"text/csv", b"text/plain")


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet could take `cell` for a formula; a number is none."""
    start = unicodedata.normalize("NFKC", cell.lstrip()[:20]).lstrip()[:1]
    likely = cell[:1] in tuple(RAW_STARTS) or start in tuple(STARTS)
    return likely and not _NUMBER.fullmatch(cell)


def neutral(records: str) -> str:
    """Put an apostrophe before each cell of whole CSV records that could be a formula."""
    return _CELL.sub(_neutral_cell, records)


def _neutral_cell(found: re.Match[str]) -> str:
    cell, end = found.groups()
    quote, inside = ('"', cell[1:-1].replace('""', '"')) if cell[:1] == '"' else ("", cell)
    return f"{quote}'{cell[len(quote) :]}{end}" if is_formula(inside) else found[0]


class Records:
    """Gathers pieces of a CSV file until they end where a record ends."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pieces: list[str] = []
        self._in_quotes = False

    def add(self, piece: bytes, *, last: bool) -> bytes:
        """Take one more piece and return what can be sent on, which may be nothing yet."""
        text = self._decode(piece, last)
        self._pieces.append(text)
        self._in_quotes ^= text.count('"') % 2 == 1
        if not last and (self._in_quotes or not text.endswith("\n")):
            return b""
        whole = "".join(self._pieces)
        self._pieces.clear()
        return neutral(whole).encode()


def with_neutral_cells(app: Any) -> Any:
    """Wrap an ASGI `app` so that no cell of its CSV is a formula."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        records: Records | None = None

        async def send_neutral(message: dict[str, Any]) -> None:
            nonlocal records
            if message["type"] == "http.response.start":
                headers = [
                    (bytes(name).lower(), bytes(value)) for name, value in message["headers"]
                ]
                if dict(headers).get(b"content-type", b"").startswith(_PLAIN):
                    records = Records()
                    # an apostrophe makes it longer
                    kept = [pair for pair in headers if pair[0] != b"content-length"]
                    message = {**message, "headers": kept}
            elif records is not None:
                more = message.get("more_body", False)
                body = records.add(message.get("body", b""), last=not more)
                message = {**message, "body": body}
            await send(message)

        is_csv = scope["type"] == "http" and scope["path"].endswith(".csv")
        await app(scope, receive, send_neutral if is_csv else send)

    return guarded
