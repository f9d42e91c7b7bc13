"""The paper form of an inquiry: its own groups, words of consent and help contacts on one page."""

from __future__ import annotations

import forms
from par_toolkit.inquiry import USES, Inquiry


def page(inquiry: Inquiry, form: forms.Form, language: str, *, stylesheet: str) -> str:
    """Return `form` as a whole page to print in `language`; `stylesheet` is where its style is."""

    def said(*words: str) -> str:
        return " – ".join(part for part in words if part)

    return forms.paper.render(
        form,
        language,
        options=inquiry.options(language),
        inquiry_name=inquiry.name,
        consent_uses=[(use, inquiry.text(inquiry.consent.uses[use], language)) for use in USES],
        help_contacts=[
            said(inquiry.text(one.names, language), inquiry.text(one.details, language), one.phone)
            for one in inquiry.help_contacts
        ],
        confidentiality=inquiry.text(inquiry.confidentiality, language),
        stylesheet_href=stylesheet,
        asks_contact=True,
    )
