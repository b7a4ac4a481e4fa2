"""The form by which a file of units is sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from touchstone.reports.words import Words
from touchstone_web.people.models import Tree
from touchstone_web.shared.forms import PageForm
from touchstone_web.shared.installed_packs import installed_packs, words_of_pack
from touchstone_web.shared.uploads import MEBIBYTE, most_bytes

ACCEPTED = ".csv,.gz,.xlsx,.parquet"
NEW = "new"


def file_field() -> forms.FileField:
    """The field for a table; what it really is, its first bytes tell later.

    Call `bound_size` in the form's `__init__`, so that the browser refuses what is too large.
    """
    return forms.FileField(
        max_length=255,
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


def bound_size(field: forms.Field, words: Words) -> None:
    """Tell the browser the largest size, and the sentence that says so."""
    field.widget.attrs["data-most-bytes"] = str(most_bytes())
    field.widget.attrs["data-too-large"] = _too_large(words)


def check_size(file: UploadedFile, words: Words) -> None:
    """Refuse a file that is larger than what is taken."""
    if (file.size or 0) > most_bytes():
        raise ValidationError(_too_large(words), code="too_large")


def _too_large(words: Words) -> str:
    return words.text("upload.too_large", most=most_bytes() // MEBIBYTE)


class TreeFileForm(PageForm):
    """Which tree, and the file with its units."""

    tree = forms.ChoiceField()
    new_tree = forms.CharField(max_length=200, required=False)
    pack = forms.ChoiceField(required=False)
    file = file_field()
    closes_missing = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, trees: QuerySet[Tree], may_open: bool, chosen: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        bound_size(self.fields["file"], self.words)
        self._trees = {tree.public_id: tree for tree in trees}
        new = [(NEW, self.words.text("units.new_tree"))] if may_open else []
        self.fields["tree"].choices = [
            *((key, tree.name) for key, tree in self._trees.items()),
            *new,
        ]
        self.fields["tree"].initial = chosen
        packs = [(name, words_of_pack(name).text("pack.title")) for name in installed_packs()]
        self.fields["pack"].choices = [("", self.words.text("units.no_pack")), *packs]
        if not may_open:
            del self.fields["new_tree"], self.fields["pack"]

    def clean_file(self) -> Any:
        check_size(self.cleaned_data["file"], self.words)
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        """Put the tree itself in the place of its identifier; a new one needs a name."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("tree")
        if chosen == NEW and not cleaned.get("new_tree"):
            self.add_error("new_tree", self.words.text("units.name_needed"))
        cleaned["tree"] = self._trees.get(chosen or "")
        return cleaned
