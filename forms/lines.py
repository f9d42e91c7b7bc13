"""Find the line on which a key of a TOML file stands, for messages that name it.

`tomllib` names lines only for broken syntax. This scanner runs after `tomllib` has accepted the
text, so it need not judge anything: it only walks over keys, strings, arrays and inline tables
and notes where each begins.
"""

import re
from collections.abc import Callable

Place = tuple[str | int, ...]
"""Where a key stands in the parsed data: `('question', 2, 'label', 'fr')`."""

_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'  # a closing triple may be preceded by quotes of the text
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")


class Lines:
    """The lines of a TOML text, by the place of each key."""

    def __init__(self, source: str) -> None:
        self._source = source.replace("\r\n", "\n")
        self._at = 0
        self._found: dict[Place, int] = {}
        self._sizes: dict[Place, int] = {}
        # Line numbers are counted forward from the last place asked for, so that the whole
        # scan stays linear.
        self._counted_to, self._line = 0, 1
        self._scan()

    def of(self, *path: str | int) -> int:
        """Return the line of the key at `path`, else of the nearest thing around it, else 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._found:
                return self._found[path[:length]]
        return 1

    def _scan(self) -> None:
        table: Place = ()
        while self._skip_space():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        start = self._at
        is_array = self._source.startswith("[[", start)
        self._at += 2 if is_array else 1
        keys = self._keys()
        self._at += 2 if is_array else 1
        path = self._enter(keys[:-1])
        path = self._next_item((*path, keys[-1])) if is_array else self._enter(keys)
        self._note(path, start)
        return path

    def _enter(self, keys: list[str]) -> Place:
        """Follow keys from the top; inside an array of tables its last item is meant."""
        path: Place = ()
        for key in keys:
            path = (*path, key)
            if path in self._sizes:
                path = (*path, self._sizes[path] - 1)
        return path

    def _next_item(self, array: Place) -> Place:
        index = self._sizes.get(array, 0)
        self._sizes[array] = index + 1
        return (*array, index)

    def _pair(self, table: Place) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path, start)
        self._at += 1  # the equals sign
        self._skip_space()
        self._value(path)

    def _value(self, path: Place) -> None:
        self._note(path, self._at)
        match self._peek():
            case '"' | "'":
                self._at = self._matched(_STRING)
            case "[":
                self._each("]", lambda: self._value(self._next_item(path)))
            case "{":
                self._each("}", lambda: self._pair(path))
            case _:
                self._at = self._matched(_PLAIN_VALUE)

    def _each(self, end: str, take: Callable[[], None]) -> None:
        self._at += 1
        while self._skip_space() and self._peek() != end:
            take()
            self._skip_space()
            if self._peek() == ",":
                self._at += 1
        self._at += 1

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip_space()
            start = self._at
            if self._peek() in "\"'":
                self._at = self._matched(_STRING)
                keys.append(self._source[start + 1 : self._at - 1])
            else:
                self._at = self._matched(_BARE_KEY)
                keys.append(self._source[start : self._at])
            self._skip_space()
            if self._peek() != ".":
                return keys
            self._at += 1

    def _matched(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._source, self._at)
        # Only a text that tomllib would refuse gets here without a match; never stand still.
        return match.end() if match and match.end() > self._at else self._at + 1

    def _skip_space(self) -> bool:
        if match := _SPACE.match(self._source, self._at):
            self._at = match.end()
        return self._at < len(self._source)

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _note(self, path: Place, position: int) -> None:
        if path in self._found:
            return
        self._line += self._source.count("\n", self._counted_to, position)
        self._counted_to = position
        self._found[path] = self._line
