"""People and what they may do; mail that waits in the mailbox of the app."""

from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    MANAGER = "manager", "Store manager"
    BUYER = "buyer", "Buyer"
    ADMIN = "admin", "Admin"


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person who signs in by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    approval_limit = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Highest order total this person may approve. Empty: no limit.",
    )
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approval_limit__isnull=True)
                | models.Q(approval_limit__gte=0),
                name="user_approval_limit_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def sees_all_locations(self) -> bool:
        return self.role != Role.MANAGER

    def may_approve_total(self, total: Decimal) -> bool:
        return self.approval_limit is None or total <= self.approval_limit


class MailboxMessage(models.Model):
    """A mail kept in the app because no SMTP server is set."""

    class Audience(models.TextChoices):
        ACCOUNT = "account", "Account mail"
        VENDOR = "vendor", "Vendor mail"

    audience = models.CharField(
        max_length=10, choices=Audience, default=Audience.ACCOUNT
    )
    message_id = models.CharField(max_length=250, db_index=True)
    sender = models.CharField(max_length=320)
    recipients = models.TextField()
    subject = models.CharField(max_length=998)
    raw = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return self.subject
