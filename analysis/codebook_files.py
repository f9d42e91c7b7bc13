"""Read and write a codebook as CSV (for a spreadsheet) or YAML (for people who edit text)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from analysis.codebook import Code, CodebookError, checked

COLUMNS = ("code", "name", "meaning", "when", "when_not", "examples", "parent")
LARGEST = 2_000_000
"""Characters in a file; a codebook of 500 codes has far fewer."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(codes: Sequence[Code]) -> str:
    """Return the codebook as CSV, one code a row; examples stand on lines of their own.

    A field that a spreadsheet would take for a formula gets an apostrophe in front, which
    `from_csv` takes away again.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in codes:
        fields = (one.code, one.name, one.meaning, one.when, one.when_not)
        row = [*fields, "\n".join(" ".join(text.split()) for text in one.examples)]
        writer.writerow([_guarded(field) for field in (*row, one.parent or "")])
    return out.getvalue()


def from_csv(text: str) -> tuple[Code, ...]:
    """Read a codebook from CSV (`;` and tabs do as well); columns may be in any order.

    Raise CodebookError where a column that is needed is missing or the codes cannot be used.
    """
    _check_size(text)
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    divider = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=divider, strict=True))
    except csv.Error as error:
        raise CodebookError(
            f"This is no CSV file that can be read ({error}). Save it again as CSV, UTF-8."
        ) from None
    if not rows:
        raise CodebookError("The file holds no codes. Put one on each row under the headings.")
    present = {(name or "").strip().lower() for name in rows[0] if name is not None}
    if missing := {"code", "name"} - present:
        raise CodebookError(
            f"The first row must have the headings code and name; missing: "
            f"{', '.join(sorted(missing))}."
        )
    found = []
    for row in rows:
        if None in row:
            raise CodebookError("A row has more fields than the first row has headings.")
        fields = {name.strip().lower(): _bare(value or "") for name, value in row.items() if name}
        if any(value.strip() for value in fields.values()):
            found.append(_code({name: fields.get(name, "") for name in COLUMNS}))
    return checked(found)


def to_yaml(codes: Sequence[Code]) -> str:
    """Return the codebook as YAML: a list of codes, fields that are empty left out."""
    import yaml

    listed = []
    for one in codes:
        fields = {name: getattr(one, name) for name in COLUMNS}
        fields["examples"] = list(one.examples)
        listed.append({name: value for name, value in fields.items() if value})
    return str(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=90))


def from_yaml(text: str) -> tuple[Code, ...]:
    """Read a codebook from YAML. Plain lists, words and numbers only: no tags and no references.

    Raise CodebookError where it is no such list or the codes cannot be used.
    """
    import yaml

    _check_size(text)
    try:
        # references can make a short file endless, and a codebook needs none
        if any(
            isinstance(event, yaml.events.AliasEvent)
            for event in yaml.parse(text, Loader=yaml.SafeLoader)
        ):
            raise CodebookError("The file uses references (*name). Write each code out in full.")
        listed = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" on line {mark.line + 1}" if mark else ""
        raise CodebookError(f"This is no YAML that can be read{where}. Correct it there.") from None
    except RecursionError:
        raise CodebookError("The file is nested too deep. Write one list of codes.") from None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise CodebookError("The file must be a list of codes, each with code: and name:.")
    return checked(_code(_plain(one)) for one in listed)


def _plain(one: dict[Any, Any]) -> dict[str, Any]:
    unknown = sorted(str(name) for name in one if name not in COLUMNS)
    if unknown:
        raise CodebookError(
            f"Nobody knows the field {unknown[0]!r}. A code has: {', '.join(COLUMNS)}."
        )
    fields: dict[str, Any] = {}
    for name, value in one.items():
        several = isinstance(value, list) and name == "examples"
        if isinstance(value, dict | list) and not several:
            raise CodebookError(f"The field {name!r} must be one text.")
        if several:
            fields[name] = [str(text) for text in value]
        else:
            fields[name] = "" if value is None else str(value)
    return fields


def _code(fields: dict[str, Any]) -> Code:
    examples = fields.get("examples", "")
    lines: Iterable[str] = examples.splitlines() if isinstance(examples, str) else examples
    return Code(
        code=fields.get("code", "").strip(),
        name=fields.get("name", "").strip(),
        meaning=fields.get("meaning", "").strip(),
        when=fields.get("when", "").strip(),
        when_not=fields.get("when_not", "").strip(),
        examples=tuple(line.strip() for line in lines if line.strip()),
        parent=fields.get("parent", "").strip() or None,
    )


def _guarded(field: str) -> str:
    return f"'{field}" if field.startswith((*_FORMULA, "'")) else field


def _bare(field: str) -> str:
    return field[1:] if field.startswith("'") and field[1:].startswith((*_FORMULA, "'")) else field


def _check_size(text: str) -> None:
    if len(text) > LARGEST:
        raise CodebookError(f"The file has {len(text):,} characters; at most {LARGEST:,} are read.")
