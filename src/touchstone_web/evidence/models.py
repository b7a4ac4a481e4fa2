"""Evidence that was frozen, and uploads that wait for a decision."""

from django.conf import settings
from django.db import models

from touchstone_web.people.models import Tree
from touchstone_web.shared.identifiers import PUBLIC_ID_LENGTH, new_public_id


class FrozenSnapshot(models.Model):
    """Evidence as it was frozen: what it holds, where it came from, who froze it and when.

    The rows stand in a file named by `content_hash`; a row of this table is never changed.
    `frozen_by` is None for whoever runs the server itself.
    """

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    pack = models.CharField(max_length=100)
    dataset = models.CharField(max_length=100)
    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, related_name="snapshots")
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    columns = models.JSONField()
    source_name = models.CharField(max_length=200)
    source_size = models.PositiveBigIntegerField()
    source_hash = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tree", "pack", "dataset", "content_hash"], name="one_snapshot_a_content"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Upload(models.Model):
    """A file that was sent and waits for its decision; it goes when it expires.

    Without a `tree` a new one, named `new_tree`, is made when the file is frozen. What the check
    found stands in `findings`: faults of a refused file, a preview of a good one.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        REFUSED = "refused"
        READY = "ready"
        FROZEN = "frozen"

    class UnitsFrom(models.TextChoices):
        FILE = "file"
        TREE = "tree"

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    pack = models.CharField(max_length=100)
    dataset = models.CharField(max_length=100)
    tree = models.ForeignKey(Tree, null=True, on_delete=models.CASCADE, related_name="+")
    new_tree = models.CharField(max_length=200, blank=True)
    units_from = models.CharField(max_length=8, choices=UnitsFrom)
    title = models.CharField(max_length=200)
    source_name = models.CharField(max_length=200)
    source_size = models.PositiveBigIntegerField()
    source_hash = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    findings = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    snapshot = models.ForeignKey(
        FrozenSnapshot, null=True, on_delete=models.PROTECT, related_name="uploads"
    )

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.source_name
