"""Shop and locations: where stock lies, whose day ends when, and who sees it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

BEGINNING = dt.date(1970, 1, 1)
MIDNIGHT = dt.time(0, 0)


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            f"“{name}” is not a time zone. Choose one such as Europe/Amsterdam."
        )


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Which day a moment belongs to: until the close, it is still the day before."""

    zone: ZoneInfo
    closes: tuple[tuple[dt.date, dt.time], ...] = ()

    def date_of(self, moment: dt.datetime) -> dt.date:
        return self.date_at(moment.astimezone(self.zone))

    def date_at(self, local: dt.datetime) -> dt.date:
        """The day that the clock on the wall belongs to."""
        day_before = local.date() - dt.timedelta(days=1)
        return day_before if local.time() < self.close_of(day_before) else local.date()

    def close_of(self, date: dt.date) -> dt.time:
        """The close in force on a date; midnight where none is set."""
        times = [time for valid_from, time in self.closes if valid_from <= date]
        return times[-1] if times else dt.time(0, 0)

    def end_of(self, date: dt.date) -> dt.datetime:
        """The moment at which the shop's day is over."""
        next_day = date + dt.timedelta(days=1)
        return dt.datetime.combine(next_day, self.close_of(date), self.zone)


class Shop(models.Model):
    """The business itself: one row."""

    name = models.CharField(max_length=120, default="My shop")
    currency = models.CharField(max_length=3, default="EUR")
    address = models.TextField(blank=True)
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[check_time_zone]
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_shop")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> Self:
        """The shop's row, or one of defaults that is not stored yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class LocationQuerySet(models.QuerySet["Location"]):
    def real(self) -> Self:
        """Stores and warehouses: places that can be counted."""
        return self.filter(kind__in=(Location.Kind.STORE, Location.Kind.WAREHOUSE))

    def visible_to(self, user: User) -> Self:
        if user.sees_all_locations:
            return self.real()
        return self.real().filter(accesses__user=user)

    def virtual(self, kind: "Location.Kind") -> "Location":
        """The one location that stands for all vendors, customers, losses, transit."""
        return self.get_or_create(kind=kind, defaults={"name": kind.label})[0]


@pghistory.track()
class Location(models.Model):
    class Kind(models.TextChoices):
        STORE = "store", "Store"
        WAREHOUSE = "warehouse", "Warehouse"
        VENDOR = "vendor", "Vendors"
        CUSTOMER = "customer", "Customers"
        LOSS = "loss", "Lost and found"
        TRANSIT = "transit", "In transit"

    REAL: ClassVar = (Kind.STORE, Kind.WAREHOUSE)

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STORE)
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[check_time_zone]
    )
    group = models.CharField(
        max_length=60,
        default="all",
        help_text="Locations of one group share the pattern of the year.",
    )
    address = models.TextField(blank=True)
    is_active = models.BooleanField("in use", default=True)

    objects: ClassVar = LocationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=~Q(kind__in=("store", "warehouse")),
                name="one_virtual_location_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def business_days(self) -> BusinessDays:
        closes = sorted((close.valid_from, close.time) for close in self.closes.all())
        return BusinessDays(self.zone, tuple(closes))

    def business_date(self, moment: dt.datetime) -> dt.date:
        """The shop's day a moment belongs to, by time zone and close of day."""
        return self.business_days().date_of(moment)

    def today(self) -> dt.date:
        return self.business_date(timezone.now())


class CloseOfDay(models.Model):
    """Until when a sale after midnight belongs to the day before.

    Dated, so that a change does not rewrite the business dates of the past.
    """

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="closes"
    )
    valid_from = models.DateField(default=BEGINNING)
    time = models.TimeField(default=dt.time(0, 0))

    class Meta:
        ordering = ("valid_from",)
        constraints = [
            models.UniqueConstraint(
                fields=["location", "valid_from"], name="one_close_of_day_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} closes its day at {self.time:%H:%M}"


class LocationAccess(models.Model):
    """A store manager's own location."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="accesses")
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="accesses"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "location"], name="one_access_per_person_and_location"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} works at {self.location}"


@transaction.atomic
def give_access(person: User, *, to: Iterable[Location]) -> None:
    """Make these the person's own locations, and no others."""
    wanted = list(to)
    LocationAccess.objects.filter(user=person).exclude(location__in=wanted).delete()
    LocationAccess.objects.bulk_create(
        [LocationAccess(user=person, location=location) for location in wanted],
        ignore_conflicts=True,
    )


@transaction.atomic
def settle(
    location: Location, *, day_ends_at: dt.time, valid_from: dt.date | None = None
) -> Location:
    """Save a location; its days end so from a date on, or from the beginning."""
    location.save()
    valid_from = valid_from or BEGINNING
    if location.business_days().close_of(valid_from) != day_ends_at:
        CloseOfDay.objects.update_or_create(
            location=location, valid_from=valid_from, defaults={"time": day_ends_at}
        )
    return location


def settle_if_new(location: Location, *, day_ends_at: dt.time = MIDNIGHT) -> None:
    """Save a location, unless somebody else has just created one of its name."""
    try:
        with transaction.atomic():
            settle(location, day_ends_at=day_ends_at)
    except IntegrityError:
        return
