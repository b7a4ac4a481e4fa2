"""Forms in the look of the product, with labels from the catalogues."""

from typing import Any

from django import forms
from django.db.models import TextChoices

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.reports.words import Words
from touchstone_web.shared.faults import fault_text
from touchstone_web.shared.languages import words_for

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
}


class PageForm(forms.Form):
    """A form whose field `x` is labelled by the text `field.x`, with the hint `hint.x` if any.

    In templates: `{% include "shared/form.html" with form=form %}` draws all fields.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.words = words_for()
        for name, field in self.fields.items():
            dress_field(name, field, words=self.words)

    def take_fault(self, fault: TouchstoneError) -> None:
        """Show a fault that a command found, above the fields."""
        faults = fault.faults if isinstance(fault, InputErrors) else (fault,)
        for each in faults:
            self.add_error(None, fault_text(each, self.words))


def dress_field(name: str, field: forms.Field, *, words: Words) -> None:
    """Give a field its label, hint and look."""
    if words.knows(f"field.{name}"):
        field.label = words.text(f"field.{name}")
    if words.knows(f"hint.{name}"):
        field.help_text = words.text(f"hint.{name}")
    widget = field.widget
    widget.attrs.setdefault("class", CLASSES.get(type(widget), "form-control"))


def choices_in_words(
    choices: type[TextChoices], prefix: str, words: Words
) -> list[tuple[str, str]]:
    """Choices of a field with the texts `<prefix>.<value>`."""
    return [(str(value), words.text(f"{prefix}.{value}")) for value in choices.values]
