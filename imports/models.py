"""A file on its way in: what it is, how far it got, and the rows that wait."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from accounts.models import User
from accounts.policy import can
from imports.kinds import Kind, kind_named


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        return self if can(user, "import_files") else self.none()

    def with_facts(self) -> Self:
        """Those that came in; one that was undone did so before."""
        states = (Import.State.DONE, Import.State.UNDOING, Import.State.UNDONE)
        return self.filter(state__in=states)

    def of_same_file(self, sha256: str) -> Self:
        """Earlier imports of the same bytes that still count."""
        return self.filter(sha256=sha256, state=Import.State.DONE)


class Import(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", "Being read"
        CHECKED = "checked", "Ready to import"
        IMPORTING = "importing", "Importing"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        CANCELLED = "cancelled", "Cancelled"

    class Step(models.TextChoices):
        """Where a person is before anything is written."""

        DETECTED = "detected", "Detected"
        COLUMNS = "columns", "Columns"
        CHECK = "check", "Check"

    NOT_BEGUN: ClassVar = (State.UPLOADED, State.CHECKED)
    OUTCOMES: ClassVar = (
        "new",
        "changed",
        "duplicate",
        "ignored",
        "parked",
        "rejected",
    )

    kind = models.CharField(max_length=40, blank=True)
    profile = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    path = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    step = models.CharField(max_length=10, choices=Step, default=Step.CHECK)
    options = models.JSONField(default=dict)
    detected = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    error = models.TextField(blank=True)
    checks = models.PositiveIntegerField(default=0)
    last_row = models.PositiveIntegerField(default=0)
    merged_to = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_ignored = models.PositiveIntegerField(default=0)
    rows_parked = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_undone = models.PositiveIntegerField(default=0)
    waiting_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later_imports",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_kind(self) -> Kind:
        return kind_named(self.kind)

    @property
    def row_counts(self) -> dict[str, int]:
        return {name: getattr(self, f"rows_{name}") for name in self.OUTCOMES}

    @property
    def page(self) -> str:
        """Name of the page where a person goes on with it."""
        if self.state == self.State.UPLOADED:
            return f"import_{self.step}"
        return "import_check" if self.state == self.State.CHECKED else "import_result"

    @property
    def rows_to_write(self) -> int:
        changed = self.rows_changed if self.options.get("accept_changes") else 0
        return self.rows_new + changed

    @property
    def check_key(self) -> str:
        """Each check is a job of its own: choices made in between change it."""
        return f"{self.pk}-{self.checks}"

    def choose(self, options: dict[str, Any]) -> None:
        """Keep a person's choices; what was checked before holds no longer."""
        self.settle(options=options)

    def settle(self, **fields: Any) -> None:
        """Change how it is read, and let it be checked anew: not once it is begun."""
        Import.objects.filter(pk=self.pk, state__in=self.NOT_BEGUN).update(
            **fields, checks=models.F("checks") + 1, state=self.State.UPLOADED
        )
        self.refresh_from_db()

    @property
    def can_be_undone(self) -> bool:
        stands = self.state in (self.State.DONE, self.State.UNDOING)
        return stands and self.file_kind.can_undo


class FileProfile(models.Model):
    """How files with these names of columns were read, for the next one like them.

    ``columns`` names our columns, each with the name that the file has for it and the
    place where it stood.
    """

    headers_key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=120)
    columns = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, blank=True)
    decimal_mark = models.CharField(max_length=5, blank=True)
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    used_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.source


class HeldRow(models.Model):
    """A row that stays out until a person has decided."""

    class State(models.TextChoices):
        PARKED = "parked", "Parked"
        CHANGED = "changed", "Changed"
        REJECTED = "rejected", "Rejected"

    WAITING: ClassVar = (State.PARKED, State.CHANGED)

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
                condition=models.Q(state__in=["parked", "changed"]),
                name="waiting_row_stored_once",
            )
        ]

    def __str__(self) -> str:
        return f"Row {self.row_number}: {self.reason}"


class ImportedChange(models.Model):
    """What an import did to one record: the values it replaced, and its own.

    Nothing replaced: the import made the record. Undoing gives back what still holds.
    """

    import_file = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="changes"
    )
    table = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    is_undone = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["import_file", "table", "record_id"],
                name="one_change_per_import_and_record",
            )
        ]
        indexes = [models.Index(fields=["table", "record_id"], name="changed_record")]

    def __str__(self) -> str:
        return f"{self.table} {self.record_id} by {self.import_file}"
