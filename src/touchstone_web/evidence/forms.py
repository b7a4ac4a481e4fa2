"""The form by which a file of evidence is sent."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from touchstone_web.evidence.commands import Target
from touchstone_web.evidence.models import Upload
from touchstone_web.evidence.queries import knows_level
from touchstone_web.packs.queries import DatasetChoice
from touchstone_web.people.models import Tree
from touchstone_web.shared.forms import PageForm, choices_in_words
from touchstone_web.shared.installed_packs import words_of_pack
from touchstone_web.units.forms import NEW, bound_size, check_size, file_field


class EvidenceForm(PageForm):
    """What the file is, which tree it is about, and the file."""

    dataset = forms.ChoiceField()
    tree = forms.ChoiceField()
    new_tree = forms.CharField(max_length=200, required=False)
    units_from = forms.ChoiceField(
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}), required=False
    )
    file = file_field()
    title = forms.CharField(max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        datasets: list[DatasetChoice],
        trees: QuerySet[Tree],
        may_open: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        bound_size(self.fields["file"], self.words)
        self._datasets = {choice.key: choice for choice in datasets}
        self._trees = {tree.public_id: tree for tree in trees}
        self.fields["dataset"].choices = [
            (key, _title(choice)) for key, choice in self._datasets.items()
        ]
        new = [(NEW, self.words.text("evidence.new_tree"))] if may_open else []
        named = [(key, tree.name) for key, tree in self._trees.items()]
        self.fields["tree"].choices = [*named, *new]
        self.fields["units_from"].choices = choices_in_words(
            Upload.UnitsFrom, "evidence.units_from", self.words
        )
        self.fields["units_from"].initial = Upload.UnitsFrom.FILE
        if not may_open:
            del self.fields["new_tree"]

    def clean_file(self) -> Any:
        check_size(self.cleaned_data["file"], self.words)
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        """Put things in the place of their names: the dataset, the tree with its units."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("tree")
        units_from = cleaned.pop("units_from", "") or Upload.UnitsFrom.FILE
        tree = self._trees.get(chosen or "")
        choice = self._datasets.get(cleaned.get("dataset") or "")
        if chosen == NEW and not cleaned.get("new_tree"):
            self.add_error("new_tree", self.words.text("units.name_needed"))
        if choice and tree and tree.pack not in {"", choice.pack.name}:
            self.add_error("tree", self.words.text("evidence.other_pack", tree=tree.name))
        if tree is None:
            # A new tree knows no units that the file could be held against.
            units_from = Upload.UnitsFrom.FILE
        elif choice and units_from == Upload.UnitsFrom.TREE:
            self._check_level(choice, tree)
        cleaned["target"] = Target(tree, cleaned.pop("new_tree", ""), units_from)
        cleaned.pop("tree", None)
        if choice:
            cleaned |= {"pack": choice.pack.name, "dataset": choice.name}
        return cleaned

    def _check_level(self, choice: DatasetChoice, tree: Tree) -> None:
        """A file can be held against a tree only when that has units of the file's level."""
        levels = choice.pack.datasets[choice.name].levels
        if levels and not knows_level(tree, levels[-1].level):
            level = words_of_pack(choice.pack.name).text(f"level.{levels[-1].level}")
            text = self.words.text("evidence.no_such_level", tree=tree.name, level=level)
            self.add_error("units_from", text)


def _title(choice: DatasetChoice) -> str:
    words = words_of_pack(choice.pack.name)
    return words.text(
        "evidence.dataset_of_pack",
        pack=words.text("pack.title"),
        dataset=words.text(f"dataset.{choice.name}"),
    )
