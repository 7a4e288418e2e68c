"""Long work as rows: the queue carries their ids and nothing else."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Role, User
from jobs.kinds import title_of


class JobQuerySet(models.QuerySet["Job"]):
    LEASE_RAN_OUT = models.Q(state="running", lease_until__lt=Now())

    def visible_to(self, user: User) -> Self:
        """An admin sees all; others their own and what the app started by itself."""
        if user.role == Role.ADMIN:
            return self
        return self.filter(
            models.Q(created_by=user) | models.Q(created_by__isnull=True)
        )

    def managed_by(self, user: User) -> Self:
        """Those that this person may stop or start again."""
        return self if user.role == Role.ADMIN else self.filter(created_by=user)

    def claimable(self) -> Self:
        """Due and held by nobody, or by a worker that has gone.

        Plain conditions on the row, no subquery: an UPDATE that waited for another
        worker's claim must see that claim.
        """
        due = models.Q(state=Job.State.WAITING) & (
            models.Q(not_before__isnull=True) | models.Q(not_before__lte=Now())
        )
        return self.filter(due | self.LEASE_RAN_OUT)

    def stalled(self) -> Self:
        return self.filter(self.LEASE_RAN_OUT)


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    FINISHED: ClassVar[frozenset[str]] = frozenset(
        {State.DONE, State.FAILED, State.CANCELLED}
    )

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_job_per_key"),
        ]
        indexes = [
            models.Index(
                fields=["state", "queued_at"],
                name="open_jobs",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.key}"

    @property
    def title(self) -> str:
        return title_of(self.kind)

    @property
    def is_finished(self) -> bool:
        return self.state in self.FINISHED

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        if not self.progress_total:
            return 0
        return min(99, 100 * self.progress_done // self.progress_total)

    @property
    def is_stalled(self) -> bool:
        """Its worker has gone; the sweeper will find it."""
        lease = self.lease_until
        running = self.state == self.State.RUNNING
        return running and lease is not None and lease < timezone.now()

    @property
    def last_error(self) -> str:
        """The line that says what was wrong."""
        return self.error.strip().rsplit("\n", 1)[-1]


class Pulse(models.Model):
    """When a part of the machinery was last seen alive."""

    name = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at:%Y-%m-%d %H:%M:%S}"
