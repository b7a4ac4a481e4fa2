"""A job that runs in the background, as its starter sees it."""

from django.db import models

from touchstone_web.shared.identifiers import PUBLIC_ID_LENGTH, new_public_id


class JobState(models.TextChoices):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(models.Model):
    """One run of a job: what it is about, how far it is, how it ended."""

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    kind = models.CharField(max_length=64)
    about = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=64, blank=True)
    fault = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_by = models.CharField(max_length=PUBLIC_ID_LENGTH)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_run_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def state_key(self) -> str:
        """Key of the text for its state."""
        return f"job.{self.state}"

    @property
    def step_key(self) -> str:
        """Key of the text for its step."""
        return f"step.{self.kind}.{self.step}"

    @property
    def fault_key(self) -> str:
        """Key of the text for a fault that has one; others are shown as they were raised."""
        return f"job.fault.{self.fault}"

    @property
    def is_finished(self) -> bool:
        """Done or failed: nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED}
