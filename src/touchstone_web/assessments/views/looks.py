"""What every page about one assessment begins with: who looks at what, in which words."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import msgspec
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from touchstone.content.schemes import Scheme
from touchstone.loop.results import UnitResult
from touchstone.reports.recipes import Recipe, read_recipe
from touchstone.reports.words import Words
from touchstone_web.assessments import models
from touchstone_web.assessments.queries import assessments as queries
from touchstone_web.assessments.queries import results
from touchstone_web.assessments.queries.assessments import Rights
from touchstone_web.assessments.records import group_key, result_of
from touchstone_web.people.models import Person
from touchstone_web.shared import clocks
from touchstone_web.shared.installed_packs import installed_pack
from touchstone_web.shared.languages import current_language, web_texts


@dataclass(frozen=True)
class Look:
    """One person looking at one assessment."""

    assessment: models.Assessment
    person: Person
    on: date
    rights: Rights
    words: Words

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme as it was when the assessment was asked for."""
        return msgspec.convert(self.assessment.scheme, Scheme)

    @cached_property
    def recipe(self) -> Recipe:
        """All that decided the results besides the evidence."""
        return read_recipe(self.assessment.recipe)

    @property
    def rows(self) -> QuerySet[models.UnitResult]:
        """The results within the remit."""
        return results.results_seen_by(
            self.assessment, seen_by=self.person, on=self.on, rights=self.rights
        )

    @property
    def areas(self) -> QuerySet[models.AreaMean]:
        """The means of areas within the remit."""
        return results.areas_seen_by(
            self.assessment, seen_by=self.person, on=self.on, rights=self.rights
        )

    @property
    def title(self) -> str:
        """The scheme's title; its name where the pack is gone."""
        return scheme_title(self.assessment, self.words)

    def result(self, row: models.UnitResult) -> UnitResult:
        """The library's result that a row keeps."""
        return result_of(row, self.assessment.places)

    def groups(self) -> list[tuple[str, str]]:
        """The comparison groups to choose from: their key and what they are called."""
        if self.scheme.comparison is None:
            return []
        found = results.groups_in(self.rows)
        return [(group_key(group), self.group_in_words(group)) for group in found]

    def group_in_words(self, group: list[list[str]]) -> str:
        """What a comparison group is called."""
        comparison = self.scheme.comparison
        if comparison is None:
            return ""
        texts = []
        for column, value in group:
            if column in comparison.by:
                texts.append(self.words.text(f"value.{column}.{value}"))
            elif comparison.quantiles is not None:
                parts = comparison.quantiles.parts
                texts.append(self.words.text("result.part", column=column, part=value, parts=parts))
        return self.words.text("sign.dot").join(texts)


def look_at(request: HttpRequest, public_id: str) -> Look:
    """Find an assessment for whoever asks; 404 when it is not theirs to see."""
    person, on = request.user, clocks.today()
    assessment = queries.assessment_seen_by(public_id, seen_by=person, on=on)
    rights = queries.rights_over(assessment.tree, seen_by=person, on=on)
    return Look(assessment, person, on, rights, words_of_assessment(assessment))


def look_at_results(request: HttpRequest, public_id: str) -> Look:
    """The same for an assessment that has results; 404 while it has none."""
    look = look_at(request, public_id)
    if not look.assessment.is_computed:
        raise Http404("no results yet")
    return look


def words_of_assessment(assessment: models.Assessment) -> Words:
    """The reader's words, with those of the pack as it is now above those it had then.

    So an assessment can be read after its pack was changed or taken away, if need be in the
    language in which its reasons were written.
    """
    pack, language = installed_pack(assessment.pack), current_language()
    now = {} if pack is None else pack.texts.get(language, {})
    return Words(language, {**web_texts(language), **assessment.recipe["texts"], **now})


def scheme_title(assessment: models.Assessment, words: Words) -> str:
    """The title of an assessment's scheme; its name where the pack is gone."""
    key = f"scheme.{assessment.scheme_name}.title"
    return words.text(key) if words.knows(key) else assessment.scheme_name


def pack_title(assessment: models.Assessment, words: Words) -> str:
    """The title of an assessment's pack; its name where the pack is gone."""
    return words.text("pack.title") if words.knows("pack.title") else assessment.pack


def frame_of(look: Look) -> dict[str, object]:
    """What all pages about one assessment show around their content."""
    return {
        "words": look.words,
        "assessment": look.assessment,
        "title": look.title,
        "pack_title": pack_title(look.assessment, look.words),
        "rights": look.rights,
        "day": day_of(look.assessment.computed_at),
        "has_discrimination": look.rights.whole and look.assessment.discrimination is not None,
        "has_analyses": look.rights.whole and bool(look.assessment.analyses),
        "has_areas": look.assessment.is_computed and look.areas.exists(),
    }


def day_of(moment: datetime | None) -> str:
    """The day of a moment where the installation is, as every language reads it."""
    return "" if moment is None else f"{timezone.localtime(moment):%Y-%m-%d}"


def minute_of(moment: datetime | None) -> str:
    """Day and time of a moment where the installation is."""
    return "" if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
