"""The words that stand in brackets where something was taken out, in the language of the text."""

LABELS = {
    "account": {"en": "account name", "fr": "nom de compte"},
    "address": {"en": "address", "fr": "adresse"},
    "date": {"en": "date", "fr": "date"},
    "e-mail": {"en": "e-mail", "fr": "courriel"},
    "health number": {"en": "health number", "fr": "numéro de santé"},
    "name": {"en": "name", "fr": "nom"},
    "number": {"en": "number", "fr": "numéro"},
    "organisation": {"en": "organisation", "fr": "organisme"},
    "phone": {"en": "phone number", "fr": "numéro de téléphone"},
    "place": {"en": "place", "fr": "lieu"},
    "postcode": {"en": "postcode", "fr": "code postal"},
    "web": {"en": "web address", "fr": "adresse web"},
}


def label_of(kind: str, language: str | None = "en") -> str:
    """Return the label for a kind of thing in the language of a text (English where unknown)."""
    code = (language or "en").replace("_", "-").split("-")[0].lower()
    return LABELS[kind].get(code, LABELS[kind]["en"])
