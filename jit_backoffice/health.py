"""Is everything alive? What the status page and the dashboard read."""

import datetime as dt
import shutil
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from forecasting import runs
from forecasting.models import PlanRun
from inventory.models import Alert, Location
from jobs import pulse
from jobs.models import Job
from purchasing.alerting import DIFFERENCE
from purchasing.models import OutboxMessage
from sales.feeds import watching
from sales.models import DailySales, Feed

SILENT_AFTER = dt.timedelta(minutes=3)
NIGHTLY_GRACE = runs.MARGIN + dt.timedelta(hours=1)
MAIL_GRACE = dt.timedelta(minutes=15)
LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the machinery: whether it is well, in a sentence."""

    name: str
    is_well: bool
    sentence: str

    @property
    def state(self) -> str:
        return "well" if self.is_well else "problem"


def checks() -> list[Check]:
    return [
        heard("Background work", "canary"),
        heard("Clock", "tick"),
        *nightly_runs(),
        vendor_mail(),
        *live_sales(),
        background_jobs(),
        stock_record(),
        disk(),
    ]


def problems() -> list[Check]:
    """What somebody has to look at; the dashboard shows these."""
    return [check for check in checks() if not check.is_well]


def heard(name: str, signal: str) -> Check:
    """Beat and the workers give a sign of life each minute."""
    age = pulse.age(signal)
    if age is None:
        return Check(name, False, "Has not run yet.")
    if age > SILENT_AFTER:
        return Check(name, False, f"Silent for {in_words(age)}.")
    return Check(name, True, f"Heard {in_words(age)} ago.")


def nightly_runs() -> list[Check]:
    """One check per time zone: the last closed day has its run within an hour."""
    zones: dict[str, list[Location]] = defaultdict(list)
    locations = Location.objects.real().filter(is_active=True)
    for location in locations.prefetch_related("closes"):
        zones[location.time_zone].append(location)
    return [nightly_run(zone, places) for zone, places in sorted(zones.items())]


def nightly_run(zone: str, places: list[Location]) -> Check:
    name = f"Nightly run, {zone}"
    if not DailySales.objects.filter(location__in=places).exists():
        return Check(name, True, "No sales yet.")
    done = Q(state=PlanRun.State.DONE)
    ran = PlanRun.objects.filter(done, time_zone=zone).order_by("-business_date")
    last = ran.values_list("business_date", flat=True).first()
    due = last_day_due(places, timezone.now())
    if last is None:
        return Check(name, False, f"Has not run yet; due for {due:%-d %b}.")
    if last < due:
        return Check(name, False, f"Ran for {last:%-d %b}; {due:%-d %b} is missing.")
    return Check(name, True, f"Ran for {last:%-d %b}.")


def last_day_due(places: list[Location], now: dt.datetime) -> dt.date:
    """The last day of which the run was due more than an hour ago."""
    then = now - NIGHTLY_GRACE
    return min(place.business_date(then) for place in places) - dt.timedelta(days=1)


def vendor_mail() -> Check:
    name = "Mail to vendors"
    messages = OutboxMessage.objects
    uncertain = messages.filter(state=OutboxMessage.State.UNCERTAIN).count()
    if uncertain:
        return Check(name, False, f"{uncertain} may not have arrived.")
    waiting = messages.filter(state=OutboxMessage.State.WAITING)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    if oldest is None:
        return Check(name, True, "Nothing waits.")
    age = timezone.now() - oldest
    return Check(
        name, age < MAIL_GRACE, f"{waiting.count()} waiting, for {in_words(age)}."
    )


def live_sales() -> list[Check]:
    """One check per feed: a shop that stops sending is missed within a day or so."""
    feeds = Feed.objects.live()
    return [live_feed(sign) for sign in watching.signs(feeds)]


def live_feed(sign: watching.Sign) -> Check:
    name = f"Live sales, {sign.feed}"
    if sign.state == "new":
        return Check(name, True, "Nothing was sent yet.")
    if sign.heard_at is None:
        return Check(name, False, "Nothing was ever sent. Look at the feed.")
    age = in_words(timezone.now() - sign.heard_at)
    if sign.state == "silent":
        return Check(
            name, False, f"Nothing for {age}. Look at the feed, or import a file."
        )
    return Check(name, True, f"Heard {age} ago.")


def background_jobs() -> Check:
    name = "Imports and other long work"
    since = Now() - dt.timedelta(days=1)
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gt=since).count()
    stalled = Job.objects.stalled().count()
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    sentence = f"{waiting} waiting, {stalled} stalled, {failed} failed since yesterday."
    return Check(name, not stalled and not failed, sentence)


def stock_record() -> Check:
    """The nightly reconciliation raises an alert per level that differs."""
    name = "Stock against its facts"
    found = Alert.objects.still_open().filter(kind=DIFFERENCE).count()
    return Check(name, not found, f"{found} differences in the last reconciliation.")


def disk() -> Check:
    free = shutil.disk_usage(settings.HOME).free
    return Check("Disk", free > LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GB free.")


def in_words(age: dt.timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
