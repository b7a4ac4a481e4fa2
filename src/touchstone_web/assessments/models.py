"""Assessments and their results, as pages show them.

The complete record of an assessment is its folder of files, which `touchstone verify` checks.
The rows here repeat it in a form that can be sorted, filtered and cut to a remit.
"""

from django.db import models

from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.people.models import Person, Tree, Unit, public_id_field
from touchstone_web.shared.models import JobRun, JobState

# Exact on both databases: SQLite keeps decimals of up to 15 digits without loss.
MOST_DIGITS = 15
MOST_PLACES = 6


class FigureField(models.DecimalField):
    """A published figure; None where it is withheld."""

    def __init__(self, **options: object) -> None:
        fixed = {"max_digits": MOST_DIGITS, "decimal_places": MOST_PLACES, "null": True}
        super().__init__(**{**options, **fixed})


def actor_field() -> models.ForeignKey:
    """Who did it; None while nobody has, or for whoever runs the server itself."""
    return models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")


class Assessment(models.Model):
    """One scheme applied to one frozen snapshot.

    A background job computes it; until `computed_at` is set, `job` says how far it is. The results
    never change after that. `scheme` is the scheme as it was then, and `recipe` all that decides
    the results besides the evidence, whatever becomes of the pack. `quotas` tell how the scheme's
    quotas were used, `discrimination` how far it tells units apart, `analyses` what
    else the evidence tells, in words of each language. `wave` is the round of answers
    that it is published as; `refusal` what spoke against publishing it the last time it was asked.
    """

    public_id = public_id_field()
    snapshot = models.ForeignKey(
        FrozenSnapshot, on_delete=models.PROTECT, related_name="assessments"
    )
    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, related_name="assessments")
    pack = models.CharField(max_length=100)
    pack_version = models.PositiveIntegerField()
    pack_hash = models.CharField(max_length=64)
    about = models.CharField(max_length=16)
    scheme_name = models.CharField(max_length=100)
    scheme = models.JSONField()
    recipe = models.JSONField()
    scheme_hash = models.CharField(max_length=64)
    engine = models.CharField(max_length=16)
    job = models.ForeignKey(JobRun, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_by = actor_field()
    requested_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    tallies_hash = models.CharField(max_length=64, blank=True)
    results_hash = models.CharField(max_length=64, blank=True)
    manifest_hash = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(default=dict)
    units = models.PositiveIntegerField(default=0)
    graded = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    grades = models.JSONField(default=dict)
    unexplained = models.JSONField(null=True)
    quotas = models.JSONField(default=list)
    discrimination = models.JSONField(null=True)
    analyses = models.JSONField(default=dict)
    signed_off_by = actor_field()
    signed_off_at = models.DateTimeField(null=True)
    published_by = actor_field()
    published_at = models.DateTimeField(null=True)
    wave = models.CharField(max_length=100, blank=True)
    refusal = models.JSONField(null=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["tree", "requested_at"], name="assessment_by_tree"),
            models.Index(fields=["published_at"], name="assessment_by_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.scheme_name}"

    @property
    def is_computed(self) -> bool:
        """There are results to show."""
        return self.computed_at is not None

    @property
    def is_failed(self) -> bool:
        """The job ended without results."""
        return not self.is_computed and (self.job is None or self.job.state == JobState.FAILED)

    @property
    def is_about_persons(self) -> bool:
        """The assessed units are persons, whose results are never published."""
        return self.about == "persons"

    @property
    def places(self) -> int:
        """Decimal places of the published figures."""
        return int(self.scheme.get("places", 2))


class UnitResult(models.Model):
    """What an assessment says of one unit.

    `position` counts the units by score, highest first, withheld ones last. `group_key` is equal
    for units of one comparison group. `history` holds pairs of period and value, `probabilities`
    the method and pairs of grade and probability; None where there are none. `beside` is what the
    scheme beside says of the unit, `gained` the places it wins here over there; None without.
    """

    class Status(models.TextChoices):
        GRADED = "graded"
        UNDECIDED = "undecided"
        WITHHELD = "withheld"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="results")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="results")
    identifier = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    position = models.PositiveIntegerField()
    n = models.PositiveBigIntegerField(null=True)
    score = FigureField()
    low = FigureField()
    high = FigureField()
    rank_low = models.PositiveIntegerField(null=True)
    rank_high = models.PositiveIntegerField(null=True)
    grade = models.CharField(max_length=80, blank=True)
    grade_order = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices)
    because = models.JSONField()
    method = models.CharField(max_length=40)
    group = models.JSONField(default=list)
    group_key = models.CharField(max_length=300, blank=True)
    parts = models.JSONField(default=list)
    probabilities = models.JSONField(null=True)
    history = models.JSONField(default=list)
    beside = models.JSONField(null=True)
    gained = models.IntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "unit"], name="one_result_a_unit"),
            models.UniqueConstraint(fields=["assessment", "position"], name="one_result_a_place"),
        ]
        indexes = [
            models.Index(fields=["assessment", "name", "position"], name="result_name"),
            models.Index(fields=["assessment", "identifier", "position"], name="result_identifier"),
            models.Index(fields=["assessment", "score", "position"], name="result_score"),
            models.Index(fields=["assessment", "rank_low", "position"], name="result_place"),
            models.Index(fields=["assessment", "n", "position"], name="result_n"),
            models.Index(
                fields=["assessment", "grade_order", "position"], name="result_grade_order"
            ),
            models.Index(fields=["assessment", "grade", "position"], name="result_grade"),
            models.Index(fields=["assessment", "status", "position"], name="result_status"),
            models.Index(fields=["assessment", "group_key", "position"], name="result_group"),
            models.Index(fields=["assessment", "gained", "position"], name="result_gained"),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.name}"


