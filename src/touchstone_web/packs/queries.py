"""Reading packs: which there are, and what they hold."""

from dataclasses import dataclass

from django.http import Http404

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import Dataset
from touchstone.content.packs import Pack
from touchstone.content.schemes import Scheme
from touchstone_web.people.models import Person
from touchstone_web.shared.installed_packs import installed_pack, installed_packs


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """One dataset of one pack, as a person chooses it."""

    pack: Pack
    name: str

    @property
    def key(self) -> str:
        """What stands for it in a form."""
        return f"{self.pack.name}/{self.name}"


def packs(*, seen_by: Person) -> list[Pack]:
    """The installed packs, for everybody with an account: rules are public."""
    return list(installed_packs().values()) if seen_by.is_authenticated else []


def pack(name: str, *, seen_by: Person) -> Pack:
    """One installed pack; 404 when there is none."""
    found = installed_pack(name)
    if found is None or not seen_by.is_authenticated:
        raise Http404("no such pack")
    return found


def scheme(pack: Pack, name: str) -> Scheme:
    """One scheme of a pack; 404 when it has none of that name."""
    found = pack.schemes.get(name)
    if found is None:
        raise Http404("no such scheme")
    return found


def dataset_of(pack_name: str, dataset: str) -> Dataset:
    """A dataset for the use of jobs; UPLOAD-10 when its pack is gone or has changed."""
    found = installed_pack(pack_name)
    if found is None or dataset not in found.datasets:
        raise TouchstoneError(
            "UPLOAD-10",
            where=f"pack '{pack_name}'",
            found=f"this installation has no dataset '{dataset}' of that pack",
            remedy="Choose a pack that is installed.",
        )
    return found.datasets[dataset]


def dataset_choices(*, seen_by: Person) -> list[DatasetChoice]:
    """All datasets of all installed packs."""
    return [DatasetChoice(pack, name) for pack in packs(seen_by=seen_by) for name in pack.datasets]
