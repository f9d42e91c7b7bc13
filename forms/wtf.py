"""Turn a form into a Flask-WTF form for a page.

The page only shows and collects; what is taken is decided in `forms.validation`, so that a page
and a tablet never disagree. Whatever was typed stays in the fields when an answer is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput, DateInput

from forms import model
from forms.model import Choices, Form, Question, text_of
from forms.text import showable
from forms.validation import Checked, validate
from forms.words import say

# Browsers kept drafts of the previous person in their session files without it.
_OFF = {"autocomplete": "off"}


class ChoiceGroup:
    """Draws radio buttons or boxes as a fieldset, its question the legend."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        described = attributes.get("aria-describedby")
        return Markup('<fieldset class="choices" id="{}"{}>{}{}{}</fieldset>').format(
            field.id,
            Markup(' aria-describedby="{}"').format(described) if described else "",
            Markup("<legend>{}</legend>").format(field.label.text),
            _drawn_notes(field),
            Markup("").join(
                Markup('<div class="choice">{} {}</div>').format(each(), each.label)
                for each in field
            ),
        )


class QuestionForm(FlaskForm):
    """What every form of questions can do; `form_class` makes the class for one form."""

    # With an underscore, so that no question can have the same name.
    _form: ClassVar[Form]
    _language: ClassVar[str]
    _options: ClassVar[Mapping[str, Choices]]

    class Meta(FlaskForm.Meta):
        """Ties each control to its help and its error for people who hear the page."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read the typed fields alone: a file or JSON under a question's name is no answer."""
            found = super().wrap_formdata(form, formdata)
            return found if found is None or found is formdata else request.form

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Draw the control of a field."""
            if field.errors:
                render_kw = {"aria-invalid": "true", **render_kw}
            if notes := _notes(field):
                ids = " ".join(f"{field.id}-{what}" for what in notes)
                render_kw = {"aria-describedby": ids, **render_kw}
            return super().render_field(field, render_kw)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the form from the request, as Flask-WTF does, and mark what must be answered."""
        super().__init__(*args, **kwargs)
        for question in self._form.asked(self._options):
            if question.required:
                self[question.name].flags.needed = say("please_answer", self._language)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check everything and put each sentence beside its question."""
        valid: bool = super().validate(extra_validators)
        for name, sentence in self._checked().errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:  # not one question of the form can be asked here
                self.form_errors = [*self.form_errors, sentence]
            valid = False
        return valid

    def answers(self) -> dict[str, Any]:
        """Return the clean answers by question name, without those that were refused."""
        return self._checked().answers

    def block(self, name: str) -> Markup:
        """Draw one question whole: what is asked, help, error and control."""
        field = self[name]
        if isinstance(field.widget, ChoiceGroup):
            return field()
        return Markup("{}{}{}").format(field.label(), _drawn_notes(field), field())

    def _checked(self) -> Checked:
        given = {
            question.name: _typed(self[question.name], question)
            for question in self._form.asked(self._options)
        }
        return validate(self._form, given, options=self._options, language=self._language)


def form_class(form: Form, language: str, *, options: Mapping[str, Choices]) -> type[QuestionForm]:
    """Make the Flask-WTF class for `form` in `language`, one field a question, named like it.

    `options` are the inquiry's own lists (`groups`, `cycles`) as (code, label) in `language`.
    """
    fields = {
        question.name: _field(form, question, language, options) for question in form.asked(options)
    }
    name = f"{form.name.title().replace('_', '')}{form.version}"
    about = {"_form": form, "_language": language, "_options": options}
    return type(name, (QuestionForm,), {**about, **fields})


def _field(
    form: Form, question: Question, language: str, options: Mapping[str, Choices]
) -> UnboundField:
    shared: dict[str, Any] = {
        "label": text_of(question.labels, language),
        "description": text_of(question.helps, language),
        "render_kw": dict(_OFF),
    }
    if question.required:
        # Not the attribute `required`: browsers then speak in their own language, not the form's.
        shared["render_kw"]["aria_required"] = "true"
    choices = [
        SelectChoice(code, label, _OFF) for code, label in question.choices(options, language)
    ]
    match question.kind:
        case model.LONG_TEXT:
            shared["render_kw"]["rows"] = 8 if question.required else 4
            return TextAreaField(filters=[_shown], **shared)
        case model.CHOICE:
            if not question.required:
                choices.append(SelectChoice("", _rather_not(form, language), _OFF))
            return RadioField(
                choices=choices, validate_choice=False, widget=ChoiceGroup(), **shared
            )
        case model.MANY:
            return SelectMultipleField(
                choices=choices,
                validate_choice=False,
                widget=ChoiceGroup(),
                option_widget=CheckboxInput(),
                **shared,
            )
        case model.DATE:
            return StringField(widget=DateInput(), filters=[_shown], **shared)
        case model.NUMBER:
            # Not type=number: it throws away what it cannot read, and turns with the wheel.
            shared["render_kw"]["inputmode"] = "decimal"
    return StringField(filters=[_shown], **shared)


def _rather_not(form: Form, language: str) -> str:
    return text_of(form.rather_not, language) or say("rather_not", language)


def _typed(field: Field, question: Question) -> Any:
    """Return what came in, before anything was changed to be shown again."""
    raw = field.raw_data
    if raw is None:
        return field.data
    if question.kind == model.MANY:
        return raw
    return raw[0] if raw else None


def _shown(data: str | None) -> str | None:
    return None if data is None else showable(data)


def _notes(field: Field) -> dict[str, str]:
    """Return what is written between question and control, by the ending of its id."""
    notes = {
        "needed": field.flags.needed,
        "help": field.description,
        "error": " ".join(field.errors),
    }
    return {what: text for what, text in notes.items() if text}


def _drawn_notes(field: Field) -> Markup:
    """Draw the notes of a field, each with the class and the id that its control points to."""
    note = Markup('<p class="{0}" id="{1}-{0}">{2}</p>')
    return Markup("").join(
        note.format(what, field.id, text) for what, text in _notes(field).items()
    )
