"""Everything besides the evidence that decides results, as it is kept to compute them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.packs import Pack
from touchstone.content.schemes import Scheme, leaves
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.assess import assess
from touchstone.loop.index_panels import needed_scheme
from touchstone.loop.measure import Measures, measure
from touchstone.loop.results import Assessment
from touchstone.loop.variables import needs_of
from touchstone.reports.words import Words
from touchstone.tallies.engine import EngineName
from touchstone.tallies.tables import Snapshot


class PackName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pack a recipe was taken from; its hash covers more than the recipe holds."""

    name: str
    version: int
    content_hash: str


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One scheme of a pack with all it needs: dataset, indicators, other schemes, analyses, texts.

    `schemes` holds the scheme itself and those whose scores it uses; `texts` are the pack's in
    `language`.
    """

    pack: PackName
    scheme_name: str
    language: str
    dataset: Dataset
    indicators: dict[str, Indicator]
    schemes: dict[str, Scheme]
    analyses: dict[str, Analysis] = {}
    texts: dict[str, str]

    @property
    def scheme(self) -> Scheme:
        """Give the scheme that judges."""
        return self.schemes[self.scheme_name]

    @cached_property
    def words(self) -> Words:
        """Give the texts of the program with the pack's above them."""
        return Words(self.language, self.texts)

    @property
    def is_about_persons(self) -> bool:
        """Say whether persons are assessed, whose results are on no public list."""
        return self.dataset.about == "persons"

    def as_record(self) -> dict[str, Any]:
        """Give the recipe as plain data; `read_recipe` reads it."""
        record: dict[str, Any] = msgspec.to_builtins(self)
        return record


@dataclass(frozen=True, eq=False)
class Computed:
    """What follows from a recipe and a snapshot; `analyses` by name, as `analyse` gives them."""

    recipe: Recipe
    snapshot: Snapshot
    measures: Measures
    assessment: Assessment
    analyses: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def results_hash(self) -> str:
        """SHA-256 of everything the assessment says, in no language and in no file format.

        Hashes canonical JSON (RFC 8785): there are only texts and whole numbers in it, as figures
        are written as texts, so that sorting the keys is all it takes.
        """
        return sha256_hex(msgspec.json.encode(self.assessment, order="sorted"))


def recipe_of(pack: Pack, scheme_name: str, *, language: str = "en") -> Recipe:
    """Take out of a pack what one of its schemes needs.

    Raises TouchstoneError RESULTS-01 when the pack has no such scheme, ValueError for a language
    without texts.
    """
    if scheme_name not in pack.schemes:
        raise TouchstoneError(
            "RESULTS-01",
            where=f"pack {pack.name!r}",
            found=f"no scheme {scheme_name!r}",
            remedy=f"Choose one of: {', '.join(pack.schemes)}.",
        )
    scheme = pack.schemes[scheme_name]
    used = _schemes_used(scheme_name, pack.schemes)
    measured = scheme if scheme.index is None else needed_scheme(scheme)
    indicators = needs_of(measured, pack.schemes).indicators
    return Recipe(
        pack=PackName(name=pack.name, version=pack.version, content_hash=pack.content_hash),
        scheme_name=scheme_name,
        language=language,
        dataset=pack.datasets[scheme.dataset],
        indicators={name: pack.indicators[name] for name in sorted(indicators)},
        schemes={name: pack.schemes[name] for name in used},
        analyses={name: pack.analyses[name] for name in scheme.analyses},
        texts=dict(pack.texts[language]),
    )


def read_recipe(record: Any) -> Recipe:
    """Read a recipe from plain data; ValueError when it is not one."""
    recipe = msgspec.convert(record, Recipe)
    if recipe.scheme_name not in recipe.schemes:
        raise ValueError(f"schemes must hold {recipe.scheme_name!r}; got {list(recipe.schemes)}")
    return recipe


def compute(recipe: Recipe, snapshot: Snapshot, *, engine: EngineName = "duckdb") -> Computed:
    """Measure, assess and analyse a snapshot by a recipe; the same on any engine."""
    measures = measure(
        snapshot,
        recipe.scheme if recipe.scheme.index is None else needed_scheme(recipe.scheme),
        dataset=recipe.dataset,
        indicators=recipe.indicators,
        schemes=recipe.schemes,
        engine=engine,
    )
    assessment = assess(
        measures,
        recipe.scheme,
        pack=recipe.pack.name,
        scheme_name=recipe.scheme_name,
        dataset=recipe.dataset,
        snapshot=snapshot,
        schemes=recipe.schemes,
    )
    analyses = {
        name: analyse(spec, snapshot, dataset=recipe.dataset)
        for name, spec in recipe.analyses.items()
    }
    return Computed(recipe, snapshot, measures, assessment, analyses)


def _schemes_used(name: str, schemes: Mapping[str, Scheme]) -> list[str]:
    """Name a scheme, those within it and those beside it, in alphabetical order."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [leaf.scheme for leaf in leaves(schemes[name].criteria) if leaf.scheme]
            waiting += [other] if (other := schemes[name].beside) else []
    return sorted(found)
