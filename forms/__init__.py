"""Forms as data: question sets in TOML, checked, shown on pages and printed on paper.

    from forms import load
    story = load("story")
    story.text(story.questions[0].labels, "fr")

Knows nothing of the rest of the toolkit. See README.md beside this file.
"""

from forms import paper, wtf
from forms.catalogue import available, check_folder, load
from forms.errors import FormError, UnknownForm
from forms.model import Form, Option, Question
from forms.text import TextError, clean_text
from forms.validation import Checked, validate

__all__ = [
    "Checked",
    "Form",
    "FormError",
    "Option",
    "Question",
    "TextError",
    "UnknownForm",
    "available",
    "check_folder",
    "clean_text",
    "load",
    "paper",
    "validate",
    "wtf",
]
