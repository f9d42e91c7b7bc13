"""A language that is written from right to left and that only a few of our texts exist in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from par_toolkit.inquiry import Inquiry
from par_toolkit.web import languages

ARABIC = {"This tablet": "هذا الجهاز", "Without a network": "بلا شبكة", "Language": "اللغة"}


def with_arabic(inquiry: Inquiry, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Add Arabic to the inquiry's languages and to our catalogues; return the inquiry's folder."""
    catalogues = folder / "catalogues"
    shutil.copytree(languages.CATALOGUES, catalogues)
    made = Catalog(locale="ar", domain="messages")
    for text, translated in ARABIC.items():
        made.add(text, translated)
    place = catalogues / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, made)
    monkeypatch.setattr(languages, "CATALOGUES", catalogues)
    languages.catalogues.cache_clear()
    settings = inquiry.folder / "inquiry.toml"
    text = settings.read_text("utf-8")
    assert 'languages = ["en", "fr"]' in text
    text = text.replace('languages = ["en", "fr"]', 'languages = ["en", "fr", "ar"]')
    settings.write_text(text, "utf-8")
    return inquiry.folder