class AreaMean(models.Model):
    """The mean score of the units in one node of the tree, as a census and as draws.

    `low` and `high` belong to the mean with units seen as draws; where that is withheld,
    `withheld` holds the reason.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="areas")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="area_means")
    level = models.CharField(max_length=80)
    identifier = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    n = models.PositiveIntegerField()
    census = FigureField()
    low = FigureField()
    high = FigureField()
    withheld = models.JSONField(null=True)

    class Meta:
        ordering = ["level", "-census", "name"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "unit"], name="one_mean_an_area"),
        ]
        indexes = [models.Index(fields=["assessment", "level", "census"], name="area_level_mean")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.name}"


class Recomputation(models.Model):
    """One repeat of an assessment from its frozen snapshot, and what it showed.

    `difference` names the first thing that differed, as keys of texts; empty when all was equal.
    """

    public_id = public_id_field()
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="recomputations"
    )
    job = models.ForeignKey(JobRun, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_by = actor_field()
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_equal = models.BooleanField(null=True)
    difference = models.JSONField(default=dict)

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assessment} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def is_failed(self) -> bool:
        """The job ended without an answer."""
        is_lost = self.job is None or self.job.state == JobState.FAILED
        return self.finished_at is None and is_lost

    @property
    def is_under_way(self) -> bool:
        """The job has yet to end."""
        return self.finished_at is None and not self.is_failed


class ReleaseLedger(models.Model):
    """All that was released so far about one population of a tree.

    `salt` keys the prints by which people of several releases are compared.
    """

    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, related_name="release_ledgers")
    population = models.CharField(max_length=201)
    salt = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tree", "population"], name="one_release_ledger_a_population"
            )
        ]

    def __str__(self) -> str:
        return self.population


class ReleaseEntry(models.Model):
    """One release as a line of its ledger; it holds the hash of the line before, and never changes.

    `line_hash` stands in the journal, so that nothing can be taken out later.
    """

    ledger = models.ForeignKey(ReleaseLedger, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="release_entry"
    )
    line = models.TextField()
    line_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "number"], name="one_release_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.number}"
