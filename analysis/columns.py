"""Take texts as they come in a notebook: a list, an array, a column of a pandas table."""

from collections.abc import Iterable

MISSING = (
    "Text number {place} (counted from 0) is missing: it is {one!r}. pandas takes answers such as "
    '“None”, “n/a” and “null” for missing. Read the file with keep_default_na=False, or put "" '
    'where nobody answered: column.fillna("").'
)


def texts_of(given: Iterable[object]) -> list[str]:
    """Return the texts as a list, in their order; an index of a table plays no part.

    Raise ValueError where one is missing, for no answer may be lost without a word, or where it is
    no column of texts.
    """
    if isinstance(given, str):
        raise ValueError("One text came where many are needed: give a list of texts.")
    if hasattr(given, "columns"):
        raise ValueError(
            'A whole table came: give the column with the texts, such as table["text"].'
        )
    found: list[str] = []
    for place, one in enumerate(given):
        if not isinstance(one, str):
            if _missing(one):
                raise ValueError(MISSING.format(place=place, one=one))
            raise ValueError(
                f"Text number {place} (counted from 0) is no text but {one!r}. Give texts: "
                "column.astype(str)."
            )
        found.append(str(one))
    return found


def values_of(given: Iterable[object]) -> list[object]:
    """Return a column's values as plain Python; what is missing in it becomes None."""
    plain = [one.item() if hasattr(one, "item") else one for one in given]
    return [None if _missing(one) else one for one in plain]


def _missing(one: object) -> bool:
    """Say whether pandas or NumPy mean by `one` that nothing is there."""
    return one is None or (not isinstance(one, str) and str(one) in ("nan", "NaT", "<NA>"))
