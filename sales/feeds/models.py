"""Live sales: shops that send their orders, and what they have sent."""

import datetime as dt
import secrets
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from accounts.policy import can
from imports.models import Import
from inventory.models import Location, SalesSource
from sales.feeds.orders import OrderState

SECRET_BYTES = 32


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, user: User) -> Self:
        return self if can(user, "import_files") else self.none()

    def live(self) -> Self:
        return self.filter(is_active=True)


class Feed(models.Model):
    """One shop that sends its orders here, each signed with the feed's secret.

    While a secret is being changed, the old one counts as well, until it is dropped.
    """

    class Format(models.TextChoices):
        SHOPIFY = "shopify", "Shopify webhooks"
        GENERIC = "generic", "JSON of your own"

    class Returns(models.TextChoices):
        SHELF = "shelf", "Go back to the shelf"
        LOST = "lost", "Do not go back to the shelf"

    class Unknown(models.TextChoices):
        WAIT = "wait", "Wait until somebody says which product it is"
        CREATE = "create", "Add it to the catalogue"
        IGNORE = "ignore", "Leave the line out"

    name = models.CharField(max_length=120, unique=True)
    format = models.CharField("what it sends", max_length=10, choices=Format)
    source = models.ForeignKey(
        SalesSource, on_delete=models.PROTECT, related_name="feeds"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="feeds"
    )
    returns = models.CharField(
        "returned goods", max_length=5, choices=Returns, default=Returns.SHELF
    )
    unknown_products = models.CharField(
        "a product that is not in the catalogue",
        max_length=6,
        choices=Unknown,
        default=Unknown.WAIT,
    )
    secret = models.CharField(max_length=200, default=new_secret)
    old_secret = models.CharField(max_length=200, blank=True)
    secret_since = models.DateTimeField(db_default=Now())
    is_active = models.BooleanField(default=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that are valid now."""
        return tuple(filter(None, (self.secret, self.old_secret)))

    def roll_secret(self, secret: str = "") -> None:
        """A new secret; the one before still counts until it is dropped."""
        self.old_secret, self.secret = self.secret, secret or new_secret()
        Feed.objects.filter(pk=self.pk).update(
            secret=self.secret, old_secret=self.old_secret, secret_since=Now()
        )

    def drop_old_secret(self) -> bool:
        with_old = Feed.objects.filter(pk=self.pk).exclude(old_secret="")
        return bool(with_old.update(old_secret=""))

    def switch(self, *, on: bool) -> bool:
        """Stop the feed, or let it go on; False where it is so already."""
        rows = Feed.objects.filter(pk=self.pk).exclude(is_active=on)
        return bool(rows.update(is_active=on))

    def take_up_again(self) -> int:
        """Read every remembered order again; what is known is skipped."""
        return self.orders.update(is_due=True)

    def import_options(self) -> dict[str, object]:
        """What was decided for all its rows, as for those of a file."""
        unknown = self.unknown_products
        return {
            "accept_changes": True,
            "returns": self.returns,
            "create_products": unknown == self.Unknown.CREATE,
            "ignore_products": unknown == self.Unknown.IGNORE,
        }


class FeedPlace(models.Model):
    """A location as the shop names it; without one of ours, the feed's own counts."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=120)
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feed_places",
    )

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "code"], name="one_feed_place_per_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} is {self.location or self.feed.location}"


class MessageQuerySet(models.QuerySet["FeedMessage"]):
    def waiting(self) -> Self:
        return self.filter(applied_at=None)

    def with_problem(self) -> Self:
        return self.exclude(problem="")


class FeedMessage(models.Model):
    """What was sent: mapped fields alone, and what became of it."""

    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    received_at = models.DateTimeField(db_default=Now())
    receipt = models.CharField(max_length=120, blank=True)
    body = models.JSONField(default=dict)
    is_test = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        indexes = [
            models.Index(fields=["feed", "received_at"], name="feed_message_heard"),
            models.Index(
                fields=["feed", "id"],
                condition=models.Q(applied_at=None),
                name="feed_message_waiting",
            ),
            models.Index(
                fields=["feed", "received_at"],
                condition=~models.Q(problem=""),
                name="feed_message_problem",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt or f"message {self.pk}"

    @property
    def state(self) -> str:
        """A word of jit_backoffice/words.py."""
        if self.is_test:
            return "test"
        if self.problem:
            return "problem"
        return "read" if self.applied_at else "waiting"


class FeedOrder(models.Model):
    """What all messages together tell of one order."""

    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, related_name="orders", db_index=False
    )
    order = models.CharField(max_length=400)
    state = models.JSONField()
    is_due = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "order"], name="one_feed_order")
        ]
        indexes = [
            models.Index(
                fields=["feed", "id"],
                condition=models.Q(is_due=True),
                name="feed_order_due",
            )
        ]

    def __str__(self) -> str:
        return self.order

    @property
    def known(self) -> OrderState:
        return OrderState.from_json(self.state)


class LiveDay(models.Model):
    """What came in on one day, as an import that can be looked at and undone."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    import_file = models.OneToOneField(
        Import, on_delete=models.CASCADE, related_name="live_day"
    )

    class Meta:
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return day_name(self.feed, self.date)


def day_name(feed: Feed, date: dt.date) -> str:
    return f"{feed.name}, {date:%a} {date.day} {date:%b %Y}"
