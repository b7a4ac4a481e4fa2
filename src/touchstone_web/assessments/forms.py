"""Forms about assessments."""

from collections.abc import Sequence
from typing import Any

from django import forms

from touchstone.content.schemes import Scheme
from touchstone.reports.words import Words
from touchstone_web.assessments.models import UnitResult
from touchstone_web.assessments.queries.results import SORTS
from touchstone_web.shared.forms import PageForm

Choices = list[tuple[str, str]]


class RequestForm(PageForm):
    """Which scheme a snapshot is to be assessed by."""

    scheme = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, schemes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(scheme, scheme) for scheme in schemes]


class PublishForm(forms.Form):
    """As which round of answers an assessment is published; none when nothing is written."""

    wave = forms.CharField(required=False, max_length=100)


class FilterForm(forms.Form):
    """Which results are looked at; a value that cannot be is taken as none.

    Areas are given by the public identifier of their unit.
    """

    text = forms.CharField(required=False, max_length=100)
    grade = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)
    group = forms.ChoiceField(required=False)
    area = forms.CharField(required=False, max_length=32)
    sort = forms.ChoiceField(required=False, choices=[(sort, sort) for sort in SORTS])

    def __init__(
        self,
        *args: Any,
        scheme: Scheme,
        words: Words,
        groups: Choices,
        areas: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        every = ("", words.text("filter.every"))
        grades = [(band.id, words.grade(band.id)) for band in reversed(scheme.grades)]
        statuses = [(value, words.text(f"status.{value}")) for value in UnitResult.Status.values]
        offered = list(areas)
        self.fields["grade"].choices = [every, *grades]
        self.fields["status"].choices = [every, *statuses]
        self.fields["group"].choices = [every, *groups]
        self.fields["area"].widget = forms.Select(choices=[every, *offered])
        for name, field in self.fields.items():
            field.label = words.text(f"filter.{name}") if name != "sort" else ""
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"
        self.fields["text"].widget.attrs["type"] = "search"
        self.fields["text"].widget.attrs["placeholder"] = words.text("filter.text_hint")

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that leave a choice; the order is chosen at the heads of the table."""
        bound = [self[name] for name in ("text", "grade", "status", "group", "area")]
        return [field for field in bound if len(getattr(field.field.widget, "choices", "ab")) > 1]

    def offer_area(self, public_id: str, name: str) -> None:
        """Put an area into the list that stands too low in the tree to be there."""
        choices = list(self.fields["area"].widget.choices)
        if public_id not in {value for value, _ in choices}:
            self.fields["area"].widget.choices = [*choices, (public_id, name)]

    def value(self, name: str) -> str:
        """What was asked for; empty where nothing was, or what cannot be."""
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return str(self.cleaned_data.get(name, ""))
