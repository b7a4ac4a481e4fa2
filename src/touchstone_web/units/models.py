"""A file of units that was sent and waits for its decision. Units and trees stand in people."""

from django.conf import settings
from django.db import models

from touchstone_web.people.models import Tree
from touchstone_web.shared.identifiers import PUBLIC_ID_LENGTH, new_public_id


class TreeUpload(models.Model):
    """A file of units; it goes when it expires.

    Without a `tree` a new one, named `new_tree`, is made when the file is imported. What the
    check found stands in `findings`: the faults of a refused file.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        REFUSED = "refused"
        READY = "ready"
        IMPORTED = "imported"

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    tree = models.ForeignKey(Tree, null=True, on_delete=models.CASCADE, related_name="+")
    new_tree = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=100, blank=True)
    closes_missing = models.BooleanField(default=False)
    source_name = models.CharField(max_length=200)
    source_size = models.PositiveBigIntegerField()
    source_hash = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tree_uploads"
    )
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    findings = models.JSONField(default=dict)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.source_name
