"""A community's codebook: codes with their meaning, and what makes a codebook unusable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_CODES = 500
"""Nobody can hold so many in mind; a codebook that is longer is to be put together first."""

LONGEST_FIELD = 5_000
"""Characters in one field of a code."""


class CodebookError(ValueError):
    """A codebook that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `code` is its short name and never changes, `parent` is another code's.

    `when` and `when_not` say when people use it; `examples` are what people said.
    """

    code: str
    name: str
    meaning: str = ""
    when: str = ""
    when_not: str = ""
    examples: tuple[str, ...] = ()
    parent: str | None = None


def checked(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Return the codes as they came, or raise CodebookError with what is wrong and where."""
    found = tuple(codes)
    if len(found) > MOST_CODES:
        raise CodebookError(
            f"This codebook has {len(found)} codes; at most {MOST_CODES} can be worked with. "
            "Put some of them together."
        )
    known: dict[str, Code] = {}
    names: dict[str, str] = {}
    for number, one in enumerate(found, start=1):
        _check_fields(one, number)
        if one.code in known:
            raise CodebookError(f"The code {one.code!r} is there twice. Give each one once.")
        same = names.setdefault(one.name.strip().casefold(), one.code)
        if same != one.code:
            raise CodebookError(
                f"The codes {same!r} and {one.code!r} have the same name, {one.name!r}. "
                "Rename one of them."
            )
        known[one.code] = one
    for one in found:
        if one.parent is not None and one.parent not in known:
            raise CodebookError(
                f"The code {one.code!r} is under {one.parent!r}, which is not in the codebook. "
                "Add it, or leave the parent empty."
            )
    for one in found:
        _check_no_cycle(one, known)
    return found


def _check_fields(one: Code, number: int) -> None:
    if not one.code.strip():
        raise CodebookError(f"Code number {number} has no short name. Give it one.")
    if not one.name.strip():
        raise CodebookError(f"The code {one.code!r} has no name. Give it one.")
    for text in (one.code, one.name, one.meaning, one.when, one.when_not, *one.examples):
        if len(text) > LONGEST_FIELD:
            raise CodebookError(
                f"A field of the code {one.code!r} has {len(text)} characters; at most "
                f"{LONGEST_FIELD} fit. Shorten it."
            )


def _check_no_cycle(one: Code, known: dict[str, Code]) -> None:
    way = [one.code]
    while (parent := known[way[-1]].parent) is not None:
        if parent in way:
            circle = " under ".join([*way[way.index(parent) :], parent])
            raise CodebookError(f"The codes go round in a circle: {circle}. Free one of them.")
        way.append(parent)


def descriptions(codes: Sequence[Code]) -> list[tuple[int, str]]:
    """Return the sentences that say what each code is: (place of the code, sentence).

    What a code is *not* is left out: to a machine "not about parking" is about parking.
    """
    told = []
    for place, one in enumerate(codes):
        fields = (one.name, one.meaning, one.when, *one.examples)
        told += [(place, text.strip()) for text in fields if text.strip()]
    return told
