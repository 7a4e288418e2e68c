"""A file on its way in: what it is, how far it got, and the rows that wait."""

from django.conf import settings
from django.db import models


class Import(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKED = "checked", "Ready to import"
        IMPORTING = "importing", "Importing"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        UNDONE = "undone", "Undone"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=40, blank=True)
    profile = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    path = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    options = models.JSONField(default=dict)
    detected = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    error = models.TextField(blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_ignored = models.PositiveIntegerField(default=0)
    rows_parked = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name


class HeldRow(models.Model):
    """A parked or rejected row: kept until a person has decided."""

    class State(models.TextChoices):
        PARKED = "parked", "Parked"
        REJECTED = "rejected", "Rejected"

    import_file = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="held_rows"
    )
    row_number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State)
    cause = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    values = models.JSONField()
    key = models.BinaryField(max_length=16, null=True)
    kind = models.CharField(max_length=40)
    profile = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("import_file", "row_number")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "kind", "key"],
                condition=models.Q(state="parked"),
                name="parked_row_stored_once",
            )
        ]

    def __str__(self) -> str:
        return f"Row {self.row_number}: {self.reason}"
