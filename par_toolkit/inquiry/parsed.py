"""The settings of an inquiry as they were typed: read part by part, each refused with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from par_toolkit.inquiry.model import InquiryError

CODE: Final = re.compile(r"^[a-z][a-z0-9_]*$")


class Parsed:
    """Parsed TOML with the lines it came from."""

    def __init__(self, path: Path, source: str, data: dict[str, Any]) -> None:
        self.path = path
        self.lines = source.splitlines()
        self.data = data

    def table(self, name: str) -> dict[str, Any]:
        table = self.data.get(name)
        if not isinstance(table, dict):
            raise InquiryError(f"{self.path}: the part [{name}] is missing. Add it.")
        return table

    def rows(self, name: str) -> list[dict[str, Any]]:
        rows = self.data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.refuse(name, f"must be written as [[{name}]], once for each")
        return list(rows)

    def known(self, table: Mapping[str, Any], names: Collection[str], part: str) -> None:
        """Refuse a setting that is none of `part`: a typing mistake must change nothing unseen."""
        for setting in table:
            if setting not in names:
                self.refuse(setting, f"is no setting of {part}; these are: {', '.join(names)}")

    def words(self, table: Mapping[str, Any], key: str) -> dict[str, str]:
        value = table.get(key, {})
        if isinstance(value, str):
            value = {"en": value}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.refuse(key, 'must be words for each language, such as { en = "…", fr = "…" }')
        return {code: text.strip() for code, text in value.items()}

    def string(self, table: Mapping[str, Any], key: str, *, required: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.refuse(
                key,
                "must be words in quotes, and not empty" if required else "must be words in quotes",
            )
        return str(value)

    def whole(self, table: Mapping[str, Any], key: str, default: int | None) -> int | None:
        value = table.get(key, default)
        if value is not None and (type(value) is not int or value < 1):
            self.refuse(key, "must be a whole number above 0")
        return value

    def code(self, row: Mapping[str, Any]) -> str:
        code = row.get("code", "")
        if not isinstance(code, str) or not CODE.match(code):
            self.refuse(
                "code", f"'{code}' must be small letters, digits and _ , such as young_people"
            )
        return str(code)

    def distinct(self, codes: list[str], what: str) -> None:
        for code in codes:
            if codes.count(code) > 1:
                self.refuse(
                    f'"{code}"', f"two of the {what}s have the code '{code}'; give each its own"
                )
            if code == "all":
                self.refuse('"all"', f"'all' is kept for totals; give the {what} another code")

    def refuse(self, near: str, reason: str) -> NoReturn:
        setting = re.compile(rf"\s*{re.escape(near)}\s*=")
        for is_it in (setting.match, lambda line: near in line):
            for number, line in enumerate(self.lines, start=1):
                if is_it(line) and not line.lstrip().startswith("#"):
                    raise InquiryError(f"{self.path}, line {number}: {near} {reason}.")
        raise InquiryError(f"{self.path}: {near} {reason}.")
